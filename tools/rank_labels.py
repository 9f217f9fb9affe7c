"""`rank_labels`: which of the labels that the user names fits a radiology image best, by PubMedCLIP.

It compares; it does not recognise. Scores are shares among the labels given, whatever they are.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from store.errors import CaseError, ToolUseError
from store.pictures.image import Pixels
from store.records import Finding, Record
from tools.cards import Card
from tools.context import CaseTool, ToolTurn, case_tool, evidence
from tools.gate.modality import require
from tools.models.encoders.clip_words import CAUTION, CROPPED, checked_labels
from tools.models.systems.cards import SYSTEMS

if TYPE_CHECKING:
    from tools.models.installed_encoders import Encoders
    from tools.models.learned_encoder import LearnedEncoder

_SYSTEM = SYSTEMS["pubmedclip"]
CARD = Card(
    name="label ranker",
    checkpoint=_SYSTEM.checkpoint,
    revision="named by each answer",
    modalities=_SYSTEM.modalities,
    input_contract=_SYSTEM.input_contract,
    labels=(),
    licence=_SYSTEM.licence,
    intended_use="Rank the labels that the user names by how well each fits a radiology image (PubMedCLIP).",
    limits=(
        "It compares the labels given with each other, and one is first even when none is right.",
        *_SYSTEM.limits,
        "Other words for the same thing can be ranked differently, and a “no” or “without” hardly counts.",
    ),
    disclaimers=_SYSTEM.disclaimers,
    source=_SYSTEM.source,
)

MOST_LABELS = 20
"""Ours: as many as a reader can weigh; with more every share is small."""

# Ours: the second has four fifths of the first's share.
_CLOSE = 0.8

# Source: Alhamoud et al., Vision-Language Models Do Not Understand Negation, CVPR 2025.
NEGATED = (
    "A label with “no” or “without” is hardly told from the same label without it, so its place says little."
)
"""Goes with a ranking that has such a label."""

_NEGATION = re.compile(r"\b(?:no|not|non|without|absent|absence|free|negative)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Ranking:
    """What PubMedCLIP said.

    Attributes:
        shares: (label, share) best first; the shares add up to 1 and are not probabilities.
        cropped: whether the edges of the picture were not seen.
        version: of the weights, and how pictures are framed.
        stand_in: whether the weights are random.
    """

    shares: tuple[tuple[str, float], ...]
    cropped: bool
    version: str
    stand_in: bool


@dataclass(frozen=True)
class LabelRanker:
    """Compares a picture with labels.

    Args:
        encoders: the encoding models there are.
        cancelled: set when the user stops.
        until: when it must be done, on the clock of `time.monotonic`.
        on_wait: told in words what is being waited for.
    """

    encoders: Encoders
    cancelled: threading.Event
    until: float
    on_wait: Callable[[str], None]

    def rank(self, pixels: Pixels, labels: Sequence[str]) -> Ranking:
        """Rank `labels` by how well they fit a picture ``(H, W, 3)`` uint8.

        Raises:
            ToolUseError: the labels cannot be compared, or its turn did not come. Says what to do.
            SetupError: PubMedCLIP does not fit or cannot run.
        """
        try:
            known = _checked(labels)
            ranked = self.encoders.run(
                _SYSTEM.name,
                lambda encoder: _ranked(encoder, pixels, known),
                cancelled=self.cancelled,
                until=self.until,
                on_wait=self.on_wait,
            )
        except CaseError as error:  # the model can name other labels
            raise ToolUseError(str(error)) from error
        if ranked is None:
            raise ToolUseError(
                "The turn of PubMedCLIP did not come in time, so nothing was ranked. Ask again."
            )
        return ranked


def _checked(labels: Sequence[str]) -> list[str]:
    if len(labels) > MOST_LABELS:
        raise CaseError(
            f"Up to {MOST_LABELS} labels are ranked at once; these are {len(labels)}. Name fewer."
        )
    return checked_labels(labels)


def _ranked(encoder: LearnedEncoder, pixels: Pixels, labels: list[str]) -> Ranking:
    height, width = pixels.shape[:2]
    cropped = height != width and not encoder.model.pictures.pad
    return Ranking(tuple(encoder.model.rank(pixels, labels)), cropped, encoder.version, encoder.stand_in)


def sentences(ranking: Ranking, image_id: str) -> str:
    """The ranking in words, with all that must be known of it."""
    shares = ranking.shares
    listed = ", ".join(f"“{label}” {_share(share)}" for label, share in shares)
    who = "PubMedCLIP (a stand-in with random weights: its ranking means nothing)"
    parts = [
        f"{who if ranking.stand_in else 'PubMedCLIP'} ranks the {len(shares)} labels that you named for "
        f"{image_id}: {listed}.",
        "The first two are close together, so their order says little."
        * (shares[1][1] > _CLOSE * shares[0][1]),
        CAUTION,
        NEGATED * any(_NEGATION.search(label) for label, _ in shares),
        CROPPED * ranking.cropped,
    ]
    return " ".join(filter(None, parts))


def _share(share: float) -> str:
    if share > 0.99:
        return "over 0.99"
    return f"{share:.2f}" if share >= 0.01 else "under 0.01"


def findings(ranking: Ranking, image_id: str) -> list[Record]:
    """A record for every label. A stand-in's shares are kept out."""
    count = len(ranking.shares)
    return [
        Finding(
            image_id=image_id,
            label=label,
            text=f"“{label}”: "
            + (
                "no meaning, as a stand-in ranked it"
                if ranking.stand_in
                else f"share {_share(share)} among the {count} labels named, not a probability"
            ),
            score=None if ranking.stand_in else share,
            model=_SYSTEM.name,
        )
        for label, share in ranking.shares
    ]


def build_rank_labels(encoders: Encoders) -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`."""

    @case_tool
    def rank_labels(
        image_id: str,
        question: str,  # noqa: ARG001 - every image tool is given the user's words
        labels: list[str],
        runtime: ToolTurn,
    ) -> tuple[str, dict[str, Any]]:
        """Use when the user names two or more labels and asks which fits a radiology image best.

        It compares them and names nothing else; repeat its cautions. Never add labels of your own.

        Args:
            image_id: the image, such as img-1.
            question: the user's own question.
            labels: the user's labels, in their words, without left or right.
            runtime: given by the loop.
        """
        context, emit = runtime.context, runtime.stream_writer
        image = context.images.get(image_id)
        require(image.gate, "radiology", tool="Ranking labels with PubMedCLIP")
        ranker = LabelRanker(
            encoders, context.cancelled, context.until, lambda words: emit({"kind": "waits", "text": words})
        )
        ranking = ranker.rank(image.image.pixels, labels)
        said, records = sentences(ranking, image_id), findings(ranking, image_id)
        return evidence(said, records, image_id=image_id, model=CARD.name, revision=ranking.version)

    return rank_labels
