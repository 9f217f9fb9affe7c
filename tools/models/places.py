"""Where a system's files are: a folder the user gave, else what was pulled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from store.errors import SetupError
from tools.models.hub.pulled import Pulled, read_pulled
from tools.models.systems.packages import INSTALL, missing_packages
from tools.models.systems.system import System, setting_of

LOCAL = "local"
"""Revision of weights that came from a folder."""


@dataclass(frozen=True)
class Place:
    """The folders of one system.

    Attributes:
        system: its name.
        path: of the checkpoint.
        base: of the base under an adapter, or None.
        revision: commit of the checkpoint, or ``local``.
        base_revision: the same of the base; None without one.
        pulled: the record where the checkpoint was pulled; None for a folder the user gave.
    """

    system: str
    path: Path
    base: Path | None = None
    revision: str = LOCAL
    base_revision: str | None = None
    pulled: Pulled | None = None


def find_place(system: System, home: Path, *, path: Path | None = None, base: Path | None = None) -> Place:
    """The folders of `system`.

    Args:
        system: the card.
        home: the Casebook folder, where the records of what was pulled are.
        path: folder of the checkpoint or adapter, from the command line or the settings; None takes what
            was pulled.
        base: the same for the base. A base given wins over the one pulled, so another base can be tried; the
            one pulled also goes under an adapter given.

    Raises:
        SetupError: there is nothing there; says how to get it.
    """
    for given, what in ((path, "path"), (base, "base")):
        if given is not None and not given.expanduser().is_dir():
            raise SetupError(
                f"The folder {str(given)!r} given for {system.name} is not there. Check --{what} or "
                f"{setting_of(system, what)}."
            )
    pulled = read_pulled(system.name, home)
    path = path.expanduser() if path else None
    base, base_revision = (base.expanduser(), LOCAL) if base else _pulled_base(pulled, path)
    if path is not None:
        return Place(system.name, path, base, LOCAL, base_revision)
    if pulled is None or not pulled.complete:
        raise SetupError(_how_to_get(system, begun=pulled is not None))
    if missing := pulled.missing():
        raise SetupError(
            f"{missing[0]} of {system.name} is no longer where it was pulled. Fetch it again: "
            f"casebook models pull {system.name}"
        )
    checkpoint = pulled.checkpoint
    return Place(system.name, checkpoint.folder, base, checkpoint.revision, base_revision, pulled)


def is_set_up(system: System, home: Path, *, path: Path | None = None) -> bool:
    """Whether `find_place` would find the checkpoint, without looking into it."""
    if path is not None:
        return path.expanduser().is_dir()
    try:
        pulled = read_pulled(system.name, home)
    except SetupError:
        return False
    return pulled is not None and pulled.complete and not pulled.missing()


def folder_bytes(folder: Path) -> int:
    """Bytes of all files in a folder, links followed."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _pulled_base(pulled: Pulled | None, path: Path | None) -> tuple[Path | None, str | None]:
    """The pulled base and its commit, unless whole weights are given, which need none."""
    whole = path is not None and not (path / "adapter_config.json").is_file()
    if whole or not (pulled and pulled.complete and pulled.base):
        return None, None
    return pulled.base.folder, pulled.base.revision


def _how_to_get(system: System, *, begun: bool) -> str:
    if begun:
        return f"{system.name} was not pulled to its end. Go on with: casebook models pull {system.name}"
    size = f"about {system.disk_gb:g} GB" if system.disk_gb else "size not published"
    missing = missing_packages(system.name)
    first = (
        f"First install the packages it needs ({', '.join(missing)}): {INSTALL}. Then pull"
        if missing
        else "Pull"
    )
    return (
        f"{system.name} is not here. {first} it ({size}, {system.licence}): casebook models pull "
        f"{system.name}. Or give a folder that holds it: --path DIR, or {setting_of(system, 'path')}."
    )
