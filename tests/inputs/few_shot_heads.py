"""Few-shot classifiers for tests: on two clouds of unit vectors, and on drawn moles."""

from __future__ import annotations

from functools import cache

import numpy as np

from store.cases.library import CollectionInfo
from tools.few_shot.head import Head
from tools.few_shot.training import _train

SIZE = 12


class Clouds:
    """Stands for a library with one collection: `count` groups of two cases each, labels in turn.

    `apart` is how far the labels' centres lie from each other; 0 makes them indistinguishable.
    """

    def __init__(
        self, count: int = 24, *, apart: float = 4.0, labels: tuple[str, ...] = ("nevus", "wart")
    ) -> None:
        random = np.random.default_rng(0)
        self.labels = [labels[i % len(labels)] for i in range(count) for _ in range(2)]
        self.groups = [f"group p{i}" for i in range(count) for _ in range(2)]
        x = random.normal(0, 1, (2 * count, SIZE))
        x[:, SIZE - 1] += 6
        for i, label in enumerate(self.labels):
            x[i, labels.index(label)] += apart
        self.x = (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)
        self.ids = [f"{i:032x}" for i in range(2 * count)]

    def collections(self) -> list[CollectionInfo]:
        return [self.info]

    @property
    def info(self) -> CollectionInfo:
        return CollectionInfo(
            "clouds", "clouds, version 1", "dermatology", len(self.x), {}, {}, None, None, 0.3
        )

    def vectors(self, collection: str) -> tuple[list[str], list[str], list[str], np.ndarray]:
        assert collection == "clouds"
        return self.ids, self.labels, self.groups, self.x


def head(name: str = "clouds", clouds: Clouds | None = None) -> Head:
    """A head trained on clouds; on the usual ones it is trained once in a run."""
    return _usual(name) if clouds is None else _trained(name, clouds)


@cache
def _usual(name: str) -> Head:
    return _trained(name, Clouds())


def _trained(name: str, clouds: Clouds) -> Head:
    return _train(name, clouds.info, clouds, ())  # type: ignore[arg-type]
