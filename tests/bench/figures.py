"""One measured figure, and the table of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `most` is the target it should not exceed, or None."""

    name: str
    value: float
    unit: str
    most: float | None
    command: str

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        return None if self.most is None else self.value <= self.most


def quick_quarter(times: Sequence[float]) -> float:
    """The lower quartile: what else the machine is doing shows least in it."""
    return statistics.quantiles(times, n=4)[0]


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    rows = [("figure", "measured", "target", "command")]
    for one in figures:
        target = "" if one.most is None else f"≤ {one.most:g} {'met' if one.met else 'MISSED'}"
        rows.append((one.name, f"{one.value:.3g} {one.unit}", target, one.command))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
