"""`casebook class-code`: what others have to give before the page shows them anything."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from assistant.commands import console
from store.errors import CaseError


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("class-code", help="set the code that the page asks its visitors for")
    parser.add_argument("--remove", action="store_true", help="ask for none, and serve this computer alone")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Set or remove the code. It is typed or piped, so that no list of processes or commands shows it.

    Raises:
        CaseError: it is too short or too long, or was typed in two ways.
        SetupError: the Casebook folder cannot be written, or a setting is not acceptable.
    """
    from assistant.settings import load_settings
    from store.class_code import ClassCode

    code = ClassCode(load_settings().home)
    if given.remove:
        was_set = code.remove()
        console.write("The class code is removed." if was_set else "There was no class code.")
        return console.DONE
    code.set(_typed())
    console.write(
        "The class code is set; only a hash of it is kept. Whoever was let in before has to give it now. "
        "Pages that are open stay open until they are loaded again or the server is started again."
    )
    return console.DONE


def _typed() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    first = getpass.getpass("Class code: ")
    if getpass.getpass("Once more: ") != first:
        raise CaseError("The two are not the same; nothing was changed. Type the code again.")
    return first
