"""One fit: a table of features and labels to the numbers that `tools.gate.estimator` computes with.

Needs scikit-learn, which only training needs.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.gate.data import OTHER
from tools.gate.estimator import standardise

Array = NDArray[Any]

SEED = 20
# Found by five-fold search on the training sets (see CARD.md for what they reach): stronger penalties cost
# modality accuracy, weaker ones answered more pictures that are not medical.
_LINEAR_INVERSE_PENALTY = 0.002
_HIDDEN_PENALTY = 3.0
_HIDDEN_UNITS, _HIDDEN_EPOCHS = 48, 15
# Ours: the square root of the inverse class size; full balancing doubled the false alarms.
_BALANCE = 0.5
_GUARD_AXES, _GUARD_CENTRES = 24, 12


def fit(features: Array, labels: Array) -> dict[str, Array]:
    """Train both classifiers and the guard.

    Args:
        features: ``(R, N)`` float32.
        labels: ``(R,)`` fine labels, ``modality body_part`` or ``other``.

    Returns:
        The arrays of the file, without thresholds and version.
    """
    from sklearn.exceptions import ConvergenceWarning

    classes, target = np.unique(labels, return_inverse=True)
    numbers: dict[str, Array] = {
        "classes": classes.astype(str),
        "mean": features.mean(axis=0),
        "spread": np.maximum(features.std(axis=0), 1e-3),
    }
    standard = standardise(features, numbers)
    weights = _weights(labels)
    with warnings.catch_warnings():
        # Both stop after a fixed number of rounds, on purpose.
        warnings.simplefilter("ignore", ConvergenceWarning)
        numbers |= _linear(standard, target, weights)
        numbers |= _layered(standard, target, weights)
    numbers |= _guard(standard, labels)
    return numbers


def modality_of(labels: Array) -> Array:
    """``modality body_part`` to ``modality``."""
    return np.array([str(label).split()[0] for label in labels])


def _weights(labels: Array) -> Array:
    _, place, counts = np.unique(modality_of(labels), return_inverse=True, return_counts=True)
    weights = (counts.sum() / counts[place]) ** _BALANCE
    return np.asarray(weights / weights.mean())


def _linear(standard: Array, target: Array, weights: Array) -> dict[str, Array]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_LINEAR_INVERSE_PENALTY, max_iter=150)
    model.fit(standard, target, sample_weight=weights)
    return {"linear_weight": model.coef_.T, "linear_bias": model.intercept_}


def _layered(standard: Array, target: Array, weights: Array) -> dict[str, Array]:
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (_HIDDEN_UNITS,), alpha=_HIDDEN_PENALTY, max_iter=_HIDDEN_EPOCHS, random_state=SEED, batch_size=128
    )
    model.fit(standard, target, sample_weight=weights)
    (hidden, output), (hidden_bias, output_bias) = model.coefs_, model.intercepts_
    return {
        "hidden_weight": hidden,
        "hidden_bias": hidden_bias,
        "output_weight": output,
        "output_bias": output_bias,
    }


def _guard(standard: Array, labels: Array) -> dict[str, Array]:
    """Whitened principal axes of the medical pictures, and k-means centres of each modality there."""
    from sklearn.cluster import KMeans

    medical = labels != OTHER
    rows, modality = standard[medical], modality_of(labels)[medical]
    _, strength, axes = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    scale = np.sqrt(len(rows)) / strength[:_GUARD_AXES]
    projection = axes[:_GUARD_AXES].T * scale
    centres = [
        KMeans(_GUARD_CENTRES, n_init=1, random_state=SEED).fit(rows[modality == code] @ projection)
        for code in np.unique(modality)
    ]
    return {
        "guard_axes": projection,
        "guard_centres": np.concatenate([model.cluster_centers_ for model in centres]),
    }
