"""Which cases a user wants to import: a CSV, a folder with one CSV, or sub-folders named for labels.

Reads the table, not the pictures; paths stay inside the folder of the table. Nothing here raises for one
bad row: it is reported and skipped.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from store.cases.cells import Cells, Skipped, read_sheet
from store.cases.columns import clean
from store.cases.finding import Pictures, several
from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file
from store.records import Modality

_RULE = (
    "Only pictures in that folder and its sub-folders are: put the table into a folder above all of them, "
    "or copy them beside it."
)


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
    tables = sorted(
        p for p in path.iterdir() if p.suffix.lower() in (".csv", ".tsv") and not p.name.startswith(".")
    )
    if len(tables) > 1:
        names = ", ".join(p.name for p in tables)
        raise CaseError(f"The folder holds several tables ({names}). Name the one to import.")
    return _read_csv(tables[0]) if tables else _read_folder(path)


def _read_folder(folder: Path) -> CaseTable:
    rows: list[Row | Skipped] = []
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.startswith("."):
                continue
            relative = (Path(where) / name).relative_to(folder)
            label = clean(relative.parts[0], 100)
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
    try:
        sheet, pictures = read_sheet(path), Pictures(path.parent)
    except CaseError as error:  # it may lie among others
        raise CaseError(f"{clean(path.name)!r} cannot be used as a table of cases. {error}") from error
    rows = tuple(row if isinstance(row, Skipped) else _row(row, pictures) for row in sheet.rows)
    return CaseTable(rows, sheet.notices)


def _row(cells: Cells, pictures: Pictures) -> Row | Skipped:
    found = pictures.find(cells.name)
    if not found:
        reason = f"The image {cells.name!r} is not there. Paths are relative to the table."
        return Skipped(cells.line, reason, "The images are not there. Paths are relative to the table.")
    if len(found) > 1:
        fits = several(pictures.folder, found)
        reason = f"The image {cells.name!r} can be {fits}. Write its path and ending into the table."
        return Skipped(cells.line, reason)
    told = {column: text for column, text in cells.told.items() if column != "modality"}
    row = Row(found[0], cells.name, line=cells.line, modality=cells.modality, **told)
    return _confined(row, pictures.folder)


def _confined(row: Row, folder: Path) -> Row | Skipped:
    """Refuse what lies outside the folder, be it by ``..``, an absolute path, or a link."""
    if row.path.resolve().is_relative_to(folder.resolve()):
        return row
    reason = f"The image {clean(row.name)!r} lies outside the folder of the table, so it is not read. {_RULE}"
    of_all = f"The images lie outside the folder of the table, so they are not read. {_RULE}"
    return Skipped(row.line, reason, of_all)
