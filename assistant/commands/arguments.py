"""What can be typed after `casebook`. A mistake is a `CaseError`, told in a sentence like any other."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import cache
from typing import Any, NoReturn

from assistant.commands import (
    ask,
    backup,
    chat,
    chats,
    class_code,
    console,
    converse,
    convert,
    doctor,
    finetune,
    library,
    llm,
    mcp,
    models,
    privacy,
    replay,
    serve,
    session,
)
from assistant.commands import eval as evaluation
from store.errors import CaseError

_ABOUT = (
    "Ask about radiology and dermatology images, for research and teaching. "
    "Casebook is not a medical device and gives no diagnoses."
)
_EXIT_CODES = "Exit codes: 0 answered; 2 you can act; 3 whoever installed Casebook can act; 130 stopped."


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CaseError(f"{message[:1].upper()}{message[1:].rstrip('.')}. See `{self.prog} --help`.")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import version

        console.write(f"casebook {version('casebook')}")
        parser.exit()


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read the arguments.

    Returns:
        The arguments; ``run`` is the function that carries the command out.

    Raises:
        CaseError: they cannot be understood.
    """
    return _parser().parse_args(words)


@cache
def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="casebook", description=_ABOUT, epilog=_EXIT_CODES, allow_abbrev=False)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for group in (
        ask,
        chat,
        chats,
        replay,
        class_code,
        library,
        session,
        models,
        llm,
        finetune,
        evaluation,
        converse,
        convert,
        backup,
        privacy,
        serve,
        mcp,
        doctor,
    ):
        group.add_to(commands)
    return parser
