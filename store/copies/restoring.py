"""Put a backup back into a new Casebook folder: every file is checked before anything counts."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from store.copies.contents import CASES, CHATS, Manifest, copied, counted, read_manifest
from store.errors import CaseError, SetupError

_PART = ".restoring"


def restore(source: Path, home: Path) -> Manifest:
    """Restore a backup.

    Args:
        source: the folder that `back_up` made.
        home: the Casebook folder; it is not there yet, or empty.

    Returns:
        What the backup says of itself, which what is there now agrees with.

    Raises:
        CaseError: `home` holds something, `source` is no backup, or a file of it is damaged; nothing was
            restored.
        SetupError: the Casebook folder cannot be written.
    """
    manifest = read_manifest(source)
    part = home / _PART
    if home.exists() and (not home.is_dir() or {one.name for one in home.iterdir()} - {_PART}):
        raise CaseError(
            "The Casebook folder holds something already, and restoring overwrites nothing. Set "
            "CASEBOOK_HOME to a folder that is not there yet, or move the old one away."
        )
    try:
        shutil.rmtree(part, ignore_errors=True)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.chmod(0o700)
        part.mkdir(mode=0o700)
        _copy(source, part, manifest)
        _put_in_place(part, home)
    except (OSError, sqlite3.Error) as error:
        raise SetupError(
            "The backup was not restored: it cannot be read, or the Casebook folder cannot be written or its "
            "disk is full. Make room, or set CASEBOOK_HOME to a folder on another disk."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def _copy(source: Path, part: Path, manifest: Manifest) -> None:
    for name, listed in manifest.files.items():
        try:
            found = copied(source / name, part / name)
        except FileNotFoundError:
            found = None
        if found != listed:
            raise CaseError(
                f"{name} of this backup is gone or damaged, so nothing was restored. Use another backup."
            )
    told = {name: count for name, count in manifest.counts.items() if not name.startswith("files in ")}
    if counted(part) != told:
        raise CaseError("The databases of this backup do not hold what it says, so nothing was restored.")


def _put_in_place(part: Path, home: Path) -> None:
    """Move everything up by one folder, the chats last: only with them is it a Casebook folder in use."""
    if (part / CASES).exists():
        # What stands for a write that was cut off: whoever opens the library next makes its index.
        (part / "library" / "state").write_text("writing restored", "utf-8")
    (part / CHATS).chmod(0o600)
    for one in sorted(part.iterdir(), key=lambda path: path.name == CHATS):
        one.rename(home / one.name)
