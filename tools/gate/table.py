"""Samples to a table of features: each picture as it is, and changed copies of it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.pictures.image import Pixels
from tools.gate.augment import augment, grey, zoom
from tools.gate.data import OTHER, Sample
from tools.gate.features import extract

# Ours: the medical sets are ten times smaller than the others, so they get more changed copies.
_MEDICAL_COPIES = 8


@dataclass(frozen=True)
class Table:
    """Features of samples and their changed copies.

    Attributes:
        features: ``(R, N)`` float32.
        sample: ``(R,)`` index of the sample each row comes from.
        copy: ``(R,)`` 0 for the picture as it is, then 1, 2, … for changed copies.
    """

    features: NDArray[np.float32]
    sample: NDArray[np.int64]
    copy: NDArray[np.int64]


def build_table(samples: list[Sample], processes: int = 2) -> Table:
    """Read, change and measure all samples, in `processes` child processes."""
    with ProcessPoolExecutor(processes) as pool:
        parts = list(pool.map(_rows, samples, chunksize=16))
    lengths = [len(part) for part in parts]
    return Table(
        np.concatenate(parts).astype(np.float32),
        np.repeat(np.arange(len(samples)), lengths),
        np.concatenate([np.arange(length) for length in lengths]),
    )


def _rows(sample: Sample) -> NDArray[np.float32]:
    pixels = sample.read()
    return np.array([extract(picture) for picture in [pixels, *_copies(sample, pixels)]], np.float32)


def _copies(sample: Sample, pixels: Pixels) -> list[Pixels]:
    """Changed copies. Others: one in colour, one without, one of a small part (fur, wood, sand, food)."""
    rng = np.random.default_rng(sample.seed)
    if sample.label != OTHER:
        turns = sample.label.endswith("skin")
        return [augment(pixels, rng, turns=turns) for _ in range(_MEDICAL_COPIES)]
    return [
        augment(pixels, rng, turns=False),
        grey(augment(pixels, rng, turns=False)),
        augment(zoom(pixels, rng), rng, turns=True),
    ]
