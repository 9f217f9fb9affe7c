"""A file of questions with known answers, one JSON object per line, checked before anything is asked."""

from __future__ import annotations

import hashlib
import json
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from tools.language.options import normalise

Kind = Literal["choice", "yes/no", "short"]
SHOWN = 20
"""How many bad lines an error names. Ours: more do not fit a terminal."""
FIELDS = ("id", "question", "answer", "image", "choices", "category", "group", "tool")
"""What a line may hold. Other fields are left alone, and named by ``assistant.evaluation.remarks``."""


@dataclass(frozen=True)
class Question:
    """One line of the file.

    Attributes:
        id: the file's own, or made from what is asked; the same in every run.
        line: in the file, the first is 1.
        question: the words.
        answer: what is right: a letter of `choices`, ``yes``, ``no``, or a few words.
        images: files, none for a question in words alone.
        choices: what each letter stands for; empty where there are none.
        categories: figures are given for each of them.
        group: items that are not independent, such as a patient's; its images where the line names none.
        tool: the tool that should be called, empty for none at all; None when the line does not say.
        unknown: fields of the line that were left alone.
        asked: a digest of what is asked: the words, the options and the pictures.
    """

    id: str
    line: int
    question: str
    answer: str
    images: tuple[Path, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    group: str = ""
    tool: str | None = None
    unknown: tuple[str, ...] = ()
    asked: str = ""

    @cached_property
    def kind(self) -> Kind:
        """How its answer is understood."""
        if self.choices:
            return "choice"
        return "yes/no" if self.answer in ("yes", "no") else "short"

    @property
    def words(self) -> str:
        """What is asked: the question, and below it the options."""
        return "\n".join([self.question, *(f"{letter}) {text}" for letter, text in self.choices.items())])


def read_questions(path: Path) -> list[Question]:
    """All questions of the file `path`.

    Raises:
        CaseError: it cannot be read, or lines cannot be asked; they are named.
    """
    refuse_no_file(path, path.name)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise CaseError(f"There is no file {path.name!r}. Give one with a JSON object per line.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            f"{path.name} cannot be read as text. Save it as UTF-8, one JSON object a line."
        ) from error
    found: list[Question] = []
    bad: list[str] = []
    ids: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_question(line, number, path.parent, ids))
            except CaseError as error:
                bad.append(f"Line {number}: {error}")
    _refuse(bad)
    if not found:
        raise CaseError(f"{path.name} has no questions. Give one JSON object per line: question and answer.")
    return _told_apart(found)


def _refuse(bad: Sequence[str]) -> None:
    if bad:
        more = [f"And {len(bad) - SHOWN} more."] if len(bad) > SHOWN else []
        raise CaseError("\n".join([*bad[:SHOWN], *more, "Mend or remove them; nothing was asked."]))


def _told_apart(questions: list[Question]) -> list[Question]:
    """The same line twice is two questions; ids that the file gives are different already."""
    seen: Counter[str] = Counter()
    apart = []
    for one in questions:
        seen[one.id] += 1
        apart.append(replace(one, id=f"{one.id}-{seen[one.id]}") if seen[one.id] > 1 else one)
    return apart


def _question(line: str, number: int, folder: Path, ids: dict[str, int]) -> Question:
    """The question of one line; the id that it names joins `ids` with its number.

    Raises:
        CaseError: what is wrong with it.
    """
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise CaseError("it is not a JSON object.")
    words, answer = _words(row, "question"), _words(row, "answer")
    choices = _choices(row.get("choices"))
    right = _right(answer, choices)
    names = _names(row.get("image"), folder)
    # Not of the answer: one that was mended in the file is still the answer to this question.
    asked = json.dumps([words, choices, names], ensure_ascii=False)
    made = hashlib.sha256(asked.encode()).hexdigest()[:12]
    return Question(
        id=_own_id(row, number, ids) or made,
        line=number,
        question=words,
        answer=right,
        images=tuple(folder / name for name in names),
        choices=choices,
        categories=_categories(row.get("category")),
        group=_label(row, "group") or " ".join(names) or made,
        tool=_tool(row.get("tool")),
        unknown=tuple(name for name in row if name not in FIELDS),
        asked=made,
    )


def _words(row: Mapping[str, Any], name: str) -> str:
    """A text that must be there. A number is refused: 5 may be a text, an option or the place of one."""
    given = row.get(name)
    if isinstance(given, int | float) and not isinstance(given, bool):
        raise CaseError(f'{name} is the number {given}; write it as text: "{given}".')
    if not (text := _text(given)):
        raise CaseError("question and answer must both be there, as text.")
    return text


def _label(row: Mapping[str, Any], name: str) -> str:
    """A text or a number as text; empty where the line has none."""
    given = row.get(name)
    if given is not None and (isinstance(given, bool) or not isinstance(given, str | int | float)):
        raise CaseError(f"{name} must be a text, a number or null.")
    return _text(given)


def _own_id(row: Mapping[str, Any], number: int, ids: dict[str, int]) -> str:
    """The id that the line names, which must be its own; empty where it names none."""
    if (own := _label(row, "id")) and ids.setdefault(own, number) != number:
        raise CaseError(f"its id {own!r} is that of line {ids[own]} too; give each its own.")
    return own


def _names(given: Any, folder: Path) -> list[str]:
    names = [given] if isinstance(given, str) else given or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise CaseError("image must be a path, a list of paths, or null.")
    if missing := [name for name in names if not (folder / name).exists()]:
        raise CaseError(f"there is no image {missing[0]!r}.")
    here = folder.resolve()
    if around := [name for name in names if here.is_relative_to((folder / name).resolve())]:
        raise CaseError(f"image {around[0]!r} is the folder that this file lies in, or one around it.")
    return names


def _categories(given: Any) -> tuple[str, ...]:
    listed = given if isinstance(given, list) else [given] if given else []
    read = [_text(one) for one in listed]
    if not all(read):
        raise CaseError("category must be a text or a list of texts.")
    return tuple(dict.fromkeys(read))


def _tool(given: Any) -> str | None:
    if given is not None and not isinstance(given, str):
        raise CaseError('tool must be the name of a tool, "" for none, or null where it does not matter.')
    return given


def _text(value: Any) -> str:
    """A text or a number as text; nothing else."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _choices(given: Any) -> dict[str, str]:
    """Options by letter, empty for none."""
    if given in (None, [], {}):
        return {}
    if isinstance(given, list):
        given = dict(zip(string.ascii_uppercase, given, strict=False)) if len(given) <= 26 else None
    read = (
        {str(letter).strip().upper(): _text(text) for letter, text in given.items()}
        if isinstance(given, dict)
        else {}
    )
    lettered = all(len(one) == 1 and one in string.ascii_uppercase for one in read)
    if not (isinstance(given, dict) and len(read) == len(given) > 1 and all(read.values()) and lettered):
        raise CaseError('choices must be a list of two texts or more, or an object: {"A": "…", "B": "…"}.')
    return read


def _right(answer: str, choices: Mapping[str, str]) -> str:
    """The right letter, ``yes`` or ``no``, or the words themselves."""
    if not choices:
        plain = normalise(answer)
        return plain if plain in ("yes", "no") else answer
    if (letter := answer.strip("(). ").upper()) in choices:
        return letter
    same = [letter for letter, text in choices.items() if normalise(text) == normalise(answer)]
    if len(same) != 1:
        raise CaseError(f"the answer {answer[:40]!r} is none of its choices, or more than one.")
    return same[0]
