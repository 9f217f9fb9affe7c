"""Words PubMedCLIP is asked to compare a picture with, and what it cannot be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.errors import CaseError
from store.records import Modality

LONGEST_TEXT = 77
"""Characters. Training cut every caption there. Source: the training code, sarahESL/PubMedCLIP."""

CAUTION = (
    "These scores only say which of the labels given fits best according to PubMedCLIP; they add up to 1 "
    "even when none of the labels is right, and are not probabilities."
)
"""Goes with every ranking of labels."""

CROPPED = (
    "PubMedCLIP looks at the centre square of a picture: what lies at the far edges of a wide or tall one is "
    "not seen."
)
"""Goes with what it says about a picture that is not square, unless pictures are padded."""

_SIDE = re.compile(r"\b(left|right)([- ]sided)?\b", re.IGNORECASE)
# CLIP's tokenizer reads these as begin and end; text behind an end would be ignored.
_MARKERS = ("<|startoftext|>", "<|endoftext|>")

# The model's card ranks "Chest X-Ray", "Brain MRI" and "Abdominal CT Scan"; the others are made like them.
MODALITIES: dict[Modality, str] = {"DX": "X-Ray", "CT": "CT Scan", "MR": "MRI", "US": "Ultrasound"}
BODY_PARTS: dict[str, str] = {
    "chest": "Chest",
    "abdomen": "Abdominal",
    "brain": "Brain",
    "neck": "Neck",
    "spine": "Spine",
    "pelvis": "Pelvic",
    "shoulder": "Shoulder",
    "hand": "Hand",
    "knee": "Knee",
    "foot": "Foot",
}
PROMPTS: tuple[tuple[Modality, str, str], ...] = (
    *(
        (code, part, f"{where} {what}")
        for code, what in MODALITIES.items()
        for part, where in BODY_PARTS.items()
    ),
    ("US", "breast", "Breast Ultrasound"),
    ("MR", "breast", "Breast MRI"),
    ("MG", "breast", "Mammogram"),
)
"""(modality, body part, text): every pairing the zero-shot question compares a picture with."""


def checked_texts(texts: Sequence[str]) -> list[str]:
    """`texts` without outer blanks.

    Raises:
        CaseError: one is empty, longer than the training's captions, or holds a control word.
    """
    checked = [text.strip() for text in texts]
    for text in checked:
        if not text:
            raise CaseError("PubMedCLIP was given an empty text. Give a few words.")
        if len(text) > LONGEST_TEXT:
            raise CaseError(
                f"PubMedCLIP reads texts of up to {LONGEST_TEXT} characters, as in its training; "
                f"{text[:40]!r}… has {len(text)}. Shorten it."
            )
        if any(marker in text for marker in _MARKERS):
            raise CaseError(f"PubMedCLIP reads {' and '.join(_MARKERS)} as commands. Leave them out.")
    return checked


def checked_labels(labels: Sequence[str]) -> list[str]:
    """`labels` ready to be ranked against each other.

    Raises:
        CaseError: fewer than two, two alike, one that names a side, or one `checked_texts` refuses.
    """
    checked = checked_texts(labels)
    if len(checked) < 2:
        raise CaseError("Ranking needs at least two labels, as each is only compared with the others.")
    if len({label.casefold() for label in checked}) < len(checked):
        raise CaseError("Two of the labels are the same. Give each label once.")
    if sided := [label for label in checked if _SIDE.search(label)]:
        raise CaseError(
            f"PubMedCLIP was trained on mirrored pictures and cannot tell left from right, so {sided[0]!r} "
            "cannot be ranked. Leave the side out of the labels."
        )
    return checked
