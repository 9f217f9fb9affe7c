"""The order of slices: by their position in the patient, or what else a series offers, or told to be unknown.

Slices are sorted along the normal of the plane. Passes over the same places follow one another
(``tools.files.dicom.passes``); files that are there twice count once.

Source: DICOM PS3.3 sections C.7.6.2.1.1 (Image Position and Image Orientation), C.7.6.2.1.2 (Slice Location),
C.7.6.1 (Instance Number), C.12.1 (SOP Instance UID).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tools.files.dicom.display import number
from tools.files.dicom.frames import Frame, instance
from tools.files.dicom.orientation import LETTERS, letters
from tools.files.dicom.passes import SAME_PLACE_MM, Pass, passes_of, repeats

# Ours. Direction cosines of one scan agree to four decimals; another plane differs by far more.
SAME_DIRECTION = 0.01
# Ours. Table positions are written to a tenth of a millimetre; a missing slice doubles a gap.
_EVEN_GAPS_MM = 0.1


@dataclass(frozen=True)
class Stack:
    """Frames in the order they are shown, and what can be said of that order.

    Attributes:
        frames: in order.
        passes: how many frames each pass has; one entry for an ordinary stack.
        names: what tells the passes apart, such as ``"acquisition"``; ``""`` for one pass.
        facts: slice spacing, slice order, scanned range, volumes.
        notes: sentences on the order.
    """

    frames: tuple[Frame, ...]
    passes: tuple[int, ...]
    names: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def volumes(self) -> int:
        """How many passes of equally many frames there are; 1 where they differ."""
        return len(self.passes) if len(set(self.passes)) == 1 else 1


def arranged(frames: Sequence[Frame]) -> Stack:
    """Frames of one series in their order.

    Args:
        frames: of one series, of equal size; in the order of the files.
    """
    kept, dropped = _once(frames)
    twice = (f"{_files(dropped)} there twice and counted once.",) if dropped else ()
    stack = _ordered(kept)
    return replace(stack, notes=(*twice, *stack.notes))


def _files(count: int) -> str:
    return "1 slice was" if count == 1 else f"{count} slices were"


def _once(frames: Sequence[Frame]) -> tuple[list[Frame], int]:
    """Every SOP instance once, and how many were left out."""
    seen: dict[object, Frame] = {}
    for frame in frames:
        seen.setdefault(instance(frame) or id(frame), frame)
    return list(seen.values()), len(frames) - len(seen)


def _ordered(frames: list[Frame]) -> Stack:
    if len(frames) == 1:
        return Stack(tuple(frames), (1,))
    if frames[0].header.mosaic:
        return _mosaic(frames)
    one_file = all(frame.header is frames[0].header for frame in frames)
    normal = frames[0].normal
    if normal is None or any(frame.position is None for frame in frames):
        return _in_time(frames) if one_file else _without_positions(frames)
    if not all(same_direction(frames[0], frame) for frame in frames):
        note = "The slices lie in different planes; they are in the order of the file."
        return Stack(tuple(frames), (len(frames),), notes=(note,))
    return _placed(frames, normal, one_file=one_file)


def _placed(frames: list[Frame], normal: NDArray[np.float64], *, one_file: bool) -> Stack:
    """Frames that each have a place in the patient."""
    places = [float(np.dot(frame.position, normal)) for frame in frames if frame.position is not None]
    if np.ptp(places) < SAME_PLACE_MM:
        return _in_time(frames) if one_file else _at_one_place(frames)
    if one_file and (np.diff(places) < 0).all():
        # Sorted as it is, from the other end.
        return _by_position(passes_of(frames, [-place for place in places]), -normal)
    return _by_position(passes_of(frames, places), normal)


def same_direction(one: Frame, other: Frame) -> bool:
    """Whether two frames lie in the same plane, or in none that is stated."""
    if one.normal is None or other.normal is None:
        return one.normal is other.normal
    a, b = (
        [number(frame.flat, "ImageOrientationPatient", i) or 0.0 for i in range(6)] for frame in (one, other)
    )
    return bool(np.abs(np.subtract(a, b)).max() < SAME_DIRECTION)


def _in_time(frames: list[Frame]) -> Stack:
    """Frames of a file that gives them no places: a cine or pages, in the order they were stored."""
    return Stack(
        tuple(frames), (len(frames),), facts={"slice order": "as stored in the file, one after another"}
    )


def _at_one_place(frames: list[Frame]) -> Stack:
    stack = _without_positions(frames, by=("Instance Number",))
    note = "The series repeats positions: all its slices lie at one place. "
    return replace(
        stack, notes=tuple(note + one.replace("gives no position and ", "") for one in stack.notes)
    )


def _mosaic(frames: list[Frame]) -> Stack:
    """The tiles of one mosaic are one volume; several mosaics of a series follow their instance numbers."""
    tiles = [frame for frame in frames if frame.number == 0]
    counts = tuple(frame.header.frames for frame in tiles)
    ordered = sorted(frames, key=lambda frame: (number(frame.flat, "InstanceNumber") or 0.0, frame.number))
    facts = {"slice order": "as the tiles of the mosaic lie, row by row"}
    gap = number(frames[0].flat, "SpacingBetweenSlices")
    if gap and gap > 0:
        facts["slice spacing"] = f"{gap:.4g} mm"
    note = f"The file is a mosaic: its {counts[0]} tiles are shown as slices of one volume."
    if len(counts) > 1:
        facts["volumes"] = f"{len(counts)}, one after another"
        note = f"The files are {len(counts)} mosaics; the tiles of each are shown as slices of one volume."
    return Stack(tuple(ordered), counts, "mosaic" if len(counts) > 1 else "", facts, (note,))


def _by_position(passes: list[Pass], normal: NDArray[np.float64]) -> Stack:
    frames = tuple(frame for one in passes for frame in one.frames)
    counts = tuple(len(one.frames) for one in passes)
    runs = [np.array([float(np.dot(f.position, normal)) for f in one.frames]) for one in passes]  # type: ignore[arg-type]
    facts = _gaps(runs)
    facts["slice order"] = _direction(normal, len(passes), counts[0])
    notes = []
    if "slice spacing" not in facts and any(len(run) > 2 for run in runs):
        notes.append("The gap between slices varies; some may be missing.")
    names = " and ".join(dict.fromkeys(name for name in passes[0].told if name))
    if len(passes) > 1:
        facts["volumes"] = f"{len(passes)}, by {names}"
        notes.append(_passes_note(counts, names))
    if any("" in one.told for one in passes):
        notes.append(
            "Several slices share one position and nothing in the files tells which comes first: the "
            "order among them is unknown."
        )
    return Stack(frames, counts, names, facts, tuple(notes))


def _passes_note(counts: tuple[int, ...], names: str) -> str:
    starts = np.cumsum([0, *counts])
    spans = [f"{a + 1} to {b}" for a, b in pairwise(starts)]
    shown = spans if len(spans) <= 4 else [*spans[:2], "…", spans[-1]]
    return (
        f"The series runs {len(counts)} times over the same part of the body and differs by {names}; the "
        f"passes follow one another as volumes: slices {', '.join(shown)}."
    )


def _gaps(runs: list[NDArray[np.float64]]) -> dict[str, str]:
    """The distance of neighbouring slices along the normal and the length covered, where they are even."""
    gaps = np.concatenate([np.diff(run) for run in runs])
    if not gaps.size:
        return {}
    covered = max(float(run[-1] - run[0]) for run in runs)
    facts = {}
    if np.ptp(gaps) <= _EVEN_GAPS_MM and not any(repeats(list(run)) for run in runs):
        facts["slice spacing"] = f"{float(np.median(gaps)):.4g} mm"
    facts["scanned range"] = f"{covered / 10:.4g} cm from the first to the last slice"
    return facts


def _direction(normal: NDArray[np.float64], passes: int, count: int) -> str:
    ends = LETTERS[letters(-normal)[0]], LETTERS[letters(normal)[0]]
    each = f" in each of the {passes} passes" if passes > 1 else ""
    last = count if passes > 1 else "the last"
    return (
        f"by position, from {ends[0]} to {ends[1]}{each}: slice 1 is nearest the {ends[0]}, "
        f"{'slice ' if passes > 1 else ''}{last} nearest the {ends[1]}"
    )


def _without_positions(
    frames: list[Frame], by: tuple[str, ...] = ("Slice Location", "Instance Number")
) -> Stack:
    """By Slice Location, or by Instance Number, if every slice has one of its own; else as the files came."""
    for name in by:
        given = [number(frame.flat, name.replace(" ", "")) for frame in frames]
        known = [value for value in given if value is not None]
        if len(known) == len(set(known)) == len(frames):
            order = np.argsort(known, kind="stable")
            words = "their Slice Location" if name == "Slice Location" else "their instance numbers"
            return Stack(
                tuple(frames[i] for i in order),
                (len(frames),),
                facts={"slice order": f"by {name}; the files give no positions"},
                notes=(f"The series gives no position and slices follow {words}.",),
            )
    return _unknown(frames, given)


def _unknown(frames: list[Frame], given: list[float | None]) -> Stack:
    missing = given.count(None)
    doubled = sum(n > 1 for value, n in Counter(given).items() if value is not None)
    why = (
        f"Instance Number is missing in {missing} of {len(frames)} files"
        if missing
        else f"Instance Number is repeated ({doubled} of its values)"
    )
    # Ours: the sort is stable and puts those without a number last.
    order = sorted(range(len(frames)), key=lambda i: (given[i] is None, given[i] or 0.0))
    note = f"The series gives no position and {why}: the order of its slices is uncertain."
    return Stack(
        tuple(frames[i] for i in order),
        (len(frames),),
        facts={"slice order": f"unknown: the files give no positions, and {why}"},
        notes=(note,),
    )
