"""The shipped estimator: a picture's pixels to scores for each kind of picture. NumPy only.

``gate.npz`` beside this file holds the numbers; ``tools.gate.train`` writes it and ``CARD.md``. Two small
classifiers (a linear one and one with a hidden layer) see the same features; their scores are averaged.
A guard measures how far a picture lies from everything medical that was trained on.

These scores are raw: larger means more alike, nothing more. ``tools.gate.verdict`` turns them into
scores that say how often such an answer was right on sets left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from store.errors import SetupError
from store.pictures.image import Pixels
from tools.gate.features import VERSION, extract

MODEL_FILE = Path(__file__).with_name("gate.npz")

Array = NDArray[Any]


@dataclass(frozen=True)
class Estimate:
    """What the pixels look like.

    Attributes:
        scores: modality code or ``other`` → score in [0, 1]; they add up to 1.
        parts: body part → score in [0, 1] among the parts trained for the best modality.
        distance: how far from the nearest medical training pictures, in spreads of their main features.
    """

    scores: Mapping[str, float]
    parts: Mapping[str, float]
    distance: float


@dataclass(frozen=True, eq=False)
class Estimator:
    """The numbers of one trained file.

    Attributes:
        numbers: array name → array, as `tools.gate.train` wrote them.
    """

    numbers: Mapping[str, Array]

    @property
    def version(self) -> str:
        """Version of the trained file, as its card states it."""
        return str(self.numbers["version"])

    @property
    def thresholds(self) -> dict[str, float]:
        """The thresholds chosen in training: ``radiology dermatology other modality part distance``."""
        start = "threshold_"
        return {
            name.removeprefix(start): float(value)
            for name, value in self.numbers.items()
            if name.startswith(start)
        }

    @property
    def curves(self) -> dict[str, Array]:
        """Modality or domain → ``(2, K)`` raw scores and what they are worth (``tools.gate.calibration``)."""
        start = "curve_"
        return {
            name.removeprefix(start): value for name, value in self.numbers.items() if name.startswith(start)
        }

    def estimate(self, pixels: Pixels) -> Estimate:
        """Score one picture.

        Args:
            pixels: ``(H, W, 3)`` uint8.
        """
        return self.estimate_features(extract(pixels))

    def estimate_features(self, features: Array) -> Estimate:
        """Score one row of features, ``(N,)``."""
        classes = [str(name) for name in self.numbers["classes"]]
        standard = standardise(features, self.numbers)
        fine = fine_scores(standard, self.numbers)
        modalities: dict[str, float] = {}
        for name, score in zip(classes, fine.tolist(), strict=True):
            code = name.split()[0]
            modalities[code] = modalities.get(code, 0.0) + score
        best = max((code for code in modalities if code != "other"), key=modalities.__getitem__)
        parts = {
            name.split()[1]: score / max(modalities[best], 1e-9)
            for name, score in zip(classes, fine.tolist(), strict=True)
            if name.split()[0] == best
        }
        return Estimate(modalities, parts, guard_distance(standard, self.numbers))


def standardise(features: Array, numbers: Mapping[str, Array]) -> Array:
    """Features to zero mean and unit spread over the training pictures, kept within ±8."""
    return np.asarray(np.clip((features - numbers["mean"]) / numbers["spread"], -8, 8))


def fine_scores(standard: Array, numbers: Mapping[str, Array]) -> Array:
    """Scores of the fine classes, ``(..., C)``: mean of the linear and the hidden-layer classifier."""
    linear = _softmax(standard @ numbers["linear_weight"] + numbers["linear_bias"])
    hidden = np.maximum(standard @ numbers["hidden_weight"] + numbers["hidden_bias"], 0)
    layered = _softmax(hidden @ numbers["output_weight"] + numbers["output_bias"])
    return np.asarray((linear + layered) / 2)


def guard_distance(standard: Array, numbers: Mapping[str, Array]) -> float:
    """Distance to the nearest of the stored medical centres."""
    place = standard @ numbers["guard_axes"]
    return float(np.linalg.norm(numbers["guard_centres"] - place, axis=1).min())


def _softmax(logits: Array) -> Array:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


@cache
def load_estimator(path: Path = MODEL_FILE) -> Estimator:
    """The shipped estimator, read once.

    Raises:
        SetupError: the file is missing, or was trained on other features than this code computes.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            numbers = {name: _number(stored[name]) for name in stored.files}
    except (OSError, ValueError, BadZipFile) as error:
        raise SetupError(
            "The gate's file gate.npz is missing or damaged. Install Casebook again, or train it with "
            "python -m tools.gate.train."
        ) from error
    if str(numbers.get("features")) != VERSION:
        raise SetupError(
            f"The gate's file gate.npz was trained on {numbers.get('features')}; this code computes "
            f"{VERSION}. Train it again with python -m tools.gate.train."
        )
    return Estimator(numbers)


def _number(stored: Array) -> Array:
    return stored.astype(np.float32) if stored.dtype == np.float16 else stored
