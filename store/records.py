"""The words tools, planner, page and store share: records with a ``kind``.

Every record is a frozen pydantic model that survives ``model_dump()`` → JSON → `parse_record`.
Tools put the dumped dicts on ``ToolMessage.artifact``, so nothing depends on Python classes there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Domain = Literal["radiology", "dermatology", "other", "unknown"]
"""What a picture is. ``other``: neither a radiograph/scan nor skin. ``unknown``: cannot tell."""

Modality = Literal["DX", "CR", "CT", "MR", "US", "MG", "XC", "DMS"]
"""DICOM modality code (PS3.3 C.7.3.1.1.1). XC: external-camera photography. DMS: dermoscopy."""

KnownFrom = Literal["file header", "pixels", "user"]

MODALITY_WORDS: dict[str, str] = {
    "DX": "X-ray",
    "CR": "X-ray (computed radiography)",
    "CT": "CT",
    "MR": "MRI",
    "US": "ultrasound",
    "MG": "mammogram",
    "XC": "clinical photograph",
    "DMS": "dermoscopy",
}


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gate(_Record):
    """What an image is, and how that is known. The gate every tool asks before it runs.

    `score` is the pixel estimator's uncalibrated score in [0, 1], not a probability; None when the
    header or the user said it. `overruled` holds the domain that the user overruled, or None. `leans` is the
    domain that the pixels of an unknown picture come nearest to, where that is clear enough to ask a reader
    of such images with a warning; None where it is not, or nothing is unknown.
    """

    kind: Literal["gate"] = "gate"
    image_id: str = ""
    domain: Domain
    modality: Modality | None = None
    body_part: str | None = None
    known_from: KnownFrom
    score: float | None = None
    reason: str = ""
    overruled: str | None = None
    leans: Domain | None = None


class Fact(_Record):
    """One allow-listed fact from a file header."""

    kind: Literal["fact"] = "fact"
    image_id: str
    name: str
    value: str


class Quality(_Record):
    """One technical quality check. `problem` is a sentence, or None when the check passed."""

    kind: Literal["quality"] = "quality"
    image_id: str
    name: str
    value: float
    unit: str = ""
    problem: str | None = None
    source: str = ""


class Elsewhere(_Record):
    """What the same measurement gave on `pictures` whose diagnosis is known to be `label`.

    `median`, and the values `low` and `high` that the middle half lies between, are in its unit.
    """

    kind: Literal["elsewhere"] = "elsewhere"
    label: str
    source: str
    pictures: int
    median: float
    low: float
    high: float


class Measurement(_Record):
    """One measured number. `source` cites the published definition; `text` says it in words.

    `unit` is ``mm`` or ``mm²`` only if the file gives a scale; otherwise ``px`` or a share. `elsewhere` is
    what the number can be seen beside.
    """

    kind: Literal["measurement"] = "measurement"
    image_id: str
    name: str
    value: float
    unit: str = ""
    text: str
    definition: str = ""
    source: str = ""
    caution: str | None = None
    elsewhere: tuple[Elsewhere, ...] = ()


class Outline(_Record):
    """The outline of a lesion that the user gave, in pixels of the picture.

    `numbers` are x, y, width and height of an ellipse, or x and y of each corner of a polygon.
    """

    kind: Literal["outline"] = "outline"
    image_id: str
    numbers: tuple[float, ...]


class Region(_Record):
    """A region whose values were measured, in pixels of slice `index`; 0, 0 is the first pixel's middle."""

    kind: Literal["region"] = "region"
    image_id: str
    index: int = 0
    shape: Literal["rectangle", "ellipse", "point"]
    column: float
    row: float
    width: float
    height: float


class Finding(_Record):
    """One observation of a model. `score` is uncalibrated unless the model's card says otherwise."""

    kind: Literal["finding"] = "finding"
    image_id: str
    label: str
    text: str
    score: float | None = None
    model: str


class Picture(_Record):
    """A picture drawn by a tool and kept in the blob store under `key`."""

    kind: Literal["picture"] = "picture"
    image_id: str
    key: str
    caption: str
    alt: str


class Match(_Record):
    """One look-alike from the case library. `similarity` is a cosine in [−1, 1]."""

    kind: Literal["match"] = "match"
    image_id: str
    case_id: str
    label: str
    similarity: float
    key: str
    caption: str = ""
    modality: str | None = None
    body_part: str | None = None
    group: str = ""
    source: str = ""
    licence: str = ""


class Neighbours(_Record):
    """The labels of the nearest cases as counts, and how far this collection can be trusted.

    `precision` and `chance`: share of the nearest `k` that carry the query's label, leaving out the
    query's own group, and the same for random neighbours; None while the collection is too small. `among`
    is the modality they were measured within, "" for the whole collection.
    `near` is False when nothing is near enough to call a look-alike, None when that cannot be said.
    `note` says how the cases were compared, where more than one way was there.
    """

    kind: Literal["neighbours"] = "neighbours"
    image_id: str
    counts: dict[str, int]
    near: bool | None
    collection: str
    encoder: str
    size: int
    k: int = 6
    precision: float | None = None
    chance: float | None = None
    among: str = ""
    note: str = ""


class Holdings(_Record):
    """What the case library holds of what was asked for, as counts.

    `size` of `among` cases fit; `labels` counts them by label and `collections` by collection. `chosen` says
    what was asked for, "" for everything. `order` is how those shown were taken; `seed` that of a random
    order, by which the same are taken again.
    """

    kind: Literal["holdings"] = "holdings"
    image_id: str = ""
    size: int
    among: int
    labels: dict[str, int]
    collections: dict[str, int]
    chosen: str = ""
    order: Literal["as imported", "newest first", "at random"] = "as imported"
    seed: int | None = None


class LibraryCase(_Record):
    """One case of the library with its picture under `key`, "" where it came without one."""

    kind: Literal["library_case"] = "library_case"
    image_id: str = ""
    case_id: str
    label: str
    key: str
    caption: str = ""
    modality: str | None = None
    body_part: str | None = None
    source: str = ""
    licence: str = ""


class Quiz(_Record):
    """A quiz on the library as it stands: the newest one of a chat is its state.

    `cases` are the ids of all its cases in order, and `number` the one in question, counted from 1. Of the
    `answered` ones `right` were right. `open` while the one in question waits for an answer, `over` when no
    more is asked. `options` are what may be answered, drawn from `labels`, or from all of the collection
    where that is empty. `given` is the option that was answered last, for the case in question. It never
    holds the label of a case in question.
    """

    kind: Literal["quiz"] = "quiz"
    image_id: str = ""
    collection: str
    chosen: str = ""
    labels: tuple[str, ...] = ()
    seed: int
    cases: tuple[str, ...]
    number: int = 1
    options: tuple[str, ...] = ()
    answered: int = 0
    right: int = 0
    open: bool = True
    over: bool = False
    given: str = ""


class View(_Record):
    """The user moved to another slice, or to another window. `index` is 0-based; None leaves the window.

    `looks` are the ways of ``tools.looks`` in which it is drawn otherwise.
    """

    kind: Literal["view"] = "view"
    image_id: str
    index: int
    frame_count: int
    level: float | None = None
    width: float | None = None
    looks: tuple[str, ...] = ()


Record = Annotated[
    Gate
    | Fact
    | Quality
    | Measurement
    | Outline
    | Region
    | Finding
    | Picture
    | Match
    | Neighbours
    | Holdings
    | LibraryCase
    | Quiz
    | View,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[Record] = TypeAdapter(Record)


def parse_record(data: dict[str, Any]) -> Record:
    """Rebuild a record from its dumped dict.

    Raises:
        pydantic.ValidationError: the dict is no record.
    """
    return _ADAPTER.validate_python(data)
