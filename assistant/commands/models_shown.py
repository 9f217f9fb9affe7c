"""`casebook models list` and `casebook models status`: tables of what there is and what is in memory."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from store.errors import SetupError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from tools.models.memory.in_memory import InMemory
    from tools.models.places import Place
    from tools.models.systems.system import System


def show_list(given: argparse.Namespace) -> int:
    """The systems, their licences and sizes, and which are here."""
    from assistant.settings import load_settings
    from tools.models.systems.cards import SYSTEMS

    settings = load_settings()
    rows = [(system, state_of(system, settings)) for system in SYSTEMS.values()]
    if given.json:
        console.write_json({"systems": [system.to_dict() | {"here": here} for system, here in rows]})
        return console.DONE
    _table(
        ("NAME", "HERE", "DISK", "LICENCE", "WHAT IT DOES"),
        [
            (
                system.name,
                here,
                f"{system.disk_gb:g} GB" if system.disk_gb else "unknown",
                f"{system.licence}{' (gated)' if system.gated else ''}",
                system.what,
            )
            for system, here in rows
        ],
    )
    console.note(
        "To get one: casebook models pull NAME. Terms and limits in full: casebook models list --json"
    )
    return console.DONE


def show_status(given: argparse.Namespace) -> int:
    """Where each system is, and what is in memory."""
    from assistant.settings import load_settings
    from tools.models.memory.in_memory import read_loaded
    from tools.models.systems.cards import SYSTEMS

    settings = load_settings()
    places = [_state(system, settings) for system in SYSTEMS.values()]
    loaded = read_loaded(settings.home)
    if given.json:
        how = {"device": settings.device, "precision": settings.precision}
        console.write_json({"systems": places, "in_memory": [vars(one) for one in loaded], **how})
        return console.DONE
    _table(
        ("NAME", "STATE", "ON DISK", "REVISION", "FOLDER"),
        [
            (
                str(one["name"]),
                str(one["state"]),
                size_of(one["bytes"]) if one["bytes"] else "",
                str(one["revision"] or "")[:12],
                str(one["folder"] or ""),
            )
            for one in places
        ],
    )
    for problem in filter(None, (one["problem"] for one in places)):
        console.note(str(problem))
    console.write(f"\nDevice: {settings.device}. Precision: {settings.precision}.")
    console.write(f"Chat model: {_chat_model(settings)}")
    if not loaded:
        console.write("No system is in memory.")
        return console.DONE
    console.write("")
    _table(
        ("IN MEMORY", "DEVICE", "BYTES", "LOADED IN", "PROCESS"),
        [(one.name, one.device, size_of(one.nbytes), _loaded_in(one), str(one.process)) for one in loaded],
    )
    return console.DONE


def _chat_model(settings: Settings) -> str:
    """The chat model in a sentence, or why there is none."""
    from assistant.llm.chat_models import chat_model, described
    from assistant.llm.role import casting

    try:
        told = described(settings)
        return f"{told} {casting(settings).sentence}" if chat_model(settings)[0] else told
    except SetupError as error:
        return str(error)


def _loaded_in(one: InMemory) -> str:
    return "loading" if one.load_s is None else f"{one.load_s:.1f} s{', in use' if one.in_use else ''}"


def _state(system: System, settings: Settings) -> dict[str, Any]:
    """Where one system is and how much of the disk it takes."""
    from tools.models.places import folder_bytes
    from tools.models.weights.checkpoints import is_stand_in

    state: dict[str, Any] = dict.fromkeys(("bytes", "revision", "folder", "base", "problem"))
    state |= {"name": system.name, "state": state_of(system, settings)}
    if state["state"] in ("no", "on a server"):
        return state
    try:
        place = place_of(system, settings)
    except SetupError as error:
        return state | {"problem": str(error)}
    size = place.pulled.nbytes if place.pulled else folder_bytes(place.path)
    random = " (stand-in)" if is_stand_in(place.path) else ""
    return state | {
        "state": f"{state['state']}{random}",
        "bytes": size,
        "revision": place.revision,
        "folder": str(place.path),
        "base": str(place.base) if place.base else None,
    }


def state_of(system: System, settings: Settings) -> str:
    """One word or two on where `system` is."""
    from tools.models.hub.pulled import read_pulled

    if settings.server_of(system.name)[0]:
        return "on a server"
    if settings.folders_of(system.name)[0]:
        return "folder set"
    try:
        pulled = read_pulled(system.name, settings.home)
    except SetupError:
        return "problem"
    if pulled is None:
        return "no"
    return "pulled" if pulled.complete else "begun"


def place_of(system: System, settings: Settings, path: Path | None = None, base: Path | None = None) -> Place:
    """The folders of `system`: those given, else those set, else what was pulled.

    Raises:
        SetupError: there is nothing there; says how to get it.
    """
    from tools.models.places import find_place

    set_path, set_base = settings.folders_of(system.name)
    return find_place(system, settings.home, path=path or set_path, base=base or set_base)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        console.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def size_of(nbytes: int) -> str:
    """Bytes in words."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if nbytes >= size:
            return f"{nbytes / size:.1f} {unit}"
    return f"{nbytes} B"
