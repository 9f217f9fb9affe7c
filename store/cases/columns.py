"""What the columns of a table mean: those of Casebook's own, and those that published sets call otherwise."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.errors import CaseError

COLUMNS = ("label", "caption", "modality", "body_part", "group", "source", "licence")
"""What a table may say of a case, beside the column that names it."""

# Ours: longer texts are cut with an ellipsis.
LONGEST_OTHER = 200

# In order: of several that a table has, the first counts. Source: the tables of the ISIC archive and its
# challenges, HAM10000, PAD-UFES-20, Fitzpatrick17k, DDI and ChestX-ray14. A column of patients is left
# out, as it may hold names or numbers of people.
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "image": (
        *(
            "image_id",
            "isic_id",
            "img_id",
            "image_name",
            "image_index",
            "image_path",
            "file_name",
            "filename",
        ),
        *("ddi_file", "md5hash", "file", "path"),
    ),
    "label": ("dx", "diagnosis", "diagnostic", "diagnosis_1", "disease", "class", "finding_labels"),
    "group": ("lesion_id",),
    "licence": ("license", "copyright_license"),
    "source": ("attribution",),
}
# How a column of one label each marks a case as its own or not; ISIC 2018 and 2019 write 1.0.
_MARKS = {"0": False, "0.0": False, "1": True, "1.0": True}


@dataclass(frozen=True)
class Columns:
    """What each column of a table is.

    Attributes:
        names: in the order of the table, known ones by their own name.
        marking: places of the columns of one label each, and that label; empty where a column is the label.
        notices: sentences about what was understood and what was not.
    """

    names: tuple[str, ...]
    marking: Mapping[int, str]
    notices: tuple[str, ...]


def settle(
    header: Sequence[str], rows: Sequence[Sequence[str]], name: str, synonyms: tuple[str, ...]
) -> Columns:
    """Say what the columns of a table are.

    Args:
        header: the cells of its first line.
        rows: the cells of all others; they tell columns of one label each.
        name: the column that names a case.
        synonyms: what that column may be called as well, before those of published sets.

    Raises:
        CaseError: a column is missing, there twice, or misspelt.
    """
    accepted = (name, *COLUMNS)
    given = [clean(cell).lower().replace(" ", "_").replace("-", "_") for cell in header]
    told = f"Accepted columns: {', '.join(accepted)} ({name} and label are needed)."
    taken = _taken(given, accepted, {**_SYNONYMS, name: (*synonyms, *_SYNONYMS.get(name, ()))})
    names = tuple(taken.get(place, one) for place, one in enumerate(given))
    if len(set(taken.values())) != len(taken):
        raise CaseError(f"The table names a column twice. {told}")
    marking = {} if "label" in taken.values() else _marking(header, rows, taken)
    extra = [one for place, one in enumerate(given) if place not in taken and place not in marking]
    _refuse_misspelt(extra, set(accepted) - set(taken.values()), told)
    missing = [
        one for one in (name, "label") if one not in taken.values() and not (one == "label" and marking)
    ]
    if missing:
        raise CaseError(f"The table has no column {' and no column '.join(missing)}. {told}")
    return Columns(names, marking, _notices(given, taken, marking, extra))


def marked(cells: Sequence[str], marking: Mapping[int, str]) -> list[str]:
    """The labels that a row marks as its own."""
    return [label for place, label in marking.items() if _MARKS.get(_cell(cells, place), False)]


def clean(text: str, longest: int = LONGEST_OTHER) -> str:
    """Make a cell printable: one line, no control or direction characters, at most `longest` characters."""
    kept = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    short = unicodedata.normalize("NFC", " ".join(kept.split()))
    return short if len(short) <= longest else short[: longest - 1] + "…"


def _taken(
    given: Sequence[str], accepted: Sequence[str], synonyms: Mapping[str, tuple[str, ...]]
) -> dict[int, str]:
    """Which places hold an accepted column: by its own name, else by the first other name that is there."""
    taken = {place: one for place, one in enumerate(given) if one in accepted}
    for column in accepted:
        if column in taken.values():
            continue
        named = next((one for one in synonyms.get(column, ()) if one in given), None)
        taken |= {place: column for place, one in enumerate(given) if one == named}
    return taken


def _marking(
    header: Sequence[str], rows: Sequence[Sequence[str]], taken: Mapping[int, str]
) -> dict[int, str]:
    """Columns that hold nothing but 0 and 1, as tables have that give every label a column."""
    places = [
        place
        for place in range(len(header))
        if place not in taken and rows and all(_cell(cells, place) in _MARKS for cells in rows)
    ]
    return {place: clean(header[place]) for place in places} if len(places) > 1 else {}


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _refuse_misspelt(extra: Sequence[str], open_columns: set[str], told: str) -> None:
    for one in extra:
        meant = difflib.get_close_matches(one, sorted(open_columns), 1, cutoff=0.75)
        if meant:
            raise CaseError(f"The column {one!r} is not known; did you mean {meant[0]!r}? {told}")


def _notices(
    given: Sequence[str], taken: Mapping[int, str], marking: Mapping[int, str], extra: Sequence[str]
) -> tuple[str, ...]:
    notices = []
    other = [f"{given[place]} as {column}" for place, column in taken.items() if given[place] != column]
    if other:
        notices.append(f"Columns taken by another name: {', '.join(other)}.")
    if marking:
        notices.append(f"The label is the column that a row marks with 1: {', '.join(marking.values())}.")
    if extra:
        notices.append(f"Ignored columns: {', '.join(one or '(no name)' for one in extra)}.")
    return tuple(notices)
