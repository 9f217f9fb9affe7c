"""The user's words for a kind of image, understood: "a chest x-ray", "dermoscopy", "not medical"."""

from __future__ import annotations

import re

from store.errors import ToolUseError
from store.records import Domain, Modality

_KINDS: tuple[tuple[str, Domain, Modality | None], ...] = (
    (r"not (?:an? )?medical(?: \w+)?|neither|other|something else|non-?medical", "other", None),
    (r"dermosc\w*|dermatosc\w*|epiluminescence|dms", "dermatology", "DMS"),
    (r"mammo\w*|mg", "radiology", "MG"),
    (r"ultraso\w*|sonogra\w*|echo(?:cardio\w*)?|us", "radiology", "US"),
    (r"mri?|magnetic resonance(?: imag\w*)?|mr (?:scan|image)", "radiology", "MR"),
    (r"ct|cat scan|computed tomogra\w*", "radiology", "CT"),
    (r"x[ -]?rays?|radiogra(?:ph|phs|phy|m)|dx|plain film|cxr", "radiology", "DX"),
    (r"cr|computed radiography", "radiology", "CR"),
    (r"(?:clinical|skin|smartphone|phone|close-?up) (?:photo\w*|picture|image)", "dermatology", "XC"),
    (r"photo\w* of (?:a |the |my )?(?:skin|mole|rash|lesion|nevus|naevus)|xc", "dermatology", "XC"),
    (r"skin|dermatolog\w*|mole|rash|nevus|naevus", "dermatology", None),
    (r"radiolog\w*|scan", "radiology", None),
)
"""Words a user says → what is meant. The first that fits decides."""

_PARTS: dict[str, str] = {
    r"chest|thora\w*|lungs?|cxr": "chest",
    r"head|brain|skull": "head",
    r"abdom\w*|belly|liver": "abdomen",
    r"breast|mammo\w*": "breast",
    r"hand|wrist|fingers?": "hand",
    r"limb|arm|leg|forearm|knee|foot|ankle|elbow": "limb",
    r"pelvis|hip": "pelvis",
    r"spine|back|neck": "spine",
}

_ACCEPTED = (
    "dermoscopy, skin photo, X-ray, CT, MRI, ultrasound, mammogram, radiology, skin, or not medical; a body "
    "part may be added, as in “a chest X-ray”"
)


def understand(wish: str) -> tuple[Domain, Modality | None, str | None]:
    """What kind of image the words name.

    Args:
        wish: the user's words for the kind only, without the rest of the sentence.

    Returns:
        Domain, modality or None, body part or None.

    Raises:
        ToolUseError: the words name no kind, or say only what the image is not.
    """
    said = " ".join(wish.lower().split())
    kind = next((kind for kind in _KINDS if re.search(rf"\b(?:{kind[0]})\b", said)), None)
    if kind is None or (kind[1] != "other" and re.search(r"\b(?:not|no|isn.?t|never)\b", said)):
        raise ToolUseError(f"{wish.strip()[:60]!r} names no kind of image that I know. Say {_ACCEPTED}.")
    return kind[1], kind[2], _part(said, kind[1])


def _part(said: str, domain: Domain) -> str | None:
    if domain == "dermatology":
        return "skin"
    if domain != "radiology":
        return None
    return next((part for words, part in _PARTS.items() if re.search(rf"\b(?:{words})\b", said)), None)
