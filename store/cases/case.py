"""`Case`: one picture of the library with what is known of it, and `CaseFilter` to choose among them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from store.pictures.image import Pixels
from store.records import MODALITY_WORDS

# Ours: enough to recognise a case on a card and for every encoder to come (the largest looks at 448 px).
THUMBNAIL_PX = 512


@dataclass(frozen=True)
class Case:
    """One case of the library.

    Attributes:
        id: content of the picture in 32 hex digits; the same pixels are the same case.
        label: what the source calls it.
        key: where its picture is kept in the blob store; "" where it was imported as a vector alone.
        caption: a sentence of the source, or "".
        modality: DICOM code, or "" for unknown.
        body_part: lower-case words, or "" for unknown.
        group: patient or lesion; cases of one group never vouch for each other. "" stands alone.
        source: where it comes from, or "".
        licence: under which terms it may be shown, or "".
    """

    id: str
    label: str
    key: str
    caption: str = ""
    modality: str = ""
    body_part: str = ""
    group: str = ""
    source: str = ""
    licence: str = ""

    @property
    def group_key(self) -> str:
        """The group, or the case itself where none is named."""
        return f"group {self.group}" if self.group else f"case {self.id}"

    @property
    def said(self) -> str:
        """Everything that is said of it, in small letters, a line each: what words are looked for in."""
        kind = MODALITY_WORDS.get(self.modality, "")
        told = (self.label, self.caption, self.modality, kind, self.body_part, self.source, self.licence)
        return "\n".join(told).casefold()

    def metadata(self) -> dict[str, str]:
        """As the ledger keeps it."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "id"}


def read_case(case_id: str, metadata: dict[str, Any]) -> Case:
    """Rebuild a case from its id and metadata."""
    names = [field.name for field in fields(Case) if field.name != "id"]
    return Case(case_id, **{name: str(metadata.get(name, "")) for name in names})


@dataclass(frozen=True)
class Sought:
    """What is looked for by words: cases of which all are said, or that go by them. Case does not matter.

    Attributes:
        words: each stands somewhere in what is said of a case; parts of words are found too.
        labels: that the words mean, as a vocabulary knows.
        others: those of the words that mean no label; of a case with such a label they are said too.
    """

    words: tuple[str, ...]
    labels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def fits(self, label: str, said: str) -> bool:
        """Whether a case is meant, by its label and by `Case.said`."""
        if all(word.casefold() in said for word in self.words):
            return True
        return label in self.labels and all(word.casefold() in said for word in self.others)


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are meant: any of the values of every field that names some. Case does not matter.

    `sought` narrows what is shown, counted and searched; nothing is removed by it.
    """

    label: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    body_part: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    sought: Sought | None = None

    COMPARED: ClassVar[Mapping[str, Callable[[Case], str]]] = {
        "label": lambda case: case.label.casefold(),
        "modality": lambda case: case.modality,
        "body_part": lambda case: case.body_part,
        "licence": lambda case: case.licence.casefold(),
    }
    """What of a case each field is compared with."""

    def wanted(self) -> dict[str, list[str]]:
        """The fields that name something, with the values to compare; {} filters nothing."""
        asked = {
            "label": [value.casefold() for value in self.label],
            "modality": [value.upper() for value in self.modality],
            "body_part": [value.lower() for value in self.body_part],
            "licence": [value.casefold() for value in self.licence],
        }
        return {name: values for name, values in asked.items() if values}


def case_id(pixels: Pixels) -> str:
    """The id of a picture ``(H, W, 3)`` uint8: 32 hex digits of the SHA-256 of its shape and pixels."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()[:32]


def thumbnail(pixels: Pixels) -> Pixels:
    """The picture as kept and as encoded: ``(h, w, 3)`` uint8, longest side at most 512 px.

    Encoders see this and not the original, so a query and a case are always treated alike, and vectors
    can be made again from what is kept.
    """
    from PIL import Image as PillowImage

    height, width = pixels.shape[:2]
    if max(height, width) <= THUMBNAIL_PX:
        return pixels
    factor = THUMBNAIL_PX / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    picture = PillowImage.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(picture.resize(size, PillowImage.Resampling.BOX))
