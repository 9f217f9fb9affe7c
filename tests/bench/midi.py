"""How many of the actions that de-identification asks for were done in copies, by the ten names of MIDI-B.

    python -m tests.bench.midi                              on files drawn here, copied by `casebook privacy`
    python -m tests.bench.midi ANSWERS.csv SOURCES COPIES   on files of your own, copied with --keep-names

ANSWERS.csv has the columns file, action, attribute and value: the file below SOURCES, what is asked for, of
which attribute, and the text that is to stay or to go; for pixels_hidden the box (left top right bottom).
What is asked of a file without a copy has failed. The names are those of MIDI-B (Rutherford et al. 2025).
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import Dataset, dcmread

from tests.inputs.burned_in_text import ground, write
from tests.inputs.make_dicom import make_dicom, ramp

ACTIONS = (
    "tag_retained", "text_notnull", "text_retained", "text_removed", "date_shifted", "uid_changed",
    "pixels_hidden", "pixels_retained", "uid_consistent", "patid_consistent",
)  # fmt: skip
_OF_ALL = ("uid_consistent", "patid_consistent")


@dataclass(frozen=True)
class Asked:
    """One action that is asked for."""

    file: str
    action: str
    attribute: str = ""
    value: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.midi", description=__doc__.split("\n")[0])
    parser.add_argument("answers", type=Path, nargs="?", metavar="ANSWERS.csv")
    parser.add_argument("sources", type=Path, nargs="?", metavar="SOURCES")
    parser.add_argument("copies", type=Path, nargs="?", metavar="COPIES")
    given = parser.parse_args()
    if given.copies:
        with given.answers.open(newline="") as file:
            tell(score([Asked(**row) for row in csv.DictReader(file)], given.sources, given.copies))
        return
    with tempfile.TemporaryDirectory() as name:
        sources, copies = Path(name, "sources"), Path(name, "copies")
        asked = draw(sources)
        copy(sources, copies)
        tell(score(asked, sources, copies))


def score(asked: Iterable[Asked], sources: Path, copies: Path) -> dict[str, list[bool]]:
    """Whether each action was done, by its name.

    Raises:
        SystemExit: an action has none of the ten names.
    """
    found: dict[str, list[bool]] = {action: [] for action in ACTIONS}
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    later = []
    for one in asked:
        if one.action not in found:
            raise SystemExit(f"{one.action} is none of {', '.join(ACTIONS)}.")
        before, after = _read(sources / one.file), _read(copies / one.file)
        if after is None or before is None:
            found[one.action].append(False)
        elif one.action in _OF_ALL:
            was, is_now = _text(before, one.attribute), _text(after, one.attribute)
            pairs[one.action, was].add(is_now)
            later.append((one.action, was, is_now))
        else:
            found[one.action].append(_DONE[one.action](before, after, one))
    for action, was, is_now in later:
        found[action].append(_is_consistent(pairs, action, was, is_now))
    return found


def _is_consistent(pairs: Mapping[tuple[str, str], set[str]], action: str, was: str, is_now: str) -> bool:
    """Whether a name has one stand-in in all files, which no other name has and which is not itself."""
    others = [new for (of, old), new in pairs.items() if of == action and old != was]
    return (
        bool(is_now)
        and is_now != was
        and len(pairs[action, was]) == 1
        and not any(is_now in o for o in others)
    )


def tell(found: Mapping[str, list[bool]]) -> None:
    """Print a line for each action, and the share of all that were done."""
    print(f"{'action':18} asked   done")
    for action, done in found.items():
        print(f"{action:18} {len(done):5} {sum(done):6}")
    every = [one for done in found.values() for one in done]
    print(f"{'all':18} {len(every):5} {sum(every):6}  {100 * sum(every) / max(len(every), 1):.2f} %")


def _read(path: Path) -> Dataset | None:
    return dcmread(path, force=True) if path.is_file() else None


def _text(ds: Dataset, attribute: str) -> str:
    """An attribute's value; of one in a sequence the first item's, its names with dots between."""
    held: Any = ds
    for name in attribute.split("."):
        held = held[0] if isinstance(held, list) or (held and not isinstance(held, Dataset)) else held
        held = held.get(name) if held else None
    return "" if held is None else str(held)


def _is_date_shifted(before: Dataset, after: Dataset, one: Asked) -> bool:
    was, is_now = _text(before, one.attribute), _text(after, one.attribute)
    return len(is_now) >= 8 and is_now[:8].isdecimal() and is_now[:8] != was[:8]


def _is_hidden(_before: Dataset, after: Dataset, one: Asked) -> bool:
    left, top, right, bottom = map(int, one.value.split())
    part = after.pixel_array[..., top : bottom + 1, left : right + 1]
    return bool((part == part.flat[0]).all())


_DONE: Mapping[str, Callable[[Dataset, Dataset, Asked], bool]] = {
    "tag_retained": lambda _, after, one: one.attribute in after,
    "text_notnull": lambda _, after, one: bool(_text(after, one.attribute)),
    "text_retained": lambda _, after, one: one.value in _text(after, one.attribute),
    "text_removed": lambda _, after, one: one.value not in str(after),
    "date_shifted": _is_date_shifted,
    "uid_changed": lambda before, after, one: (
        _text(after, one.attribute) not in ("", _text(before, one.attribute))
    ),
    "pixels_hidden": _is_hidden,
    "pixels_retained": lambda before, after, _: np.array_equal(before.pixel_array, after.pixel_array),
}


def copy(sources: Path, copies: Path) -> None:
    """As `casebook privacy SOURCES --write COPIES --move-dates --keep-names --clean-pixels` does."""
    from tools.burned_in.finder import Finder, available
    from tools.files.decoding import Decoder
    from tools.privacy.cleaning import Cleaner
    from tools.privacy.copies import write_copies
    from tools.privacy.secret import Secret

    text = Finder() if available() else None
    finder = None if text is None else lambda image: text
    with Decoder() as decoder:
        cleaner = Cleaner(Secret(b"k" * 32), decoder, 2**29, move_dates=True, finder=finder)
        for one in write_copies(sources, copies, cleaner, keep_names=True):
            if one.refused:
                print(f"{one.source.name}: {one.refused}")


def draw(folder: Path) -> list[Asked]:
    """Files of three patients, and what is asked for in their copies."""
    return [asked for patient in range(3) for n in range(4) for asked in _drawn(folder, patient, n)]


def _drawn(folder: Path, patient: int, n: int) -> Iterator[Asked]:
    name, number, file = f"Querfeldt{patient}^Anna", f"4711-{patient}", f"p{patient}/{n}.dcm"
    words = {
        "PatientName": name,
        "PatientID": number,
        "InstitutionName": f"St. Agnes {patient}",
        "ReferringPhysicianName": f"Holm{patient}^B",
        "AccessionNumber": f"A{patient}0815{n}",
        "PatientAddress": f"{patient} Elm Street",
        "StudyDescription": f"CT of Querfeldt{patient}",
    }
    more = {"StudyDate": "20240301", "ContentDate": "20240302", "PatientBirthDate": "19610214"}
    uids = {"StudyInstanceUID": f"1.2.3.{patient}", "SeriesInstanceUID": f"1.2.3.{patient}.1"}
    kept = {"KVP": "120", "SliceThickness": "1.5", "ConvolutionKernel": "B30f"}
    pixels, box, marked = ramp(256, 256), "", n == 3
    if marked:
        pixels = ground(256, 256, seed=patient)
        corners = write(pixels, "Querfeldt, Anna", (30, 40), size=20, grey=255)
        box = " ".join(str(round(one)) for one in (*corners.min(axis=0) + 2, *corners.max(axis=0) - 2))
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    make_dicom(
        folder / file, pixels, **words, **more, **uids, **kept, BurnedInAnnotation="YES" if marked else "NO"
    )
    yield from (Asked(file, "text_removed", key, value) for key, value in words.items())
    yield from (Asked(file, "date_shifted", key) for key in ("StudyDate", "ContentDate"))
    yield Asked(file, "text_removed", "PatientBirthDate", "19610214")
    for key in (*uids, "SOPInstanceUID"):
        yield Asked(file, "uid_changed", key)
        yield Asked(file, "uid_consistent", key)
    yield Asked(file, "patid_consistent", "PatientID")
    yield from (Asked(file, "text_retained", key, value) for key, value in kept.items())
    yield from (Asked(file, "tag_retained", key) for key in ("Rows", "PatientName", "Modality"))
    yield Asked(file, "text_notnull", "PatientID")
    yield Asked(file, "pixels_hidden", "", box) if marked else Asked(file, "pixels_retained")


if __name__ == "__main__":
    main()
