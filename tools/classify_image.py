"""`classify_with_my_labels`: which of the user's own labels fits, by a classifier trained on their library.

It chooses among the labels it was trained on, or abstains. It names no disease that the user did not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from store.cases.case import case_id, thumbnail
from store.encoders import built_in_encoders
from store.errors import CaseError, ToolUseError
from store.pictures.image import Pixels
from store.records import Fact, Finding, Gate, Modality, Picture, Record
from tools.cards import Card
from tools.context import CaseContext, CaseTool, ToolTurn, case_tool, evidence
from tools.few_shot.card import DISCLAIMERS, measured, trust
from tools.few_shot.head import CALIBRATION_FILE, CONFUSION_FILE, Answer, Head, HeadShelf, Vectors
from tools.look_alikes.learned_vectors import LearnedVectors
from tools.look_alikes.which_collection import is_built_in

if TYPE_CHECKING:
    from tools.models.installed_encoders import Encoders

CARD = Card(
    name="few-shot classifier",
    checkpoint="trained by the user",
    revision="1",
    modalities=get_args(Modality),
    input_contract="the shown picture or slice, (H, W, 3) uint8, of the kind the classifier was trained on",
    labels=(),
    licence="Apache-2.0; the cases it was trained on keep theirs",
    intended_use="Sort an image into the user's own labels with a classifier trained on their case library.",
    limits=(
        "It knows only the labels it was trained on, and abstains when an image looks unlike every training "
        "case.",
        "How well it does is measured on the user's own collection, and shown with every answer.",
        "It takes 10 groups (patients or lesions) of every label to train.",
    ),
    disclaimers=DISCLAIMERS,
    source="casebook library train; a model card is written beside each classifier",
)

# Ours: as many labels as a reader weighs at once; the others are in the confusion table.
_MOST_FINDINGS = 3


@dataclass(frozen=True)
class LabelChooser:
    """Asks a trained head about an image.

    Args:
        shelf: the heads there are.
        learned: describes pictures by learned encoders.
    """

    shelf: HeadShelf
    learned: LearnedVectors = field(default_factory=LearnedVectors)

    def choose(self, gate: Gate, image_id: str, question: str = "") -> tuple[Head, list[str]]:
        """The head for an image: the one the question names, else the last trained for its domain.

        A head whose encoder is not here is passed over, unless the question names it or there is no other.

        Returns:
            The head, and the names of the others that could have been asked.

        Raises:
            ToolUseError: there is none, or it is for other images, or does no better than guessing.
        """
        names = self.shelf.names()
        if not names:
            raise ToolUseError(
                "No classifier has been trained on the case library yet. Train one with `casebook library "
                "train NAME --collection COLLECTION`; `casebook library list` names the collections."
            )
        said = [name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", question)]
        heads = [self._read(name) for name in said or names]
        fitting = [head for head in heads if head.domain == gate.domain]
        if not fitting:
            domains = " and ".join(sorted({one.domain for one in heads}))
            known = {"unknown": "not recognised", "other": "neither radiology nor skin"}
            raise ToolUseError(
                f"{image_id} is not classified: the classifiers here ({', '.join(said or names)}) take "
                f"{domains} images, and this one is {known.get(gate.domain, gate.domain)}. If that is wrong, "
                f'say what it is: "treat {image_id} as dermoscopy".'
            )
        useful = [head for head in fitting if head.figures.low > head.figures.chance]
        if not useful:
            raise ToolUseError(
                f"{image_id} is not classified: {fitting[0].name} was not shown to do better than guessing. "
                f"{measured(fitting[0])} Train on more cases, or on labels that look more different."
            )
        chosen = next((head for head in useful if said or self._can_ask(head)), useful[0])
        return chosen, [head.name for head in useful if head is not chosen]

    def ask(self, head: Head, pixels: Pixels) -> tuple[Answer, str]:
        """Encode a picture ``(H, W, 3)`` uint8 as the training cases were, and score the labels.

        Returns:
            The answer, and sentences on what must be known of the vectors; "" for nothing.

        Raises:
            ToolUseError: the encoder it was trained with is not here.
        """
        vector, note = self._encode(head, pixels)
        return head.answer(vector, case_id(pixels)), note

    def _encode(self, head: Head, pixels: Pixels) -> tuple[Vectors, str]:
        encoder = next((e for e in built_in_encoders() if e.name == head.collection), None)
        if encoder is None:
            try:
                return self.learned.encode(pixels, head.collection, head.encoder, head.vectors.shape[1])
            except ToolUseError as error:
                raise ToolUseError(f"The classifier {head.name} cannot be asked: {error}") from error
        now = f"{encoder.name}, version {encoder.version}"
        if now != head.encoder:
            raise ToolUseError(
                f"The classifier {head.name} was trained with the encoder {head.encoder}; it is now {now}. "
                f"Train it again: casebook library train {head.name} --collection COLLECTION"
            )
        return encoder.encode(thumbnail(pixels)), ""

    def _can_ask(self, head: Head) -> bool:
        if is_built_in(head.collection):
            return True
        try:
            self.learned.require(head.collection, head.encoder)
        except ToolUseError:
            return False
        return True

    def _read(self, name: str) -> Head:
        try:
            return self.shelf.read(name)
        except CaseError as error:
            raise ToolUseError(str(error)) from error


def sentences(head: Head, answer: Answer, image_id: str) -> str:
    """What the head says of an image, how good it is, and what that is worth."""
    by = f"The classifier “{head.name}”, trained on the user's collection {head.collection},"
    known = " This very picture was one of its training cases, so the answer is memory." * answer.trained_on
    if not answer.scores:
        return (
            f"{by} abstains on {image_id}: its most similar training case reaches {answer.similarity:.2f}, "
            f"and its training cases nearly always reach {head.near:.2f} among themselves."
        )
    (first, best), *others = answer.scores.items()
    rest = "".join(f", “{label}” {score:.2f}" for label, score in others[: _MOST_FINDINGS - 1])
    return f"{by} puts {image_id} nearest to “{first}” (score {best:.2f}{rest}).{known} {trust(head)}"


def also_trained(others: Sequence[str]) -> str:
    """Which other classifiers could have been asked; "" for none."""
    return f"Also trained: {', '.join(others)}; name one to ask it." if others else ""


def findings(head: Head, answer: Answer, image_id: str) -> list[Record]:
    """The labels that fit best, or how far away the nearest training case is."""
    if not answer.scores:
        value = f"{answer.similarity:.2f} (abstains under {head.near:.2f})"
        return [Fact(image_id=image_id, name="similarity to the nearest training case", value=value)]
    # A Finding's score is uncalibrated by definition; a calibrated one is told in words.
    calibrated = head.figures.calibrated
    kept = list(answer.scores.items())[:_MOST_FINDINGS]
    told = f", calibrated on this collection, n={head.figures.n}" if calibrated else ", uncalibrated"
    model = f"few-shot classifier {head.name}"
    return [
        Finding(
            image_id=image_id,
            label=label,
            text=f"“{label}”, score {score:.2f}{told}",
            score=None if calibrated else score,
            model=model,
        )
        for label, score in kept
    ]


def pictures(shelf: HeadShelf, head: Head, context: CaseContext, image_id: str) -> list[Record]:
    """The confusion table and the calibration curve, copied to the chat's pictures."""
    folder, name = shelf.folder(head.name), head.name
    rows = [f"{a}: {row}" for a, row in zip(head.labels, head.figures.confusion, strict=True)]
    told = {
        CONFUSION_FILE: f"Confusion table of the classifier {name}, in cross-validation by group.",
        CALIBRATION_FILE: f"Calibration curve of the classifier {name}: score against share right.",
    }
    alts = {CONFUSION_FILE: " ".join(["Cases by label and by answer.", *rows]), CALIBRATION_FILE: ""}
    points = ", ".join(f"{one.score:.2f} → {one.right:.2f}" for one in head.figures.bins)
    alts[CALIBRATION_FILE] = f"Mean score and share right of five bins: {points}."
    return [
        Picture(
            image_id=image_id,
            key=context.blobs.put_bytes((folder / file).read_bytes()),
            caption=caption,
            alt=alts[file],
        )
        for file, caption in told.items()
    ]


def build_classify_with_my_labels(shelf: HeadShelf, encoders: Encoders | None = None) -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`.

    Args:
        shelf: the heads there are.
        encoders: the encoding models there are; without them only heads on built-in collections answer.
    """

    @case_tool
    def classify_with_my_labels(
        image_id: str, question: str, runtime: ToolTurn
    ) -> tuple[str, dict[str, Any]]:
        """Use when the user wants an image sorted into their own labels by the classifier they trained.

        It knows those labels only, abstains on unlike images, and says how well it did on its collection.

        Args:
            image_id: the image, such as img-1.
            question: the user's own question; may name a classifier.
            runtime: given by the loop.
        """
        chat_image = runtime.context.images.get(image_id)
        chooser = LabelChooser(shelf, LearnedVectors.of_turn(encoders, runtime))
        head, others = chooser.choose(chat_image.gate, image_id, question)
        answer, note = chooser.ask(head, chat_image.image.pixels)
        drawn = pictures(shelf, head, runtime.context, image_id) if answer.scores else []
        records = [*findings(head, answer, image_id), *drawn]
        said = " ".join(filter(None, (sentences(head, answer, image_id), note, also_trained(others))))
        return evidence(
            said, records, image_id=image_id, model=CARD.name, revision=f"{head.name}; {head.encoder}"
        )

    return classify_with_my_labels
