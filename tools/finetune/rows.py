"""The user's table of pictures and texts, checked row by row before anything is trained.

Columns: ``image`` (a path inside the table's folder), ``text`` (what the reader shall answer); ``question``
and ``group`` may be there. Rows of one group (a patient) are never on both sides of the split.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.errors import CaseError

REQUIRED = ("image", "text")
SHOWN = 5
"""How many bad rows an error names."""

VALIDATION = 0.1
"""Share of rows kept for validation. Ours."""


@dataclass(frozen=True)
class Example:
    """One row.

    Attributes:
        line: in the table, the header is line 1.
        image: the picture's file.
        question: what is asked; empty for the recipe's.
        text: the answer to learn.
        group: rows that belong together; the picture's own path where the table names none.
    """

    line: int
    image: Path
    question: str
    text: str
    group: str


def read_examples(table: Path) -> tuple[Example, ...]:
    """All rows of the CSV file `table`.

    Raises:
        CaseError: it is no such table, or rows cannot be used; they are named by line.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CaseError(f"There is no file {table.name!r}. Give a CSV file with image and text.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{table.name} cannot be read as text. Save it as CSV in UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    examples: list[Example] = []
    bad: list[tuple[int, str]] = []
    try:
        if missing := [name for name in REQUIRED if name not in (reader.fieldnames or ())]:
            raise CaseError(
                f"{table.name} has no column {' and no column '.join(missing)}. Casebook reads image, text "
                "and, where they are there, question and group."
            )
        for row in reader:
            found = _example(row, reader.line_num, table.parent)
            if isinstance(found, str):
                bad.append((reader.line_num, found))
            else:
                examples.append(found)
    except csv.Error as error:
        raise CaseError(
            f"{table.name} is not a table of comma-separated values near its line "
            f"{reader.line_num}. Save it as CSV again."
        ) from error
    refuse(bad)
    if not examples:
        raise CaseError(f"{table.name} has no rows below its header. Give one row per picture.")
    return tuple(examples)


def refuse(bad: Sequence[tuple[int, str]]) -> None:
    """Raise if there are bad rows.

    Raises:
        CaseError: names the first by line, with the reason.
    """
    if not bad:
        return
    told = " ".join(f"Line {line}: {reason}" for line, reason in bad[:SHOWN])
    more = f" And {len(bad) - SHOWN} more." if len(bad) > SHOWN else ""
    count = "One row" if len(bad) == 1 else f"{len(bad)} rows"
    raise CaseError(f"{count} cannot be trained on. {told}{more} Mend or remove them; nothing was trained.")


def check_each(examples: Iterable[Example], problem: Callable[[Example], str | None]) -> None:
    """Look at every row.

    Args:
        examples: the rows.
        problem: says what is wrong with one, or None.

    Raises:
        CaseError: for the rows with a problem, by line.
    """
    refuse([(one.line, words) for one in examples if (words := problem(one))])


def split_by_group(examples: Sequence[Example]) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """Rows to train on and rows to validate on, no group on both sides, the same for the same table.

    Raises:
        CaseError: all rows are of one group.
    """
    sizes: dict[str, int] = {}
    for one in examples:
        sizes[one.group] = sizes.get(one.group, 0) + 1
    if len(sizes) < 2:
        raise CaseError("All rows are of one group, so none can be kept for validation. Give more groups.")
    # A hash, not a shuffle: a row added later moves no other group to the other side of the order.
    order = sorted(sizes, key=lambda group: hashlib.sha256(group.encode()).digest())
    kept: set[str] = set()
    count = 0
    for group in order[:-1]:
        if count >= VALIDATION * len(examples):
            break
        kept.add(group)
        count += sizes[group]
    return (
        tuple(one for one in examples if one.group not in kept),
        tuple(one for one in examples if one.group in kept),
    )


def _example(row: dict[str, str | None], line: int, folder: Path) -> Example | str:
    """The row, or what is wrong with it."""
    cells = {name: (row.get(name) or "").strip() for name in (*REQUIRED, "question", "group")}
    if None in row:
        return "it has more cells than the header."
    if missing := [name for name in REQUIRED if not cells[name]]:
        return f"{' and '.join(missing)} empty."
    path = folder / cells["image"]
    if not path.resolve().is_relative_to(folder.resolve()):
        return f"the picture {cells['image']!r} lies outside the table's folder."
    if not path.is_file():
        return f"there is no picture {cells['image']!r}."
    return Example(line, path, cells["question"], cells["text"], cells["group"] or cells["image"])
