"""Stand-ins: tiny random checkpoints with exactly the file layout of each published system.

They let every command, test and benchmark run without weights. Their answers mean nothing, and each says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from store.errors import SetupError
from tools.models.systems.packages import INSTALL

VARIANTS = ("adapter", "merged")
"""The two forms in which fine-tunes are published: a LoRA adapter beside its base, or whole weights."""


@dataclass(frozen=True)
class StandIn:
    """Where a stand-in lies: its own folder, and its base's where it is an adapter."""

    system: str
    path: Path
    base: Path | None = None


def build_stand_in(
    system: str, folder: Path, *, variant: str = "adapter", python: Path | None = None
) -> StandIn:
    """Write a stand-in for `system` to ``folder/system``, and a base it needs to ``folder/system-base``.

    Args:
        system: one of the names in ``tools.models.systems.cards.SYSTEMS``.
        folder: made if missing.
        variant: ``adapter`` or ``merged``, for radiographer and derm-captioner; the others have one form.
        python: interpreter with TensorFlow, for derm-foundation; None is the one that runs Casebook.

    Raises:
        SetupError: there is no stand-in for `system`, or the packages to build it are missing.
    """
    from tools.models.stand_ins import clip, llava_v1, mllama, paligemma, saved_model

    path, base = folder / system, folder / f"{system}-base"
    try:
        if system in ("radiographer", "derm-captioner"):
            maker = mllama if system == "radiographer" else paligemma
            if variant == "merged":
                return StandIn(system, maker.build_merged(path))
            maker.build(base)
            return StandIn(system, maker.build_adapter(path, base), base)
        if system == "pubmedclip":
            return StandIn(system, clip.build(path))
        if system == "derm-foundation":
            return StandIn(system, saved_model.build(path, python=python))
        if system == "babydoctor":
            return StandIn(system, llava_v1.build(path))
    except ModuleNotFoundError as error:
        raise SetupError(
            f"The stand-in for {system} needs the extra packages, which are not installed: {INSTALL}"
        ) from error
    raise SetupError(f"There is no stand-in for {system!r}.")
