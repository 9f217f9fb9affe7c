"""`casebook backup` and `casebook restore`: everything in one file, and a new folder from it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened, readable

if TYPE_CHECKING:
    from assistant.backup import Contents


def add_to(commands: Any) -> None:
    """Add the commands' arguments."""
    backup = commands.add_parser("backup", help="copy chats, images and the case library into one file")
    backup.add_argument("file", metavar="FILE", type=Path, help="the file to write, such as casebook.zip")
    backup.set_defaults(run=_back_up)
    restore = commands.add_parser("restore", help="make a new Casebook folder from such a file")
    restore.add_argument("file", metavar="FILE")
    restore.set_defaults(run=_restore)


def _back_up(given: argparse.Namespace) -> int:
    from assistant.backup import back_up

    with opened() as assistant:
        held = back_up(assistant.services, given.file)
    console.write(f"Wrote {given.file}: {_said(held)}. Models are not in it; they can be pulled again.")
    if held.pictures_at:
        console.write(
            f"Images and pictures are not in it: they lie at {held.pictures_at}. Copy them with a tool of "
            "that store, after this copy."
        )
    return console.DONE


def _restore(given: argparse.Namespace) -> int:
    from assistant.backup import restore
    from assistant.settings import load_settings

    home = load_settings().home
    held = restore(readable(given.file), home)
    console.write(f"Restored into {home}: {_said(held)}. Every file was checked against the copy's list.")
    if held.pictures_at:
        console.write(
            f"Images and pictures are not in it: they lay at {held.pictures_at}. That place still belongs to "
            "the folder that the copy was made of; `casebook doctor` says how this one takes it over."
        )
    return console.DONE


def _said(held: Contents) -> str:
    counted = ((held.chats, "chat"), (held.cases, "library case"), (held.files, "file"))
    words = [f"{number} {what}{'s' * (number != 1)}" for number, what in counted]
    return f"{', '.join(words)}, {held.size / 2**20:.1f} MB"
