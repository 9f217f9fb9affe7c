"""The folder of one training run: what it is of, how far it came, and what came of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from store.errors import CaseError
from tools.finetune.recipe import Recipe
from tools.finetune.rows import Example
from tools.models.stand_ins.files import write_json

RUN, CHECKPOINTS, LOSSES, CURVE = "run.json", "checkpoints", "losses.json", "loss.png"


def describe(recipe: Recipe, examples: Sequence[Example], base: Path) -> dict[str, Any]:
    """What makes a run the same run: its recipe, rows and base."""
    run: dict[str, Any] = json.loads(
        json.dumps({"recipe": asdict(recipe), "rows": _fingerprint(examples), "base": _base(base)})
    )
    return run


def check_free(folder: Path, run: dict[str, Any]) -> None:
    """See that `folder` is empty, or this run's and not finished.

    Raises:
        CaseError: it holds something else, or this run to its end.
    """
    file = folder / RUN
    if not file.is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CaseError(
                f"{folder.name!r} is there and holds something else. Give a new folder with --out."
            )
    elif _read(file) != run:
        raise CaseError(
            f"{folder.name!r} holds a run with other rows, another recipe or another base. Give a new folder "
            "with --out."
        )
    if (folder / "adapter_model.safetensors").is_file():
        raise CaseError(f"The run in {folder.name!r} is finished; its adapter is there.")


def claim(folder: Path, run: dict[str, Any]) -> None:
    """Make `folder` this run's."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN, run)


def last_checkpoint(folder: Path) -> Path | None:
    """The newest whole checkpoint; those that a kill cut short are removed."""
    whole: dict[int, Path] = {}
    for one in (folder / CHECKPOINTS).glob("checkpoint-*"):
        # The trainer writes its state after everything else; a cut one is no JSON.
        if _read(one / "trainer_state.json") is None:
            shutil.rmtree(one)
        else:
            whole[int(one.name.removeprefix("checkpoint-"))] = one
    return whole[max(whole)] if whole else None


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _fingerprint(examples: Sequence[Example]) -> str:
    """A hash of the rows; the pictures count by name and size."""
    told = [(one.image.name, one.image.stat().st_size, one.question, one.text, one.group) for one in examples]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _base(base: Path) -> str:
    """A hash of the base's settings and its weight files' names and sizes."""
    files = sorted((one.name, one.stat().st_size) for one in base.iterdir() if one.is_file())
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()
