"""Chats with their evidence, for answers to be checked against. All of it is made up here."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers.answer import Evidence, ImageRef, Refused
from assistant.grounding import Facts, facts_of
from store.records import Fact, Finding, Gate, Match, Measurement, Neighbours, Record, View


@dataclass(frozen=True)
class Case:
    """One answer, true to its chat."""

    name: str
    facts: Facts
    answer: str


def image(n: int, modality: str | None, body_part: str | None = None, score: float | None = None) -> ImageRef:
    """Image ``img-n``."""
    skin = modality in ("XC", "DMS")
    domain = "dermatology" if skin else "radiology" if modality else "unknown"
    known = "pixels" if score is not None else "file header"
    return ImageRef(f"img-{n}", domain, modality, body_part, known, score)


def evidence(
    tool: str, n: int, content: str, *records: Record, model: str = "", question: str = ""
) -> Evidence:
    """What a tool said of ``img-n``."""
    dumped = tuple(record.model_dump(mode="json") for record in records)
    return Evidence(tool, f"img-{n}", model or tool, "1", 0.1, content, dumped, {"question": question})


def reading(
    n: int, text: str, *, model: str = "radiographer", skin: bool = False, question: str = ""
) -> Evidence:
    """What a reading model said of ``img-n``."""
    finding = Finding(image_id=f"img-{n}", label="reading", text=text, model=model)
    tool = "read_skin_image" if skin else "read_radiograph"
    return evidence(tool, n, f"{model} says of img-{n}: “{text}”", finding, model=model, question=question)


def measured(n: int, *values: tuple[str, float, str, str]) -> Evidence:
    """Measurements of a lesion: name, value, unit, sentence."""
    records = [
        Measurement(image_id=f"img-{n}", name=name, value=value, unit=unit, text=text, source="a book")
        for name, value, unit, text in values
    ]
    return evidence("measure_lesion", n, " ".join(record.text for record in records), *records)


def inspected(n: int, content: str, *facts: tuple[str, str], modality: str = "DX") -> Evidence:
    """What an image's file and pixels say."""
    records = [Fact(image_id=f"img-{n}", name=name, value=value) for name, value in facts]
    domain = "dermatology" if modality in ("XC", "DMS") else "radiology"
    gate = Gate(image_id=f"img-{n}", domain=domain, modality=modality, known_from="file header")  # type: ignore[arg-type]
    return evidence("inspect_image", n, content, gate, *records)


def look_alikes(n: int, counts: dict[str, int], similarity: float, content: str) -> Evidence:
    """Look-alikes of ``img-n`` from the case library."""
    name, k = f"img-{n}", sum(counts.values())
    panel = Neighbours(
        image_id=name,
        counts=counts,
        near=True,
        collection="mine",
        encoder="e 1",
        size=140,
        precision=0.43,
        chance=0.17,
    )
    labels = [label for label, count in counts.items() for _ in range(count)]
    matches = [
        Match(image_id=name, case_id=f"c{i}", label=label, similarity=similarity - i / 100, key="0" * 64)
        for i, label in enumerate(labels[:k])
    ]
    return evidence("find_similar_cases", n, content, panel, *matches)


def slice_shown(n: int, index: int, frames: int) -> Evidence:
    """The user moved to another slice."""
    record = View(image_id=f"img-{n}", index=index, frame_count=frames)
    return evidence("show_slice", n, f"Now showing img-{n}, slice {index + 1} of {frames}.", record)


def chat(
    images: list[ImageRef], said: list[Evidence], questions: list[str], refused: list[Refused] | None = None
) -> Facts:
    """The facts of a chat."""
    return facts_of(images, said, refused or [], questions)


def cases(name: str, facts: Facts, *answers: str) -> list[Case]:
    """Answers over one chat."""
    return [Case(f"{name}-{n}", facts, answer) for n, answer in enumerate(answers, start=1)]
