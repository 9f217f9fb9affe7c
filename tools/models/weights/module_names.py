"""Names of a model's modules: transformers moved them twice, and adapters keep those of their training."""

from __future__ import annotations

import re
from collections.abc import Iterable

SPELLINGS = 3
"""Ways in which one module was spelled: from 5, from 4.52, before 4.52."""


def spellings(path: str) -> tuple[str, str, str]:
    """Names of the module at `path` (as transformers 5 spells it): in 5, from 4.52 on, before 4.52.

    Source: conversion_mapping.py of transformers 5.23 and the model code of 4.51 and 4.52.
    """
    later = re.sub(r"^model\.vision_tower\.(?!vision_model\.)", "model.vision_tower.vision_model.", path)
    if path == "lm_head":
        return path, path, "language_model.lm_head"
    if later.startswith("model.language_model."):
        return path, later, "language_model.model." + later.removeprefix("model.language_model.")
    return path, later, later.removeprefix("model.")


def named(targets: str | list[str], paths: Iterable[str], known: set[str]) -> set[str]:
    """Modules of `paths` that ``target_modules`` names.

    Args:
        targets: an expression for a whole name, ``all-linear``, or a list of last parts or whole names.
        paths: modules of the model as transformers 5 spells them.
        known: those that have weights; `targets` is read in the spelling in which it names most of them.
    """
    best: set[str] = set()
    for number in range(SPELLINGS):
        found = {path for path in paths if _matches(spellings(path)[number], targets)}
        if len(found & known) > len(best & known):
            best = found
    return best


def _matches(name: str, targets: str | list[str]) -> bool:
    """PEFT's rule for one name."""
    if targets == "all-linear":
        return not name.endswith("lm_head")
    if isinstance(targets, str):
        return re.fullmatch(targets, name) is not None
    return any(name == target or name.endswith(f".{target}") for target in targets)
