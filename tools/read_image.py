"""`read_radiograph` and `read_skin_image`: a reading model's own words about an image.

The reader gets the picture and the user's question. Its words are quoted, never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from store.errors import CaseError, ToolUseError
from store.records import Domain, Modality
from tools.cards import Card
from tools.context import CaseTool, ChatImage, ToolTurn, case_tool, evidence
from tools.language.retold import retell
from tools.language.sayings import in_a_row, say
from tools.models.asking import Question, ask_readers
from tools.models.installed_readers import TOOLS, Readers
from tools.models.systems.cards import READERS, SYSTEMS
from tools.models.systems.reading import Request

MOST_SAMPLES = 20
"""Most further answers that one call may draw. Ours: the share changes little beyond, the wait does not."""

KINDS: dict[Domain, str] = {"radiology": "radiology image", "dermatology": "skin image"}
_EXAMPLE: dict[Domain, str] = {"radiology": "a radiograph", "dermatology": "dermoscopy"}


def _card(domain: Domain) -> Card:
    systems = [SYSTEMS[name] for name in READERS[domain]]
    names = " or ".join(system.name for system in systems)
    taken = {code for system in systems for code in system.modalities}
    return Card(
        name=f"reader of {KINDS[domain]}s",
        checkpoint=" or ".join(system.checkpoint for system in systems),
        revision="named by each answer",
        modalities=tuple(code for code in get_args(Modality) if code in taken),
        input_contract="(H, W, 3) uint8 RGB and a question in English",
        labels=(),
        licence="; ".join(f"{system.name}: {system.licence}" for system in systems),
        intended_use=f"Let a reading model ({names}, if set up) answer a question about a {KINDS[domain]}.",
        limits=(
            "It writes fluent text that may be wrong, and no accuracy is published.",
            *dict.fromkeys(limit for system in systems for limit in system.limits),
        ),
        # Which reader spoke is known only afterwards; its own disclaimers come with its answer.
        disclaimers=("What a reading model says of an image may be invented, however sure it sounds.",),
        source="; ".join(system.source for system in systems),
    )


CARDS: dict[str, Card] = {TOOLS[domain]: _card(domain) for domain in KINDS}


def build_reading_tools(readers: Readers) -> list[CaseTool]:
    """A reading tool for every domain that has a reader set up, for agents with a `CaseContext`."""
    return [build_reading_tool(readers, domain) for domain in KINDS if readers.set_up(domain)]


def build_reading_tool(readers: Readers, domain: Domain) -> CaseTool:
    """The tool for the images of one domain, whether a reader of them is set up yet or not."""

    def read(
        image_id: str,
        question: str,
        runtime: ToolTurn,
        second_opinion: bool = False,
        samples: int = 0,
    ) -> tuple[str, dict[str, Any]]:
        """Ask a reading model what a $kind shows. Quote its words as its own; they may be wrong.

        Args:
            image_id: the image, such as img-1.
            question: the user's own question, in English.
            runtime: given by the loop.
            second_opinion: ask every reader there is, and compare.
            samples: further answers to draw when asked how sure the reader is, such as 5.
        """
        wish = _Wish(image_id, question, second_opinion, samples)
        return _read(readers, domain, wish, runtime)

    read.__doc__ = str(read.__doc__).replace("$kind", KINDS[domain])
    made = case_tool(read, TOOLS[domain])
    made.metadata["reads"] = domain
    return made


@dataclass(frozen=True)
class _Wish:
    """The arguments of a call."""

    image_id: str
    question: str
    second_opinion: bool
    samples: int


def _read(readers: Readers, domain: Domain, wish: _Wish, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
    context = runtime.context
    image = context.images.get(wish.image_id)
    names, lone = _whom(readers, domain, image, context.reader, wish.second_opinion)
    warning = _warning(image, names, context.reader) if image.gate.domain == "unknown" else ""
    asked = Question(
        request=Request(
            pixels=image.image.pixels,
            image_key=image.key,
            question=wish.question.strip(),
            timeout_s=readers.settings.timeout_s,
            cancelled=context.cancelled,
            asker=context.chat_id,
        ),
        image_id=image.id,
        samples=min(max(wish.samples, readers.settings.samples), MOST_SAMPLES),
        until=context.until,
    )
    emit = runtime.stream_writer
    try:
        answered = ask_readers(
            readers,
            names,
            asked,
            begin=lambda name: _pieces(emit, image.id, name, retell(warning, context.language)),
            on_wait=lambda words: emit({"kind": "waits", "text": words}),
        )
    except CaseError as error:  # the model can ask in other words
        raise ToolUseError(str(error)) from error
    content = "\n\n".join(part for part in (warning, answered.content, lone) if part)
    records = list(answered.records)
    return evidence(content, records, image_id=image.id, model=answered.model, revision=answered.revision)


def _whom(
    readers: Readers, domain: Domain, image: ChatImage, forced: str | None, second_opinion: bool
) -> tuple[tuple[str, ...], str]:
    """Which readers to ask, and a sentence on those who cannot be.

    Raises:
        ToolUseError: the image is not of the readers' kind, or none of them is set up. One whose kind
            nobody can tell is read by the reader that the user names, and else if it leans to the kind.
    """
    by_name = forced in READERS[domain] and image.gate.domain == "unknown"
    if image.gate.domain != domain and not by_name and image.gate.leans != domain:
        raise ToolUseError(
            f"{image.id} is not known to be a {KINDS[domain]}, so no reader of such images was asked. "
            f'If it is one, say so: "treat {image.id} as {_EXAMPLE[domain]}".'
        )
    there = readers.set_up(domain)
    if forced is not None and forced not in READERS[domain]:
        raise ToolUseError(
            f"{forced} reads {KINDS[SYSTEMS[forced].domain]}s, and {image.id} is a {KINDS[domain]}. "
            "Name another image or another reader."
        )
    if not there:
        raise ToolUseError(f"No reader of {KINDS[domain]}s is set up any more. See `casebook models list`.")
    if not second_opinion:
        return ((forced,) if forced else there[:1]), ""
    ordered = tuple(dict.fromkeys((*((forced,) if forced else ()), *there)))
    absent = [name for name in READERS[domain] if name not in there]
    if len(ordered) > 1:
        return ordered, ""
    get = f" Get another with: casebook models pull {absent[0]}" if absent else ""
    return ordered, f"{ordered[0]} is the only reader of {KINDS[domain]}s that is set up.{get}"


def _warning(image: ChatImage, names: tuple[str, ...], forced: str | None) -> str:
    """That nothing tells what an image is, and why it is read all the same."""
    if forced:
        return say("tools.asked_by_name", image=image.id, reader=forced)
    return say("tools.asked_all_the_same", image=image.id, readers=in_a_row(names), same=image.id)


def _pieces(
    emit: Callable[[dict[str, Any]], None], image_id: str, name: str, warning: str
) -> Callable[[str], None]:
    """Puts the pieces of one reader's text on the custom stream, the first one marked, after any warning."""

    def put(piece: str, *, first: bool = False) -> None:
        emit({"kind": "reader text", "image_id": image_id, "reader": name, "text": piece, "first": first})

    put("", first=True)
    if warning:
        put(f"{warning}\n\n")
    return put
