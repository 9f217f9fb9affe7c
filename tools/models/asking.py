"""Put one question to one or two readers and say what came of it, in sentences and records.

What a reader says is quoted and named as its own. Where it is not whole, comes from random weights, differs
from another reader's, or is not repeated by the reader itself, the sentences say so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from store.errors import CaseError, SetupError
from store.records import Fact, Finding, Measurement, Record
from tools.language.questions import form_of
from tools.models.agreement import Agreement, agreement, answer_of
from tools.models.installed_readers import Readers, Said
from tools.models.systems.reading import Request, Sampling

DRAWN = 0.7
"""Temperature of further answers. Source: Wang et al. 2023, Self-Consistency Improves Chain of Thought."""

SOURCE = "Wang et al. 2023, Self-Consistency"
DEFINITION = "share of further answers, drawn at random from the same reader, that come to the same"
CAUTION = (
    "How far the reader agrees with itself; not how likely it is to be right, which nobody has measured."
)
_NOT_WHOLE = {
    "length": "Its answer reached the limit of {tokens} tokens and breaks off there.",
    "stopped": "It was stopped before its answer was complete.",
    "time": "Its time was up before its answer was complete.",
    "loop": "It began to repeat itself and was ended, so its words may mean little.",
    "empty": "It was asked and gave no words. Other words may help.",
}


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        request: picture, the user's words, and how to answer.
        image_id: as the chat calls the picture.
        samples: further answers to draw, to see whether the reader agrees with itself; 0 for none.
        until: when all must be done, on the clock of `time.monotonic`.
    """

    request: Request
    image_id: str
    samples: int = 0
    until: float = math.inf


@dataclass(frozen=True)
class Answered:
    """What came of it: sentences, records, and who spoke with which revision."""

    content: str
    records: tuple[Record, ...]
    model: str
    revision: str


Tell = Callable[[str], None]

# What is left of “please describe this image for me” without these asks for nothing in particular.
_GENERAL = re.compile(
    r"\b(?:please|describe|read|analy[sz]e|interpret|assess|look|at|what|do|can|could|you|see|tell|me|about|show|"
    r"shows?|does|is|this|that|it|the|a|an|in|of|on|and|for|image|picture|photo|photograph|skin|lesion|img)\b|[-\d]",
    re.I,
)


@dataclass(frozen=True)
class _Heard:
    """One reader's answer with its further ones. `agreed` is None when none were drawn."""

    said: Said
    agreed: Agreement | None
    others: tuple[str, ...]
    threshold: float

    @property
    def abstains(self) -> bool:
        """Whether the reader does not stand by its answer."""
        share = self.agreed.share if self.agreed else None
        return share is not None and share < self.threshold

    @property
    def text(self) -> str:
        """The answer, or nothing when the reader does not stand by it."""
        return "" if self.abstains else self.said.reading.text


def ask_readers(
    readers: Readers,
    names: Sequence[str],
    question: Question,
    *,
    begin: Callable[[str], Tell] = lambda _: lambda _: None,
    on_wait: Tell = lambda _: None,
) -> Answered:
    """Ask each of `names` the same question, one after the other.

    Args:
        readers: those that are set up.
        names: whom to ask, at least one.
        question: what is asked.
        begin: told a reader's name when it begins; gives back what takes the pieces of its text.
        on_wait: told in words what is being waited for.

    Raises:
        CaseError: no reader can be asked this.
        SetupError: no reader can run.
    """
    heard: list[_Heard] = []
    failed: list[CaseError | SetupError] = []
    missed: list[str] = []
    for name in names:
        try:
            one = _hear(readers, name, question, begin, on_wait)
        except (CaseError, SetupError) as error:
            failed.append(error)
            missed.append(f"{name} could not be asked: {error}")
            continue
        if one is None:
            missed.append(f"{name} was not asked: the turn ended while other chats were using the device.")
        else:
            heard.append(one)
    if failed and not heard:
        raise failed[0]
    parts = [_sentences(one, question) for one in heard] + missed
    if len(heard) > 1:
        parts.append(_compared(heard, question.request.question))
    return Answered(
        content="\n\n".join(parts),
        records=tuple(record for one in heard for record in _records(one, question)),
        model=" and ".join(one.said.system.name for one in heard) or "none",
        revision=" and ".join(one.said.revision for one in heard) or "none",
    )


def is_general(question: str) -> bool:
    """Whether a question only asks to describe the picture, and names nothing to look for."""
    return re.search(r"\w", _GENERAL.sub(" ", question)) is None


def _hear(
    readers: Readers, name: str, question: Question, begin: Callable[[str], Tell], on_wait: Tell
) -> _Heard | None:
    """One reader's answer; None when the turn ended before it was asked."""
    system = readers.require(name)
    general = is_general(question.request.question)
    template = "staged" if general and "staged" in system.templates else None
    request = replace(question.request, sampling=system.sampling, template=template)
    # An answer that the reader may not stand by is not shown while it is being written.
    first = replace(request, on_text=None if question.samples else begin(name))
    said = readers.read(name, first, until=question.until, on_wait=on_wait)
    if said is None:
        return None
    if not question.samples or said.reading.ending != "complete":
        return _Heard(said, None, (), 0)
    others: list[str] = []
    for seed in range(1, question.samples + 1):
        on_wait(f"Asking {name} again, {seed} of {question.samples}")
        drawn = Sampling(system.sampling.max_new_tokens, temperature=DRAWN, seed=seed)
        again = readers.read(name, replace(request, sampling=drawn), until=question.until, on_wait=on_wait)
        if again is None or again.reading.ending in ("stopped", "time"):
            break
        others.append(again.reading.text)
    agreed = agreement(question.request.question, said.reading.text, others)
    return _Heard(said, agreed, tuple(others), readers.settings.agreement)


def _sentences(one: _Heard, question: Question) -> str:
    said, reading, image_id = one.said, one.said.reading, question.image_id
    parts = []
    if one.abstains:
        parts.append(f"{said.who} gives no answer about {image_id}.")
    elif reading.text:
        parts.append(f"{said.who} says of {image_id}: “{reading.text}”")
    else:
        parts.append(f"{said.who} said nothing of {image_id}.")
    if reading.ending != "complete":
        parts.append(_NOT_WHOLE[reading.ending].format(tokens=reading.tokens))
    if one.agreed is not None:
        parts.append(_agreed(one, one.agreed))
    elif question.samples:
        parts.append("So it was not asked again, and whether it agrees with itself is unknown.")
    return " ".join(parts)


def _agreed(one: _Heard, agreed: Agreement) -> str:
    if not agreed.samples:
        return "No further answer was drawn before the turn ended, so its agreement with itself is unknown."
    if agreed.share is None:
        return (
            f"Asked {agreed.samples} more times it gave the answers in the evidence; they are free text, "
            "which Casebook does not score."
        )
    counted = f"{agreed.same} of {agreed.samples} further answers come to the same"
    if one.abstains:
        return (
            f"It does not agree with itself: {counted} as its first, and {one.threshold:.0%} are asked for."
        )
    return f"It agrees with itself: {counted}. This is not how likely it is to be right."


def _compared(heard: Sequence[_Heard], question: str) -> str:
    form = form_of(question)
    answers = [answer_of(one.text, form) for one in heard]
    names = [one.said.system.name for one in heard]
    if any(answer is None for answer in answers):
        return "Whether they agree cannot be told by rule; both are quoted in full."
    said = " and ".join(f"{name} “{answer}”" for name, answer in zip(names, answers, strict=True))
    if len(set(answers)) == 1:
        return f"Both come to the same: “{answers[0]}”. They may be wrong together."
    return f"The readers differ: {said}. Nothing here decides between them."


def _records(one: _Heard, question: Question) -> list[Record]:
    image_id, said = question.image_id, one.said
    name, reading = said.system.name, said.reading
    records: list[Record] = []
    label = answer_of(reading.text, form_of(question.request.question)) or "reading"
    if one.text:
        records.append(Finding(image_id=image_id, label=label, text=reading.text, model=name))
    if one.agreed is not None and one.agreed.share is not None:
        records.append(_measured(one.agreed, image_id, name))
    facts = {
        "question": question.request.question or "none; the card's own question was put",
        "prompt": reading.prompt,
        "template": reading.template,
        "revision": said.revision,
        "ran on": said.where,
        "ended": f"{reading.ending}, after {reading.tokens} tokens",
        "picture": "remembered from before" if reading.reused else "looked at anew",
    }
    if said.stand_in:
        facts["weights"] = "random: a stand-in whose words mean nothing"
    if said.system.english_only:
        facts["language"] = "English only, as its card says"
    if one.abstains:
        facts["answer not given"] = reading.text
    facts |= {f"further answer {n}": text or "(empty)" for n, text in enumerate(one.others, start=1)}
    records += [Fact(image_id=image_id, name=f"{name}: {key}", value=value) for key, value in facts.items()]
    return records


def _measured(agreed: Agreement, image_id: str, name: str) -> Measurement:
    share = agreed.share or 0.0
    return Measurement(
        image_id=image_id,
        name=f"agreement of {name} with itself",
        value=100 * share,
        unit="%",
        text=f"{agreed.same} of {agreed.samples} further answers come to the same.",
        definition=DEFINITION,
        source=SOURCE,
        caution=CAUTION,
    )
