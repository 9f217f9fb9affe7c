"""What PubMedCLIP takes a radiology image for: a second opinion beside the gate's, which stays as it is.

It is asked only where the gate judged by the pixels, so that no header and no user is argued with, and only
about radiology: PubMedCLIP must choose among kinds of radiology image and would name one for any picture.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.errors import SetupError
from store.pictures.image import Image
from store.records import Finding, Gate
from tools.gate.modality import kind_of
from tools.models.encoders.clip_words import BODY_PARTS, CROPPED

if TYPE_CHECKING:
    from tools.context import ToolTurn
    from tools.models.encoders.clip import ZeroShot
    from tools.models.installed_encoders import Encoders
    from tools.models.learned_encoder import LearnedEncoder

SYSTEM = "pubmedclip"

PATIENCE_S = 30.0
"""How long an answer waits for PubMedCLIP's turn. Ours: the gate's own word is there without it."""

SETTLED = 0.5
"""Share from which PubMedCLIP is taken at its word: more than all others together. Ours."""

ESTIMATES = "estimates"
"""Stands in every sentence that fills in what the gate left open, and in no other."""

_ASKED = "PubMedCLIP, asked for a second opinion,"
_CHOICE = "It had to choose among X-ray, CT, MRI, ultrasound and mammogram, so that is not known."
# The gate says head where PubMedCLIP was asked for the brain.
_SAME_PART = {"brain": "head"}
_PARTS = {_SAME_PART.get(part, part) for part in (*BODY_PARTS, "breast")}


@dataclass(frozen=True)
class Opinion:
    """What PubMedCLIP takes a picture for.

    Attributes:
        gate: the same in the gate's words.
        score: share of its modality among those it was asked about; not a probability.
        version: of its weights, and how pictures are framed.
        cropped: whether the edges of the picture were not seen.
        stand_in: whether the weights are random.
    """

    gate: Gate
    score: float
    version: str
    cropped: bool
    stand_in: bool


def may_ask(gate: Gate, image: Image) -> bool:
    """Whether there is something to ask: a radiology image whose kind only its pixels tell."""
    volume = image.file_type == "NIfTI" and gate.modality is None and gate.known_from != "user"
    return gate.domain == "radiology" and (gate.known_from == "pixels" or volume)


def may_be_asked(encoders: Encoders) -> bool:
    """Whether PubMedCLIP is set up."""
    return SYSTEM in encoders.set_up("radiology")


def second_opinion(encoders: Encoders, image: Image, gate: Gate, runtime: ToolTurn) -> list[Finding]:
    """PubMedCLIP's word on an image.

    Args:
        encoders: the encoding models there are.
        image: the frame in view is looked at.
        gate: of the image, with its id.
        runtime: of the turn: its stop button, its time, and its stream for what is waited for.

    Returns:
        One finding; none if PubMedCLIP is not set up, is not to be asked of this image, or was still waiting
        for its turn when the user stopped or `PATIENCE_S` had passed.
    """
    if not may_ask(gate, image) or not may_be_asked(encoders):
        return []
    context, emit = runtime.context, runtime.stream_writer
    try:
        opinion = encoders.run(
            SYSTEM,
            lambda encoder: _look(encoder, image),
            cancelled=context.cancelled,
            until=min(context.until, time.monotonic() + PATIENCE_S),
            on_wait=lambda words: emit({"kind": "waits", "text": words}),
        )
    except SetupError:
        why = f"`casebook models verify {SYSTEM}` says why."
        text = f"PubMedCLIP is set up but could not be asked for a second opinion; {why}"
        return [Finding(image_id=gate.image_id, label="no second opinion", text=text, model=SYSTEM)]
    if opinion is None:
        return []
    return [
        Finding(
            image_id=gate.image_id,
            label="no meaning" if opinion.stand_in else kind_of(opinion.gate),
            text=words(gate, opinion, part_in_header=image.body_part is not None),
            score=None if opinion.stand_in else opinion.score,
            model=SYSTEM,
        )
    ]


def _look(encoder: LearnedEncoder, image: Image) -> Opinion:
    pixels = image.pixels
    seen: ZeroShot = encoder.model.modality(pixels)
    height, width = pixels.shape[:2]
    clear = seen.body_parts[0][1] >= SETTLED
    gate = Gate(
        domain="radiology",
        modality=seen.modality,
        body_part=_SAME_PART.get(seen.body_part, seen.body_part) if clear else None,
        known_from="pixels",
    )
    cropped = height != width and not encoder.model.pictures.pad
    return Opinion(gate, seen.modalities[0][1], encoder.version, cropped, encoder.stand_in)


def words(gate: Gate, opinion: Opinion, *, part_in_header: bool = False) -> str:
    """The opinion in a sentence or two: where it agrees, where it differs, what it adds.

    Args:
        gate: of the image.
        opinion: PubMedCLIP's.
        part_in_header: the file states the body part, so that nothing is said of it.
    """
    other = opinion.gate
    if opinion.stand_in:
        return (
            f"{_ASKED} says “{kind_of(other)}”, but it is a stand-in with random weights here: what it says "
            "means nothing."
        )
    if opinion.score < SETTLED:
        return f"{_ASKED} settles on no kind of radiology image."
    if gate.modality is None:
        part = "" if other.body_part else " It settles on no body part."
        said = f"PubMedCLIP {ESTIMATES} that it is {kind_of(other)}.{part} {_CHOICE}"
    elif not _same_modality(gate, other):
        said = (
            f"{_ASKED} takes it for {kind_of(other)} instead. I keep to my own estimate; if PubMedCLIP is "
            f"right, tell me: treat {gate.image_id or 'it'} as {_without_part(other)}."
        )
    elif part_in_header or gate.body_part == other.body_part:
        return f"{_ASKED} says the same."
    elif other.body_part is None or gate.body_part not in (None, *_PARTS):  # it was not asked about that part
        return f"{_ASKED} agrees that it is {_without_part(gate)}."
    elif gate.body_part is None:
        said = (
            f"{_ASKED} agrees on that, and {ESTIMATES} the body part, among {len(_PARTS)} it was asked "
            f"about: {other.body_part}."
        )
    else:
        said = (
            f"{_ASKED} agrees on the kind, but says {other.body_part} rather than {gate.body_part}. I keep "
            "to my own estimate; neither is certain."
        )
    return f"{said} {CROPPED}" if opinion.cropped else said


def _without_part(gate: Gate) -> str:
    return kind_of(gate.model_copy(update={"body_part": None}))


def _same_modality(one: Gate, other: Gate) -> bool:
    plain = {"CR": "DX"}
    return plain.get(one.modality or "", one.modality) == other.modality
