"""Answers of strangers: written by people who had seen neither the check nor another set of answers.

A set (``tests/bench/blind/grounding_N.json``) is a list of cases: the chat's images, its evidence, the
question, an answer, whether it is true, and, where it is not, which words are wrong and what kind it is of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answers.answer import Evidence, ImageRef
from assistant.grounding import Facts, facts_of

FOLDER = Path(__file__).parents[1] / "bench" / "blind"
SETS = (1, 2, 3)


@dataclass(frozen=True)
class Written:
    """One answer over its chat; `wrong` is where its error is, None for a true answer."""

    of: str
    facts: Facts
    answer: str
    wrong: tuple[int, int] | None = None
    kind: str = ""


def written(path: Path) -> list[Written]:
    """The answers of a file."""
    return [_written(path.stem, one) for one in json.loads(path.read_text(encoding="utf-8"))]


def of_set(number: int) -> list[Written]:
    """The answers of one of the sets."""
    return written(FOLDER / f"grounding_{number}.json")


def _written(name: str, case: dict[str, Any]) -> Written:
    images = [_image(one) for one in case["images"]]
    evidence = [_evidence(one) for one in case["evidence"]]
    facts = facts_of(images, evidence, (), [case["question"]])
    if case["true"]:
        return Written(name, facts, case["answer"])
    at = case["answer"].index(case["error"])
    return Written(name, facts, case["answer"], (at, at + len(case["error"])), case["kind"])


def _image(one: dict[str, Any]) -> ImageRef:
    skin = one["modality"] in ("XC", "DMS")
    domain = "dermatology" if skin else "radiology" if one["modality"] else "unknown"
    known = one.get("known_from") or "file header"
    return ImageRef(f"img-{one['n']}", domain, one["modality"], one.get("body_part"), known, one.get("score"))


def _evidence(one: dict[str, Any]) -> Evidence:
    image = f"img-{one['image']}"
    records = tuple({"image_id": image, **record} for record in _records(one))
    model = one.get("model") or one["tool"]
    return Evidence(one["tool"], image, model, "1", 0.1, one["content"], records, {"question": ""})


def _records(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in (one.get("facts") or {}).items():
        yield {"kind": "fact", "name": name, "value": str(value)}
    for measure in one.get("measurements") or ():
        named = {"name": measure["name"], "value": float(measure["value"]), "unit": measure.get("unit") or ""}
        yield {"kind": "measurement", "text": "", "source": "", **named}
    if one.get("finding"):
        yield {"kind": "finding", "label": "reading", "text": one["finding"], "model": one["model"]}
    for match in one.get("matches") or ():
        likeness = {name: match.get(name) for name in ("label", "similarity", "rank")}
        yield {"kind": "match", "case_id": "c", "key": "0" * 64, **likeness}
