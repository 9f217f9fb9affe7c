"""The packages that a system needs, and how to get them."""

from __future__ import annotations

import importlib.util

from store.errors import SetupError
from tools.models.systems.cards import SYSTEMS

INSTALL = 'make models (or pip install -c constraints.txt -e ".[models]")'
"""How to install what reading models need."""

NEEDS = {"models": ("torch", "transformers", "peft"), "derm-foundation": ()}
"""Packages that must be importable, by extra. Derm Foundation's run in a process of their own."""


def require_packages(system: str) -> None:
    """Raise unless the extra that runs `system` is installed.

    Raises:
        SetupError: packages are missing; says how to get them.
    """
    if missing := missing_packages(system):
        raise SetupError(f"{system} needs packages that are not installed ({', '.join(missing)}): {INSTALL}")


def missing_packages(system: str) -> list[str]:
    """Packages that `system` needs and that are not installed."""
    return [name for name in NEEDS[SYSTEMS[system].extra] if importlib.util.find_spec(name) is None]
