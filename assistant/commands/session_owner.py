"""``--all`` of `casebook session`: what belongs to another owner, as what was made on the page does."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.teaching.teacher import Teacher


def add_all(parser: argparse.ArgumentParser) -> None:
    """Add ``--all`` to a command on one session or one case."""
    parser.add_argument("--all", action="store_true", help="also of another owner, made on the page")


def of_session(assistant: Assistant, given: argparse.Namespace) -> Teacher:
    """Whose session it is, if whoever runs the machine asks for that; else who runs the command."""
    whose = assistant.services.teaching.sessions.owner_of(given.session) if given.all else None
    return _teacher(assistant, whose or assistant.owner)


def of_case(assistant: Assistant, given: argparse.Namespace) -> Teacher:
    """The same of a teaching case."""
    return _teacher(assistant, case_owner(assistant, given))


def case_owner(assistant: Assistant, given: argparse.Namespace) -> str:
    """Who that is."""
    whose = assistant.services.teaching.cases.owner_of(given.case) if given.all else None
    return whose or assistant.owner


def _teacher(assistant: Assistant, owner: str) -> Teacher:
    from assistant.teaching.teacher import Teacher

    return Teacher(assistant.services, owner)
