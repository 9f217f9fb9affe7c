"""`find_similar_cases`: the look-alikes of an image in the user's own case library.

The label of a look-alike is its own, not the image's. Labels are counted, never turned into a score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from store.cases.library import CaseFilter, CollectionInfo, Library, SearchResult
from store.cases.names import is_imported
from store.cases.quality import NEAREST
from store.cases.shelf import quality_sentence
from store.errors import ToolUseError
from store.pictures.image import Pixels
from store.records import MODALITY_WORDS, Fact, Gate, Modality, Neighbours, Record
from tools.cards import Card
from tools.context import CaseTool, ToolTurn, case_tool, evidence
from tools.language.label_names import alike_labels
from tools.language.library import number_in
from tools.language.sayings import say
from tools.look_alikes.learned_vectors import LearnedVectors
from tools.look_alikes.which_collection import choose, is_built_in

if TYPE_CHECKING:
    from tools.models.installed_encoders import Encoders

CARD = Card(
    name="case library",
    checkpoint="built in",
    revision="1",
    modalities=get_args(Modality),
    input_contract="the shown picture or slice, (H, W, 3) uint8; skin and grey pictures have an encoder "
    "each, and learned ones where the library was encoded by them",
    labels=(),
    licence="Apache-2.0; every case keeps the licence of its source",
    intended_use="Find the cases of the user's own library that look most like an image, with their labels.",
    limits=(
        "Look-alikes share colour, texture and shape, and also camera, view, rulers and pen marks; they "
        "need not share a diagnosis.",
        "The encoders describe the whole picture; a small finding hardly changes what is found.",
        "It finds only what was imported, with the labels it was imported with.",
    ),
    disclaimers=(
        "Similar cases are look-alikes from this library, not diagnoses: how often a label appears among "
        "them is not how likely it is.",
    ),
    source="store/encoders; measured by tests/bench/encoders.py",
)

# Ours: a picture saved again as JPEG or at another size stays above it.
_SAME_PICTURE = 0.98

# Ours: more look-alikes than that nobody compares by eye.
_MOST = 20

# Words that announce a choice among the cases, and what they choose: "only melanoma", "licence CC0".
_CHOICE = re.compile(r"\b(?:only|licen[cs]ed?)\b(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class _Sought:
    """Among which cases it is looked, and for how many."""

    where: CaseFilter | None
    k: int

    @property
    def args(self) -> dict[str, Any]:
        """What a search is told of it."""
        return {"where": self.where, "k": self.k}


@dataclass(frozen=True)
class CaseFinder:
    """Looks an image up in a library.

    Args:
        library: the user's case library.
        learned: describes pictures by learned encoders.
    """

    library: Library
    learned: LearnedVectors = field(default_factory=LearnedVectors)

    def find(
        self, pixels: Pixels, gate: Gate, image_id: str, question: str = ""
    ) -> tuple[str, list[Record], str]:
        """Find look-alikes.

        Args:
            pixels: ``(H, W, 3)`` uint8.
            gate: what the image is; its domain chooses among the collections.
            image_id: as the chat calls it.
            question: may name a collection or an encoder, and how many cases; "only melanoma" or
                "licence CC0" in it chooses among them.

        Returns:
            Sentences, records (Neighbours, then Match nearest first), and the encoder's name with version.

        Raises:
            ToolUseError: neither a radiology nor a skin picture, or no cases of its kind, or none that fit.
        """
        infos = self._collections(gate, image_id)
        order = choose(question, infos)
        notes = list(order.notes)
        for info in order.infos:
            where, choice = _chosen(question, info)
            try:
                result, note = self._search(
                    pixels, gate, info, _Sought(where, _wished(question)), len(infos) > 1
                )
            except ToolUseError as error:
                notes.append(f"The collection {info.name} was not searched: {error}")
                continue
            if not result.matches:
                raise ToolUseError(f"The case library has no other case to compare {image_id} with{choice}.")
            more = f"Not searched: {', '.join(order.others)}; name one to search it." if order.others else ""
            note = " ".join(part for part in (*notes, note, more) if part)
            records = _records(result, image_id, note)
            return _sentences(result, image_id, info, choice, note), records, info.encoder
        raise ToolUseError(" ".join(notes))

    def _search(
        self, pixels: Pixels, gate: Gate, info: CollectionInfo, sought: _Sought, others: bool
    ) -> tuple[SearchResult, str]:
        """Search one collection; with it, sentences on how it was compared."""
        if is_built_in(info.name):
            note = f"Compared by the built-in encoder {info.name}." if others else ""
            return self.library.search(pixels, gate.domain, modality=gate.modality, **sought.args), note
        if missing := self.library.missing(info.name) * (not is_imported(info.name)):
            raise ToolUseError(
                f"it lacks {missing} of your cases; go on with: casebook library encode {info.name}."
            )
        about = self.library.described(info.name)
        if about is None:  # removed meanwhile
            raise ToolUseError("it is gone.")
        vector, cautions = self.learned.encode(pixels, info.name, info.encoder, about.dimension)
        result = self.library.search_vector(
            about, vector, pixels=pixels, modality=gate.modality, **sought.args
        )
        return result, f"Compared by {info.encoder}. {cautions}".strip()

    def _collections(self, gate: Gate, image_id: str) -> list[CollectionInfo]:
        if gate.domain not in ("radiology", "dermatology"):
            known = "is neither" if gate.domain == "other" else "was not recognised as"
            raise ToolUseError(
                f"{image_id} {known} a radiology or skin picture, so it is not compared with the case "
                f'library. If it is one, say so: "treat {image_id} as dermoscopy".'
            )
        infos = [info for info in self.library.collections() if info.domain == gate.domain]
        if infos:
            return infos
        kind = "skin" if gate.domain == "dermatology" else "radiology"
        raise ToolUseError(
            f"The case library holds no {kind} cases yet. Import some with `casebook library import "
            "FOLDER_OR_CSV`: a CSV with the columns image and label, or one sub-folder of images per label."
        )


def _wished(question: str) -> int:
    """How many look-alikes a question asks for: “show me three similar”."""
    return min(number_in(question) or NEAREST, _MOST)


def _chosen(question: str, info: CollectionInfo) -> tuple[CaseFilter | None, str]:
    """The choice a question makes among the cases, and the same in words; None for all of them."""
    labels = alike_labels(question, info.labels)
    announced = _CHOICE.search(question)
    words = announced.group(1) if announced else ""
    licences = _named(words, info.licences)
    # Codes count in capitals only: "only show us melanoma" is not about ultrasound.
    codes = set(re.findall(r"\b[A-Z]{2,3}\b", words))
    modalities = tuple(c for c, name in MODALITY_WORDS.items() if c in codes or _named(words, [name]))
    if not (labels or licences or modalities):
        return None, ""
    said = " and ".join(", ".join(values) for values in (labels, modalities, licences) if values)
    return CaseFilter(label=labels, modality=modalities, licence=licences), f" (only {said})"


def _named(words: str, names: Iterable[str]) -> tuple[str, ...]:
    said = words.casefold()
    found = [n for n in names if n and re.search(rf"(?<!\w){re.escape(n.casefold())}(?:s|es)?(?!\w)", said)]
    # "basal cell carcinoma" names that label, and not a label "carcinoma" as well.
    return tuple(n for n in found if not any(n != o and n.casefold() in o.casefold() for o in found))


def _records(result: SearchResult, image_id: str, note: str) -> list[Record]:
    records: list[Record] = [result.neighbours.model_copy(update={"image_id": image_id, "note": note})]
    records += [match.model_copy(update={"image_id": image_id}) for match in result.matches]
    if result.same:
        value = say("tools.very_picture", label=result.same.label)
        records.append(Fact(image_id=image_id, name="in the case library", value=value))
    return records


def _sentences(result: SearchResult, image_id: str, info: CollectionInfo, choice: str, note: str) -> str:
    near, matches = result.neighbours, result.matches
    best = matches[0].similarity
    far = near.near is False
    parts = [_far(image_id, choice, info) if far else _counted(near, len(matches), image_id, choice)]
    if near.near is None:
        parts.append("Whether any of these is near cannot be said yet.")
    parts.append(f"The closest reaches a similarity of {best:.2f}; the same picture would reach 1.")
    if best >= _SAME_PICTURE:
        parts.append("The closest is practically the same picture.")
    if result.same:
        label = result.same.label
        parts.append(
            f"This very picture is in the library, labelled “{label}”; it and its group are left out."
        )
    measured = quality_sentence(near.precision, near.chance, near.k, near.among)
    ends = (measured, note, "These are look-alikes, not diagnoses.")
    return " ".join([*parts, *(end for end in ends if end)])


def _far(image_id: str, choice: str, info: CollectionInfo) -> str:
    own = "the cases of this collection nearly always have six others with"
    usual = own if info.precision is not None else "look-alikes have"
    return (
        f"Nothing in the case library{choice} is near {image_id}: {usual} a similarity of {info.near:.2f} "
        "or more."
    )


def _counted(near: Neighbours, shown: int, image_id: str, choice: str) -> str:
    (label, count), *others = near.counts.items()
    noun, verb = "neighbours" if shown > 1 else "neighbour", "carry" if count > 1 else "carries"
    rest = "".join(f", {count} “{label}”" for label, count in others)
    of = f"{noun} of {image_id} in the case library{choice}"
    return f"{count} of {shown} {of} {verb} the label “{label}”{rest}."


def build_find_similar_cases(encoders: Encoders | None = None) -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`.

    Args:
        encoders: the encoding models there are; without them only the built-in encoders compare.
    """

    @case_tool
    def find_similar_cases(image_id: str, question: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
        """Use for similar or comparable cases. Shows look-alikes from the user's case library with labels.

        Radiology and skin images only. Counts of labels are not a diagnosis and not a probability.

        Args:
            image_id: the image, such as img-1.
            question: the user's own question; may name an encoder.
            runtime: given by the loop.
        """
        chat_image = runtime.context.images.get(image_id)
        finder = CaseFinder(runtime.context.library(), LearnedVectors.of_turn(encoders, runtime))
        pixels = chat_image.image.pixels
        content, records, encoder = finder.find(pixels, chat_image.gate, image_id, question)
        return evidence(content, records, image_id=image_id, model=CARD.name, revision=encoder)

    return find_similar_cases
