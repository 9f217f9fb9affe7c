"""What the lesion measurement gave on pictures whose diagnosis is known, from ``reference.toml``.

A number means little by itself; beside it stands what the same measurement gave elsewhere. The groups
overlap: no value tells one diagnosis from another.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import rtoml

from store.records import Elsewhere


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    text = Path(__file__).with_name("reference.toml").read_text(encoding="utf-8")
    return tuple(rtoml.loads(text)["reference"])


def elsewhere(measure: str, modality: str | None) -> tuple[Elsewhere, ...]:
    """The figures for a measurement on pictures of one kind; none where there are none.

    Args:
        measure: name of the measurement, as in its record.
        modality: of the picture, such as XC or DMS.
    """
    return tuple(
        Elsewhere(
            label=row["label"],
            source=row["source"],
            pictures=row["pictures"],
            median=row["median"],
            low=row["middle_half"][0],
            high=row["middle_half"][1],
        )
        for row in _rows()
        if (row["measure"], row["modality"]) == (measure, modality)
    )
