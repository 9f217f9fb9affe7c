"""What of a DICOM header may leave the reader: an allow-list of codes and numbers.

Codes are looked up in ``tools.files.dicom.terms`` and numbers are range-checked; no text of a header is ever
passed on. Names, identifiers, dates, institutions, descriptions and UIDs are not read at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.records import Modality
from tools.files.dicom.coded import region, view
from tools.files.dicom.display import Shown, number, text
from tools.files.dicom.frames import Frame
from tools.files.dicom.orientation import edges, in_words, plane
from tools.files.dicom.spacing import Scale
from tools.files.dicom.technique import technique
from tools.files.dicom.terms import (
    BODY_PARTS,
    KNOWN_MODALITY,
    LATERALITIES,
    MODALITIES,
    PATIENT_POSITIONS,
    TRANSFER_SYNTAXES,
    VIEWS,
)
from tools.files.dicom.told import overlays

if TYPE_CHECKING:
    from pydicom import Dataset


def known_modality(flat: Dataset) -> Modality | None:
    """The modality code of the header if it is one that Casebook knows."""
    return KNOWN_MODALITY.get(text(flat, "Modality"))


def body_part(flat: Dataset) -> str | None:
    """The body part of the header in words, if it is a term of the standard."""
    return BODY_PARTS.get(re.sub(r"[ _^,/-]", "", text(flat, "BodyPartExamined")))


def is_localizer(flat: Dataset) -> bool:
    """Whether it is a scout view, whose values are not on the HU scale of the slices."""
    try:
        return "LOCALIZER" in [str(v).strip().upper() for v in flat.get("ImageType") or ()]
    except TypeError:
        return False


def facts(frame: Frame, scale: Scale, shown: Shown, *, count: int) -> dict[str, str]:
    """Allow-listed header facts, name → printable value.

    Args:
        frame: the frame they are of.
        scale: its scale.
        shown: what was learnt while it was shown: its window and its padding.
        count: how many frames or slices were read.
    """
    flat, header = frame.flat, frame.header
    found = {"modality": _modality_words(text(flat, "Modality"))}
    found.update({name: words for name, words in _coded(frame) if words})
    found.update(technique(flat))
    rows, columns = header.shape
    found["size"] = f"{columns} × {rows} pixels"
    if count > 1:
        found["frames"] = str(count)
    if scale.spacing_mm:
        row, column = scale.spacing_mm
        found["pixel spacing"] = f"{column:.4g} × {row:.4g} mm (wide × high)"
        found["scale from"] = scale.source
        if scale.region:
            found["scaled region"] = _region(scale.region, scale.spacing_mm)
    found["bits stored"] = str(int(number(flat, "BitsStored") or number(flat, "BitsAllocated") or 8))
    found["photometric interpretation"] = text(flat, "PhotometricInterpretation")
    found.update(
        {name: said for name, said in (("window", shown.window), ("padding", shown.padding)) if said}
    )
    found["transfer syntax"] = TRANSFER_SYNTAXES[header.syntax]
    return found


def _coded(frame: Frame) -> tuple[tuple[str, str | None], ...]:
    flat = frame.flat
    sides, count = edges(flat), overlays(frame)
    return (
        ("body part", body_part(flat)),
        ("anatomic region", region(flat)),
        ("view position", VIEWS.get(text(flat, "ViewPosition"))),
        ("view", view(flat)),
        ("laterality", laterality(flat)),
        ("plane", plane(flat)),
        ("sides", in_words(sides) if sides else None),
        ("patient position", PATIENT_POSITIONS.get(text(flat, "PatientPosition"))),
        ("image type", "localizer (scout view)" if is_localizer(flat) else None),
        ("overlays", f"{count}, not shown" if count else None),
        ("burned-in annotation", {"YES": "yes", "NO": "no"}.get(text(flat, "BurnedInAnnotation"))),
    )


def _region(size: tuple[int, int], spacing: tuple[float, float]) -> str:
    wide, high = size[0] * spacing[1] / 10, size[1] * spacing[0] / 10
    return f"{wide:.1f} cm wide and {high:.1f} cm tall ({size[0]} × {size[1]} stored pixels)"


def laterality(flat: Dataset) -> str | None:
    """The side of the body in words: of the frame, else of the image, else of the series.

    Source: DICOM PS3.3 sections C.7.6.16.2.8 (Frame Laterality), C.7.6.1 and C.7.3.1 (Laterality).
    """
    given = (text(flat, keyword) for keyword in ("FrameLaterality", "ImageLaterality", "Laterality"))
    return next((LATERALITIES[code] for code in given if code in LATERALITIES), None)


def _modality_words(code: str) -> str:
    if not code:
        return "not stated"
    return f"{code}, {MODALITIES[code]}" if code in MODALITIES else "a code that is not known here"
