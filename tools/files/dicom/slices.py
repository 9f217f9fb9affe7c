"""What is said of every slice of a stack, and what of one slice only.

A fact that differs between slices is told for the slice shown, and one sentence says which facts differ and
between what.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store.pictures.image import Slice
from tools.files.dicom.display import Shown
from tools.files.dicom.facts import facts
from tools.files.dicom.ordering import Stack
from tools.files.dicom.scaled import Scales
from tools.files.dicom.told import told

# Ours: so many different values of a fact are listed; of more, the first and the last.
_LISTED = 3
# What tells where a slice is differs always.
_OF_COURSE = ("volume", "slice location")
# Longer facts are named and not quoted.
_QUOTED_CHARS = 30


def told_of(stack: Stack, scales: Scales, shown: Sequence[Shown]) -> dict[str, Any]:
    """The arguments of `Image` that say something: facts, notes, slices, scale, window.

    Args:
        stack: the frames in order.
        scales: of the same frames.
        shown: what was learnt while each was shown.
    """
    count = len(stack.frames)
    every = [
        facts(frame, scale, seen, count=count)
        for frame, scale, seen in zip(stack.frames, scales.each, shown, strict=True)
    ]
    for number, found in enumerate(every):
        found.update(_passed(stack, number))
    notes = [[*seen.notes, *told(frame)] for frame, seen in zip(stack.frames, shown, strict=True)]
    varying = [name for name in _names(every) if any(one.get(name) != every[0].get(name) for one in every)]
    common = [note for note in notes[0] if all(note in one for one in notes)]
    spacings = [scales.spacing_mm(number) for number in range(count)]
    differs = _differing([name for name in varying if name not in _OF_COURSE], every)
    caution = " ".join(dict.fromkeys(scale.caution for scale in scales.each if scale.caution))
    slices = tuple(
        Slice(
            {name: one[name] for name in varying if name in one},
            tuple(note for note in own if note not in common),
            spacing,
            seen.applied,
        )
        for one, own, spacing, seen in zip(every, notes, spacings, shown, strict=True)
    )
    same_scale = len(set(spacings)) == 1 and len({seen.applied for seen in shown}) == 1
    alike = not varying and all(len(own) == len(common) for own in notes) and same_scale
    shared = {name: value for name, value in every[0].items() if name not in varying}
    rest = [scales.note, caution, differs, *stack.notes]
    return {
        "facts": {**shared, **stack.facts},
        "notes": (*common, *filter(None, rest)),
        "slices": () if alike else slices,
        "spacing_mm": spacings[0],
        "window": shown[0].applied,
        "inverted": shown[0].inverted,
        "scale_caution": caution,
    }


def _names(every: Sequence[dict[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for one in every for name in one))


def _passed(stack: Stack, number: int) -> dict[str, str]:
    """Which pass a frame belongs to, where there are several."""
    if len(stack.passes) < 2:
        return {}
    for one, count in enumerate(stack.passes, 1):
        if number < count:
            return {"volume": f"{one} of {len(stack.passes)}, by {stack.names}"}
        number -= count
    return {}


def _differing(names: Sequence[str], every: Sequence[dict[str, str]]) -> str:
    if not names:
        return ""
    told = "; ".join(_values(name, [one.get(name, "not stated") for one in every]) for name in names)
    if len(told) > 220:
        told = ", ".join(names)
    return f"These differ from slice to slice, and each slice is told with its own: {told}."


def _values(name: str, values: Sequence[str]) -> str:
    different = list(dict.fromkeys(value.removesuffix(" (from the file)") for value in values))
    if max(map(len, different)) > _QUOTED_CHARS:
        return f"{name} ({len(different)} different)"
    if len(different) <= _LISTED:
        return f"{name} ({', '.join(different)})"
    return f"{name} ({len(different)} different, from {different[0]} to {different[-1]})"
