"""`inspect_image`: what a file is, how that is known, its technical quality, and CT tissue shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from store.pictures.image import Image
from store.records import Fact, Finding, Gate, Measurement, Quality, Record
from tools.cards import Card
from tools.checks.levels import levels
from tools.checks.quality import check_quality
from tools.context import CaseTool, ToolTurn, case_tool, evidence, gives_the_same
from tools.gate.modality import describe
from tools.gate.second_opinion import may_be_asked, second_opinion
from tools.tissue import tissue_shares

if TYPE_CHECKING:
    from tools.models.installed_encoders import Encoders

CARD = Card(
    name="image inspector",
    checkpoint="built in",
    revision="3",
    modalities=(),
    input_contract="any image of the chat",
    labels=(),
    licence="Apache-2.0",
    intended_use="Say what a file is, how that is known, and whether it is technically fit for reading.",
    limits=(
        "It reads no anatomy and no disease.",
        "The kind of image is an estimate unless the file header states it; PubMedCLIP, if set up, gives a "
        "second opinion that changes nothing.",
    ),
    disclaimers=(),
    source="DICOM PS3.3; thresholds in tools/checks/quality.py and tools/tissue.py",
)


def inspect(image: Image, image_id: str, gate: Gate) -> list[Record]:
    """Everything that can be said about an image without a model.

    Returns:
        The gate, header facts, quality checks, and for CT with HU the tissue shares.
    """
    records: list[Record] = [gate]
    records += [Fact(image_id=image_id, name="file type", value=image.file_type)]
    records += [Fact(image_id=image_id, name=name, value=value) for name, value in image.facts.items()]
    records += [Fact(image_id=image_id, name=name, value=value) for name, value in _scale(image)]
    records += [Fact(image_id=image_id, name=name, value=value) for name, value in levels(image)]
    records += [Fact(image_id=image_id, name="how it was read", value=note) for note in image.notes]
    records += check_quality(image, image_id, gate.domain)
    records += tissue_shares(image, image_id)
    return records


def _scale(image: Image) -> Iterator[tuple[str, str]]:
    """How large the whole picture is by its file's scale, and what has to be said with that."""
    if image.spacing_mm and "scaled region" not in image.facts:
        (width, height), (down, across) = image.size, image.spacing_mm
        yield "extent", f"{width * across / 10:.1f} cm wide and {height * down / 10:.1f} cm tall"
    if image.scale_caution:
        yield "scale caution", image.scale_caution


def summary(image: Image, image_id: str, records: list[Record]) -> str:
    """The records in sentences, each with its source."""
    width, height = image.size
    gate = next(record for record in records if isinstance(record, Gate))
    opinions = [record.text for record in records if isinstance(record, Finding)]
    parts = [describe(gate), *opinions, f"{image_id} is a {image.file_type} of {width}×{height} pixels."]
    if image.frame_count > 1:
        parts.append(f"Slice or frame {image.index + 1} of {image.frame_count} is shown.")
    problems = [record.problem for record in records if isinstance(record, Quality) and record.problem]
    parts += problems or ["The technical checks found no problem."]
    shares = [record.text for record in records if isinstance(record, Measurement)]
    if shares:
        parts.append(f"By Hounsfield range, {', '.join(shares)}.")
    return " ".join(parts)


def build_inspect_image(encoders: Encoders | None = None) -> CaseTool:
    """The tool for an agent whose context is a `CaseContext`.

    Args:
        encoders: the encoding models there are; PubMedCLIP, if set up, is asked for a second opinion.
    """

    @case_tool
    def inspect_image(
        image_id: str,
        question: str,  # noqa: ARG001 - every image tool is given the user's words
        runtime: ToolTurn,
    ) -> tuple[str, dict[str, Any]]:
        """Say what an image is, how that is known, its quality, CT tissue shares. Reads no disease.

        Args:
            image_id: the image, such as img-1.
            question: the user's own question.
            runtime: given by the loop.
        """
        chat_image = runtime.context.images.get(image_id)
        image = chat_image.image
        records = inspect(image, image_id, chat_image.gate)
        if encoders:
            records += second_opinion(encoders, image, chat_image.gate, runtime)
        content = summary(image, image_id, records)
        return evidence(content, records, image_id=image_id, model=CARD.name, revision=CARD.revision)

    def version() -> str | None:
        # A second opinion waits for its turn, and gives up.
        return None if encoders and may_be_asked(encoders) else CARD.revision

    return gives_the_same(inspect_image, version)
