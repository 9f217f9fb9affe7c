"""`TeachingCase`: what a teacher knows of a case, hidden until the reveal. JSON in and out without loss."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from store.errors import CaseError
from store.teaching.region import MOST, Region

Sex = Literal["female", "male", "other", "unknown"]
Kind = Literal["disease", "normal", "mimic"]
# Four steps after Radiopaedia's "diagnostic certainty", and what is not known.
Certainty = Literal["possible", "probable", "almost certain", "certain", "unknown"]
Difficulty = Literal["easy", "medium", "hard", "unknown"]

_Line = Annotated[str, Field(min_length=1, max_length=300)]
_Text = Annotated[str, Field(max_length=20_000)]
_FROZEN = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class CaseImage(BaseModel):
    """One image of a case.

    Attributes:
        key: where it is kept: SHA-256 in hex.
        slices: how many slices or frames it has.
        caption: said with it after the reveal.
        source: where it comes from.
        licence: under which terms it may be shown.
    """

    model_config = _FROZEN

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    slices: Annotated[int, Field(ge=1)] = 1
    caption: _Text = ""
    source: _Text = ""
    licence: _Text = ""


class TeachingCase(BaseModel):
    """One teaching case. Empty text and empty lists say that nothing is known.

    Attributes:
        diagnosis: the truth, as the author calls it; "normal" for a case without disease.
        images: at least one, in the order of reading.
        title: for the teacher; never shown before the reveal.
        history: told to the learner from the start, as age and sex are.
        age_years: None for unknown.
        kind: a mimic is a case that looks like a disease and is none of concern.
        also: other names that are right too.
        certainty: of the diagnosis.
        proven_by: how it was proven, such as histology.
        findings: what is to be seen, a sentence each.
        regions: where that is to be seen, areas and no arrows; hidden as findings are.
        hints: from the faintest to the plainest; none of them names the diagnosis.
        language: that diagnosis and findings are written in.
    """

    model_config = _FROZEN

    diagnosis: _Line
    images: Annotated[tuple[CaseImage, ...], Field(min_length=1, max_length=50)]
    title: Annotated[str, Field(max_length=300)] = ""
    history: _Text = ""
    age_years: Annotated[float, Field(ge=0, le=130)] | None = None
    sex: Sex = "unknown"
    kind: Kind = "disease"
    also: tuple[_Line, ...] = ()
    certainty: Certainty = "unknown"
    proven_by: _Text = ""
    findings: tuple[_Line, ...] = ()
    regions: Annotated[tuple[Region, ...], Field(max_length=MOST)] = ()
    differential: tuple[_Line, ...] = ()
    discussion: _Text = ""
    references: tuple[_Line, ...] = ()
    hints: tuple[_Line, ...] = ()
    difficulty: Difficulty = "unknown"
    tags: tuple[_Line, ...] = ()
    author: _Text = ""
    licence: _Text = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"

    @model_validator(mode="after")
    def _has_the_places(self) -> TeachingCase:
        for number, one in enumerate(self.regions, 1):
            if one.shape == "arrow":
                raise ValueError(f"region {number} is an arrow; a true region is an area")
            if one.image > len(self.images) or one.slice > self.images[one.image - 1].slices:
                raise ValueError(f"region {number}: there is no slice {one.slice} of image {one.image}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that the truth goes by."""
        return (self.diagnosis, *self.also)

    def to_json(self) -> str:
        """As text; `read_teaching_case` makes the same case of it."""
        return self.model_dump_json()


def read_teaching_case(text: str | bytes) -> TeachingCase:
    """The case that a JSON text holds.

    Raises:
        CaseError: it is no JSON, or a field is unknown, missing or not acceptable; the text says which.
    """
    try:
        return TeachingCase.model_validate_json(text)
    except ValidationError as error:
        raise CaseError(_refused(error)) from error


def checked(**fields: object) -> TeachingCase:
    """A case of these fields.

    Raises:
        CaseError: a field is unknown, missing or not acceptable; the text says which.
    """
    try:
        return TeachingCase.model_validate(fields)
    except ValidationError as error:
        raise CaseError(_refused(error)) from error


def _refused(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if not where and first["type"] != "value_error":
        where = "the text"
    said = first["msg"].removeprefix("Value error, ")
    told = f"{said[:1].lower()}{said[1:]}"
    return f"The teaching case cannot be used: {f'{where}: {told}' if where else told}."
