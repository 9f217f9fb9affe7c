"""Which licences were accepted. A licence is shown and accepted once; other conditions are a new licence."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

from store.errors import SetupError
from store.whole_file import write_json
from tools.models.systems.system import System


def licence_text(system: System) -> str:
    """What whoever pulls `system` accepts."""
    lines = [
        f"{system.name}: {system.checkpoint}{f' on {system.base}' if system.base else ''}",
        f"Licence: {system.licence}. In full: {system.licence_url}",
        *(f"  - {condition}" for condition in system.conditions),
        "For research and teaching only; not for the care of a patient.",
    ]
    return "\n".join(lines)


def accepted_on(system: System, home: Path) -> str | None:
    """The day on which this text was accepted in the Casebook folder `home` (``2026-01-31``), or None.

    Raises:
        SetupError: the record cannot be read.
    """
    entry = _read(home).get(system.name)
    if not isinstance(entry, dict) or entry.get("text_sha256") != _fingerprint(system):
        return None
    return str(entry.get("accepted_at"))[:10]


def accept(system: System, home: Path) -> None:
    """Keep that the licence of `system` was accepted, when first, and which text it was.

    Raises:
        SetupError: the record cannot be read or written.
    """
    if accepted_on(system, home):
        return
    entry = {
        "licence": system.licence,
        "text_sha256": _fingerprint(system),
        "accepted_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    write_json(_path(home), _read(home) | {system.name: entry})


def _fingerprint(system: System) -> str:
    return hashlib.sha256(licence_text(system).encode()).hexdigest()


def _path(home: Path) -> Path:
    return home / "models" / "licences.json"


def _read(home: Path) -> dict[str, Any]:
    try:
        value = json.loads(_path(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _unreadable() from error
    if not isinstance(value, dict):
        raise _unreadable()
    return value


def _unreadable() -> SetupError:
    return SetupError(
        "The record of accepted licences cannot be read. Delete models/licences.json in the Casebook folder "
        "and accept them again."
    )
