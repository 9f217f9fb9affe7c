"""Answers in other words than the check was made with, over chats made up here: ``other_words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answers.answer import Evidence
from assistant.grounding import Facts
from tests.grounding.chats import chat, evidence, image, reading
from tests.grounding.strangers import Written

_FILE = Path(__file__).with_suffix(".toml")


def gaps() -> frozenset[str]:
    """The answers that the check does not judge rightly yet."""
    told = _read()["gaps"]
    return frozenset((*told["marked"], *told["missed"]))


def in_other_words() -> list[Written]:
    """The answers of the file, true ones and those with an error."""
    return [one for those in _read()["chat"] for one in _of(those)]


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _of(those: dict[str, Any]) -> Iterator[Written]:
    facts = _facts(those)
    for answer in those["true"]:
        yield Written("other words", facts, answer)
    for kind, answer, wrong in those["wrong"]:
        at = answer.index(wrong)
        yield Written("other words", facts, answer, (at, at + len(wrong)), kind)


def _facts(those: dict[str, Any]) -> Facts:
    images = [image(n, modality, part, score or None) for n, modality, part, score in those["images"]]
    matches = those.get("matches", ())
    return chat(images, [_said(one, matches) for one in those["said"]], [those["question"]])


def _said(one: list[Any], matches: list[list[Any]]) -> Evidence:
    tool, n, who, words = one
    if tool.startswith("read_"):
        return reading(n, words, model=who, skin=tool == "read_skin_image")
    told = evidence(tool, n, words, model=who)
    alike = [{"kind": "match", "image_id": f"img-{i}", "label": a, "similarity": s} for i, a, s in matches]
    return told if tool != "find_similar_cases" else replace(told, records=tuple(alike))
