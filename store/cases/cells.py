"""A user's table of cases as cells: which columns it has, and each row cleaned, or why it cannot be used.

Every cell is data: cleaned, shortened, and never acted upon. Nothing here raises for one bad row: it is
reported and skipped.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, get_args

from store.cases.columns import COLUMNS, LONGEST_OTHER, Columns, clean, marked, settle
from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from store.records import Modality

# Ours: longer texts are cut with an ellipsis, so that a card stays a card.
_LONGEST = {"image": 1_000, "key": 1_000, "caption": 2_000, "label": 100}
# Ours: a million rows of 60 characters; more than that is no table of cases.
_LARGEST_TABLE_BYTES = 64 * 1024 * 1024

# Common words for the DICOM codes. Source of the codes: DICOM PS3.3 C.7.3.1.1.1.
MODALITY_OF_WORD: dict[str, Modality] = {
    **{code.lower(): code for code in get_args(Modality)},
    "x-ray": "DX",
    "xray": "DX",
    "x ray": "DX",
    "radiograph": "DX",
    "radiography": "DX",
    "digital radiography": "DX",
    "computed radiography": "CR",
    "mri": "MR",
    "magnetic resonance": "MR",
    "ct scan": "CT",
    "computed tomography": "CT",
    "ultrasound": "US",
    "sonography": "US",
    "mammogram": "MG",
    "mammography": "MG",
    "dermoscopy": "DMS",
    "dermatoscopy": "DMS",
    "dermoscopic": "DMS",
    "clinical photo": "XC",
    "clinical photograph": "XC",
    "photo": "XC",
    "photograph": "XC",
}


class Skipped(NamedTuple):
    """One row that was not imported.

    Attributes:
        line: where it starts; None when there is no table.
        reason: why, of this row.
        of_all: why, of rows that share the reason; `reason` if empty.
    """

    line: int | None
    reason: str
    of_all: str = ""


@dataclass(frozen=True)
class Cells:
    """One row whose cells can be used.

    Attributes:
        line: where it starts.
        name: what names the case: a file, or a key.
        told: the other columns by name, "" where nothing is said; the modality is a DICOM code.
    """

    line: int
    name: str
    told: dict[str, str]

    @property
    def label(self) -> str:
        """What the source calls it."""
        return self.told["label"]

    @property
    def modality(self) -> Modality | None:
        """DICOM code, or None for unknown."""
        return MODALITY_OF_WORD.get(self.told["modality"].lower())


@dataclass(frozen=True)
class Sheet:
    """All rows in the order given, and sentences about the table as a whole."""

    rows: tuple[Cells | Skipped, ...]
    notices: tuple[str, ...]


def read_sheet(path: Path, name: str = "image", synonyms: tuple[str, ...] = ()) -> Sheet:
    """Read a CSV file.

    Args:
        path: the file.
        name: the column that names a case.
        synonyms: what that column may be called as well.

    Raises:
        CaseError: the table as a whole cannot be used.
    """
    refuse_no_file(path, path.name)
    text, notices = _decode(path)
    lines = list(_records(text))
    accepted = (name, *COLUMNS)
    if not lines or isinstance(lines[0], Skipped):
        raise CaseError(f"The table is empty. Its first line must name the columns: {', '.join(accepted)}.")
    header, *rest = lines
    cells = [one[1] for one in rest if not isinstance(one, Skipped)]
    columns = settle(header[1], cells, name, synonyms)
    rows = tuple(one if isinstance(one, Skipped) else _row(*one, columns, accepted) for one in rest)
    if not rows:
        raise CaseError(f"The table has no rows below its header. Add one row per case: {name}, label, …")
    return Sheet(rows, (*notices, *columns.notices))


def _decode(path: Path) -> tuple[str, tuple[str, ...]]:
    if path.stat().st_size > _LARGEST_TABLE_BYTES:
        raise CaseError("The table is larger than 64 MiB. Split it into several tables.")
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    notices: tuple[str, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        notices = ("The table is not UTF-8; it was read as Windows-1252. Check labels with accents.",)
    if "\0" in text:
        raise CaseError("This is not a table of text. Give a CSV file in UTF-8.")
    return text, notices


def _records(text: str) -> Iterator[tuple[int, list[str]] | Skipped]:
    """Yield the line each record starts on, and its cells; blank lines are passed over.

    What cannot be read ends the table: then the last is why.
    """
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    last = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
                last = start
            start = reader.line_num + 1
    except csv.Error:
        reason = "From the next line on the table cannot be read: a quotation mark is not closed."
        yield Skipped(last, reason)


def _row(line: int, cells: list[str], columns: Columns, accepted: tuple[str, ...]) -> Cells | Skipped:
    if len(cells) > len(columns.names):
        return Skipped(
            line,
            f"It has {len(cells)} cells, the header {len(columns.names)}; quote texts that contain commas.",
        )
    given = dict(zip(columns.names, cells, strict=False))
    if columns.marking:
        labels = marked(cells, columns.marking)
        if len(labels) != 1:
            return Skipped(
                line, f"It marks {len(labels)} labels ({', '.join(labels) or 'none'}); one is needed."
            )
        given["label"] = labels[0]
    told = {name: clean(given.get(name, ""), _LONGEST.get(name, LONGEST_OTHER)) for name in accepted}
    name = told.pop(accepted[0])
    if not name or not told["label"]:
        return Skipped(line, f"The {accepted[0] if not name else 'label'} is missing.")
    if told["modality"] and told["modality"].lower() not in MODALITY_OF_WORD:
        return Skipped(line, _unknown_modality(told["modality"]))
    told["body_part"] = told["body_part"].lower()
    return Cells(line, name, told)


def _unknown_modality(given: str) -> str:
    codes = ", ".join(get_args(Modality))
    return (
        f"The modality {given!r} is not known. Accepted: {codes}, words such as dermoscopy, clinical photo, "
        "X-ray, MRI, ultrasound, mammogram, or nothing."
    )
