"""Which cases a user wants to import: a CSV, a folder with one CSV, or sub-folders named for labels.

Reads the table, not the pictures. Every cell is data: cleaned, shortened, and never acted upon; paths
stay inside the folder of the table. Nothing here raises for one bad row: it is reported and skipped.
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, get_args

from store.errors import CaseError
from store.file_kind import refuse_no_file
from store.records import Modality

COLUMNS = ("image", "label", "caption", "modality", "body_part", "group", "source", "licence")
_REQUIRED = ("image", "label")
_SYNONYMS = {"license": "licence"}
# Ours: longer texts are cut with an ellipsis, so that a card stays a card.
_LONGEST = {"image": 1_000, "caption": 2_000, "label": 100}
_LONGEST_OTHER = 200
# Ours: a million rows of 60 characters; more than that is no table of cases.
_LARGEST_TABLE_BYTES = 64 * 1024 * 1024

_RULE = (
    "Only pictures in that folder and its sub-folders are: put the table into a folder above all of them, "
    "or copy them beside it."
)

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
class Row:
    """One case to import: a picture inside the folder of the table, and what the table says of it."""

    path: Path
    name: str
    label: str
    line: int | None = None
    caption: str = ""
    modality: Modality | None = None
    body_part: str = ""
    group: str = ""
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class CaseTable:
    """All rows in the order given, and sentences about the table as a whole."""

    rows: tuple[Row | Skipped, ...]
    notices: tuple[str, ...] = ()


def read_table(path: Path) -> CaseTable:
    """Find out what to import.

    Args:
        path: a CSV file; a folder with exactly one CSV; or a folder whose sub-folders are labels.

    Raises:
        CaseError: there is nothing of the kind, or the table as a whole cannot be used.
    """
    if path.is_file():
        return _read_csv(path)
    refuse_no_file(path, path.name)
    if not path.is_dir():
        raise CaseError(f"There is no file or folder {path.name!r}. Give a CSV file or a folder of images.")
    tables = sorted(p for p in path.iterdir() if p.suffix.lower() == ".csv" and not p.name.startswith("."))
    if len(tables) > 1:
        names = ", ".join(p.name for p in tables)
        raise CaseError(f"The folder holds several tables ({names}). Name the one to import.")
    return _read_csv(tables[0]) if tables else _read_folder(path)


def clean(text: str, longest: int = _LONGEST_OTHER) -> str:
    """Make a cell printable: one line, no control or direction characters, at most `longest` characters."""
    kept = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    short = unicodedata.normalize("NFC", " ".join(kept.split()))
    return short if len(short) <= longest else short[: longest - 1] + "…"


def _read_folder(folder: Path) -> CaseTable:
    rows: list[Row | Skipped] = []
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.startswith("."):
                continue
            relative = (Path(where) / name).relative_to(folder)
            label = clean(relative.parts[0], _LONGEST["label"])
            if len(relative.parts) == 1:
                reason = f"{clean(name)!r} lies in no sub-folder, so it has no label."
                rows.append(Skipped(None, reason))
            else:
                rows.append(_confined(Row(folder / relative, str(relative), label), folder))
    if not rows:
        raise CaseError(
            "The folder holds no table and no images. Put a CSV with the columns image and label in it, "
            "or one sub-folder of images per label."
        )
    return CaseTable(tuple(rows))


def _read_csv(path: Path) -> CaseTable:
    refuse_no_file(path, path.name)
    text, notices = _decode(path)
    lines = _records(text)
    try:
        first = next(lines, None)
    except csv.Error:
        first = None
    if first is None:
        raise CaseError(f"The table is empty. Its first line must name the columns: {', '.join(COLUMNS)}.")
    columns, notice = _columns(first[1])
    rows = tuple(_rows(lines, columns, path.parent))
    if not rows:
        raise CaseError("The table has no rows below its header. Add one row per picture: image, label, …")
    return CaseTable(rows, (*notices, *([notice] if notice else [])))


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


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line each record starts on, and its cells; blank lines are passed over."""
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _columns(header: list[str]) -> tuple[list[str], str]:
    names = [clean(cell).lower().replace(" ", "_").replace("-", "_") for cell in header]
    names = [_SYNONYMS.get(name, name) for name in names]
    accepted = f"Accepted columns: {', '.join(COLUMNS)} (image and label are needed)."
    known = [name for name in names if name in COLUMNS]
    if len(known) != len(set(known)):
        raise CaseError(f"The table names a column twice. {accepted}")
    extra = [name for name in names if name not in COLUMNS]
    for name in extra:
        meant = difflib.get_close_matches(name, set(COLUMNS) - set(known), 1, cutoff=0.75)
        if meant:
            raise CaseError(f"The column {name!r} is not known; did you mean {meant[0]!r}? {accepted}")
    missing = [name for name in _REQUIRED if name not in known]
    if missing:
        raise CaseError(f"The table has no column {' and no column '.join(missing)}. {accepted}")
    shown = ", ".join(name or "(no name)" for name in extra)
    return names, f"Ignored columns: {shown}." if extra else ""


def _rows(
    lines: Iterator[tuple[int, list[str]]], columns: list[str], folder: Path
) -> Iterator[Row | Skipped]:
    line = 1
    try:
        for line, cells in lines:
            yield _row(line, cells, columns, folder)
    except csv.Error:
        reason = "From the next line on the table cannot be read: a quotation mark is not closed."
        yield Skipped(line, reason)


def _row(line: int, cells: list[str], columns: list[str], folder: Path) -> Row | Skipped:
    if len(cells) > len(columns):
        return Skipped(
            line, f"It has {len(cells)} cells, the header {len(columns)}; quote texts that contain commas."
        )
    given = dict(zip(columns, cells, strict=False))
    values = {name: clean(given.get(name, ""), _LONGEST.get(name, _LONGEST_OTHER)) for name in COLUMNS}
    if not values["image"] or not values["label"]:
        return Skipped(line, f"The {'image' if not values['image'] else 'label'} is missing.")
    modality = MODALITY_OF_WORD.get(values["modality"].lower())
    if values["modality"] and modality is None:
        accepted = ", ".join(get_args(Modality))
        return Skipped(
            line,
            f"The modality {values['modality']!r} is not known. Accepted: {accepted}, words such as "
            "dermoscopy, clinical photo, X-ray, MRI, ultrasound, mammogram, or nothing.",
        )
    name = values["image"]
    found = _find(folder, name)
    if found is None:
        reason = f"The image {name!r} is not there. Paths are relative to the table."
        return Skipped(line, reason, "The images are not there. Paths are relative to the table.")
    row = Row(
        found,
        name,
        values["label"],
        line,
        values["caption"],
        modality,
        values["body_part"].lower(),
        values["group"],
        values["source"],
        values["licence"],
    )
    return _confined(row, folder)


def _find(folder: Path, name: str) -> Path | None:
    # Tables made on Windows write \, file names made on a Mac are decomposed.
    written = (name, name.replace("\\", "/"))
    for form in [f(w) for w in written for f in (str, _composed, _decomposed)]:
        try:
            if (folder / form).is_file():
                return folder / form
        except OSError:  # a name longer than the file system allows
            return None
    return None


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _confined(row: Row, folder: Path) -> Row | Skipped:
    """Refuse what lies outside the folder, be it by ``..``, an absolute path, or a link."""
    if row.path.resolve().is_relative_to(folder.resolve()):
        return row
    reason = f"The image {clean(row.name)!r} lies outside the folder of the table, so it is not read. {_RULE}"
    of_all = f"The images lie outside the folder of the table, so they are not read. {_RULE}"
    return Skipped(row.line, reason, of_all)
