"""Where two things that were kept differ, and by what name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a run has of its own: how long it took, and what calls are called in the loop.
_OF_ITS_OWN = {"seconds", "call_id", "steps", "key"}
_MISSING = None


@dataclass(frozen=True)
class Difference:
    """One place where something is not what it was.

    Attributes:
        where: its name, or the way to it.
        then: what was there; None where nothing was.
        now: what is there; None where nothing is.
    """

    where: str
    then: Any
    now: Any


def differing(then: Any, now: Any, where: str = "") -> Iterator[Difference]:
    """Every place where two values of JSON differ, but for seconds and names of calls.

    Args:
        then: the older value.
        now: the newer one.
        where: the way to both.
    """
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*then, *now)):
            if name not in _OF_ITS_OWN:
                way = f"{where}, {name}" if where else str(name)
                yield from differing(then.get(name, _MISSING), now.get(name, _MISSING), way)
    elif _are_lists(then, now) and len(then) == len(now):
        for n, (one, other) in enumerate(zip(then, now, strict=True), 1):
            yield from differing(one, other, f"{where} {n}")
    elif _are_lists(then, now):
        yield Difference(f"{where}, how many", len(then), len(now))
    elif then != now:
        yield Difference(where, then, now)


def _are_lists(one: Any, other: Any) -> bool:
    return all(isinstance(value, Sequence) and not isinstance(value, str) for value in (one, other))
