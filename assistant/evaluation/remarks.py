"""What is odd about a file of questions and no reason to refuse it, with the lines where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.evaluation.questions import FIELDS, Question

_SHOWN = 5
"""How many lines a remark names. Ours: what is converted from elsewhere has the same remark on every line."""


def remarks(questions: Sequence[Question], folder: Path) -> list[str]:
    """A sentence for everything odd.

    Args:
        questions: those of the file.
        folder: where the file lies.
    """
    lines: dict[str, list[int]] = {}
    for one in questions:
        for what in dict.fromkeys(_odd(one, folder.resolve())):
            lines.setdefault(what, []).append(one.line)
    return [f"{what}: {_places(where)}." for what, where in lines.items()]


def another_question(lines: Sequence[int]) -> list[str]:
    """What is said of lines whose question was changed since it was answered; nothing without any."""
    what = "Another question, option or image stood here when this was answered, so it is not scored"
    return [f"{what}: {_places(lines)}."] if lines else []


def _odd(one: Question, folder: Path) -> Iterator[str]:
    for name in one.unknown:
        yield f"The field {name!r} is not known and was left alone (known are {', '.join(FIELDS)})"
    if not all(image.resolve().is_relative_to(folder) for image in one.images):
        yield "Images outside the folder of the questions are read"


def _places(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN]))
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"
