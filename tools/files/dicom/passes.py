"""Passes over the same places: acquisitions, echoes, phases and stacks of one series told apart.

A series may run over a part of the body more than once. Slices of different passes lie among each other
when they are sorted by position alone, and the gap between them is then that of no pass. So each pass keeps
its own slices, one pass after the other.

Source: DICOM PS3.3 sections C.7.6.16.2.2 (Frame Content: Stack ID, Temporal Position Index), C.8.3.1 (Echo
Numbers, Temporal Position Identifier, Trigger Time), C.7.6.1 (Acquisition Number), C.8.13.5.9 (b-value).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tools.files.arrays.limits import DAMAGE
from tools.files.dicom.display import number, text
from tools.files.dicom.frames import Frame

# Ours: nearer slices are at the same place; positions are written to a tenth or a hundredth of a millimetre.
SAME_PLACE_MM = 0.01

_Value = float | str | None


@dataclass(frozen=True)
class _Mark:
    """One way in which passes differ: what it is called, and its value for a frame.

    Attributes:
        alone: whether it tells passes apart that share no place but lie among each other.
    """

    name: str
    of: Callable[[Frame], _Value]
    alone: bool = False


def _numbers(*keywords: str) -> Callable[[Frame], _Value]:
    return lambda frame: next(
        (value for keyword in keywords if (value := number(frame.flat, keyword)) is not None), None
    )


def _image_type(frame: Frame) -> _Value:
    """The values of Image Type from the third on: magnitude or phase, water or fat, a calculated map."""
    try:
        return "\\".join(str(value).upper() for value in list(frame.flat.get("ImageType") or ())[2:])
    except DAMAGE:
        return None


_MARKS = (
    _Mark("stack", lambda frame: text(frame.flat, "StackID") or None, alone=True),
    _Mark("acquisition", _numbers("FrameAcquisitionNumber", "AcquisitionNumber"), alone=True),
    _Mark("echo", _numbers("EchoNumbers"), alone=True),
    _Mark("echo", _numbers("EffectiveEchoTime", "EchoTime"), alone=True),
    _Mark("time point", _numbers("TemporalPositionIndex", "TemporalPositionIdentifier"), alone=True),
    _Mark("cardiac phase", _numbers("NominalCardiacTriggerDelayTime", "TriggerTime")),
    _Mark("diffusion weighting", _numbers("DiffusionBValue")),
    _Mark("inversion time", _numbers("InversionTimes", "InversionTime")),
    _Mark("tube voltage", _numbers("KVP")),
    _Mark("image type", _image_type),
    _Mark("kernel", lambda frame: text(frame.flat, "ConvolutionKernel") or None),
)


@dataclass(frozen=True)
class Pass:
    """One run over a part of the body, in order of position.

    Attributes:
        frames: its frames.
        told: what tells it from the other passes, such as ``("acquisition",)``; empty for the only one.
    """

    frames: tuple[Frame, ...]
    told: tuple[str, ...] = ()


def passes_of(frames: Sequence[Frame], places: Sequence[float]) -> list[Pass]:
    """Frames in order of position, one pass after the other.

    Args:
        frames: of equal orientation.
        places: each frame's place along the normal in mm.
    """
    order = np.argsort(places, kind="stable")
    sorted_frames = [frames[i] for i in order]
    sorted_places = [float(places[i]) for i in order]
    return _split(sorted_frames, sorted_places, ())


def repeats(places: Sequence[float]) -> int:
    """How many of the sorted places are those of the slice before."""
    return int((np.diff(places) < SAME_PLACE_MM).sum()) if len(places) > 1 else 0


def _split(frames: list[Frame], places: list[float], told: tuple[str, ...]) -> list[Pass]:
    again = repeats(places)
    most = max((len(group) for group in _at_each_place(frames, places)), default=1)
    for mark in _MARKS:
        values = [mark.of(frame) for frame in frames]
        kinds = sorted(set(values), key=lambda value: (value is None, isinstance(value, str), value or 0))
        if not 1 < len(kinds) < len(frames) or (again and len(kinds) > most):
            continue
        parts = [[i for i, value in enumerate(values) if value == kind] for kind in kinds]
        left = sum(repeats([places[i] for i in part]) for part in parts)
        if left < again or (not again and mark.alone and _among_each_other(values, parts)):
            return [
                one
                for part in parts
                for one in _split([frames[i] for i in part], [places[i] for i in part], (*told, mark.name))
            ]
    return _by_instance(frames, places, told) if again else [Pass(tuple(frames), told)]


def _among_each_other(values: list[_Value], parts: list[list[int]]) -> bool:
    """Whether parts of two slices or more lie between each other rather than one beside the other."""
    changes = sum(a != b for a, b in pairwise(values))
    return changes >= len(parts) and min(len(part) for part in parts) > 1


def _by_instance(frames: list[Frame], places: list[float], told: tuple[str, ...]) -> list[Pass]:
    """Passes by instance number where every place is there equally often; else all frames as one pass."""
    groups = _at_each_place(frames, places)
    given = [number(frame.flat, "InstanceNumber") for frame in frames]
    distinct = None not in given and len({(g, f.number) for g, f in zip(given, frames, strict=True)}) == len(
        given
    )
    if len({len(group) for group in groups}) != 1 or not distinct:
        return [Pass(tuple(frames), (*told, ""))]
    ranked = [sorted(group, key=_instance_order) for group in groups]
    return [Pass(tuple(one), (*told, "instance number")) for one in zip(*ranked, strict=True)]


def _at_each_place(frames: list[Frame], places: list[float]) -> list[list[Frame]]:
    groups: list[list[Frame]] = []
    for frame, place, before in zip(frames, places, [None, *places], strict=False):
        if before is None or place - before >= SAME_PLACE_MM:
            groups.append([])
        groups[-1].append(frame)
    return groups


def _instance_order(frame: Frame) -> tuple[float, int]:
    return number(frame.flat, "InstanceNumber") or 0.0, frame.number
