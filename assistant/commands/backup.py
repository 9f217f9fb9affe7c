"""`casebook backup` and `casebook restore`: a copy of all that is kept, and that copy put back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from store.errors import SetupError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from store.copies.contents import Manifest


def add_to(commands: Any) -> None:
    """Add the commands' arguments."""
    backup = commands.add_parser("backup", help="copy all that Casebook keeps into a new folder, also in use")
    backup.add_argument("out", metavar="OUT", type=Path, help="a folder that is not there yet, or empty")
    backup.add_argument("--json", action="store_true", help="print one JSON object")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="put a backup into a Casebook folder that is not there yet")
    restore.add_argument("source", metavar="IN", type=Path, help="a folder that casebook backup made")
    restore.add_argument("--json", action="store_true", help="print one JSON object")
    restore.set_defaults(run=_restore)


def _backup(given: argparse.Namespace) -> int:
    from store.copies.backup import back_up

    settings = _settings()
    made = back_up(settings.home, settings.home / "conversations.db", given.out)
    if not _told(made, given.json, "Backed up"):
        console.note(
            "It holds pictures, questions and any keys in settings.toml: keep it where only you can read it."
        )
    return console.OPERATOR if made.lacking else console.DONE


def _restore(given: argparse.Namespace) -> int:
    from assistant.commands.opening import opened
    from store.copies.restoring import restore

    restored = restore(given.source, _settings().home)
    with opened() as assistant:
        assistant.services.conversations.check()
        kept = {f"cases of {one.name}": one.size for one in assistant.library.collections()}
    told = {name: count for name, count in restored.counts.items() if name.startswith("cases of ")}
    if kept != told:
        raise SetupError(
            "What was restored is there, but the search index of the library does not hold every case. Run "
            "casebook doctor --repair."
        )
    _told(restored, given.json, "Restored")
    return console.DONE


def _told(made: Manifest, as_json: bool, what: str) -> bool:
    """Say what was copied; whether that was said as JSON."""
    if as_json:
        console.write_json({"counts": made.counts, "lacking": list(made.lacking), "files": len(made.files)})
        return True
    counts = ", ".join(f"{count:,} {name}" for name, count in made.counts.items())
    console.write(f"{what} {len(made.files):,} files, every one checked by its digest: {counts}.")
    for name in made.lacking:
        console.write(f"Not there, or damaged: {name}")
    if made.lacking:
        console.note("The rest was copied. casebook doctor says what to do.")
    return False


def _settings() -> Settings:
    """The settings, where the chats are in the Casebook folder.

    Raises:
        SetupError: they are kept in another database.
    """
    from assistant.settings import load_settings

    settings = load_settings()
    if settings.database_url is not None:
        raise SetupError(
            "The chats are kept where CASEBOOK_DATABASE_URL says, which this command does not copy. Use the "
            "tools of that database, such as pg_dump, and copy the Casebook folder while nobody uses it."
        )
    return settings
