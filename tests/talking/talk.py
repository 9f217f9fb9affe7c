"""Builders of conversations for the planner's tests."""

from __future__ import annotations

from assistant.planning.conversation import Conversation, ImageRow, PastTurn, Result
from assistant.planning.tongue import language_of
from store.records import Fact, Gate, Match, Measurement, Neighbours, Quality, Record
from tools.language.sayings import FIRST, languages

SKIN = {"domain": "dermatology", "modality": "XC", "score": 0.91}
CHEST = {"domain": "radiology", "modality": "DX", "body_part": "chest", "score": 0.88}
CT = {
    "domain": "radiology",
    "modality": "CT",
    "body_part": "abdomen",
    "known_from": "file header",
    "frames": 40,
}


def row(n: int, kind: dict[str, object], **more: object) -> ImageRow:
    """Image row ``img-n``."""
    return ImageRow(id=f"img-{n}", width=640, height=480, **{**kind, **more})  # type: ignore[arg-type]


def talk(question: str, *rows: ImageRow, attached: tuple[str, ...] = (), **more: object) -> Conversation:
    """A conversation at the moment of a question."""
    spoken = language_of(question)
    language = spoken if spoken in languages() else FIRST
    return Conversation(question, attached, rows, **{"spoken": spoken, "language": language, **more})  # type: ignore[arg-type]


def asked(question: str, *image_ids: str, tool: str = "inspect_image") -> PastTurn:
    """An earlier turn in which a tool looked at images."""
    return PastTurn(question, (), tuple(Result(tool, i, "said") for i in image_ids), "answer")


def inspected(image: ImageRow, *more: Record) -> Result:
    """What `inspect_image` gives."""
    gate = Gate(
        image_id=image.id,
        domain=image.domain,  # type: ignore[arg-type]
        modality=image.modality,  # type: ignore[arg-type]
        body_part=image.body_part,
        known_from=image.known_from,  # type: ignore[arg-type]
        score=image.score,
    )
    facts = (Fact(image_id=image.id, name="file type", value="DICOM"),)
    quality = (Quality(image_id=image.id, name="sharpness", value=90.0),)
    return Result("inspect_image", image.id, "inspected", (gate, *facts, *quality, *more), "image inspector")


def measured(image_id: str, **values: float) -> Result:
    """What `measure_lesion` gives: asymmetry, border irregularity, … by name with underscores."""
    records = tuple(
        Measurement(
            image_id=image_id,
            name=name.replace("_", " "),
            value=value,
            unit="%",
            text=f"The {name.replace('_', ' ')} is {value:g} %.",
            definition=f"how {name} is defined",
            source="A book, 1999",
        )
        for name, value in values.items()
    )
    return Result("measure_lesion", image_id, "measured", records, "lesion meter")


def refused(tool: str, image_id: str, reason: str) -> Result:
    """A tool that did not run."""
    return Result(tool, image_id, reason, refused=True)


def neighbours(image_id: str, *, near: bool = True, precision: float | None = 0.39) -> Result:
    """What `find_similar_cases` gives."""
    panel = Neighbours(
        image_id=image_id,
        counts={"nevus": 4, "melanoma": 2},
        near=near,
        collection="casebook-skin-1",
        encoder="casebook-skin 1",
        size=120,
        precision=precision,
        chance=None if precision is None else 0.14,
    )
    labels = ["nevus"] * 4 + ["melanoma"] * 2
    matches = tuple(
        Match(image_id=image_id, case_id=f"c{i}", label=label, similarity=0.9 - i / 100, key="0" * 64)
        for i, label in enumerate(labels)
    )
    return Result("find_similar_cases", image_id, "found", (panel, *matches), "casebook-skin")
