"""`casebook session close`, `remove`, `remove-case` and `forget`: closed, and deleted for good."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.teaching.teacher import Teacher


def add_to(actions: Any) -> None:
    """Add the actions."""
    for name, run, says in (
        ("close", _close, "let no learner join or commit any more"),
        ("remove", _remove, "delete a closed session and all that learners did in it"),
        ("forget", _forget, "delete all that one learner did in a session"),
    ):
        one = actions.add_parser(name, help=says)
        one.add_argument("session", metavar="ID")
        if run is _forget:
            one.add_argument("learner", metavar="LEARNER", help="pseudonym, such as L02")
        one.add_argument("--all", action="store_true", help="also of another owner, made on the page")
        one.set_defaults(run=run)
    case = actions.add_parser("remove-case", help="delete a teaching case that no session holds, with images")
    case.add_argument("case", metavar="ID")
    case.add_argument("--all", action="store_true", help="also of another owner, made on the page")
    case.set_defaults(run=_remove_case)


def _close(given: argparse.Namespace) -> int:
    with opened() as assistant:
        _of_session(assistant, given).close(given.session)
    console.note("Closed. What was done is kept.")
    return console.DONE


def _remove(given: argparse.Namespace) -> int:
    with opened() as assistant:
        whole = _of_session(assistant, given).remove.session(given.session)
    told = "Deleted, with all that learners did in it. Its cases stay: casebook session remove-case ID"
    console.note_deleted(told, whole=whole)
    return console.DONE


def _forget(given: argparse.Namespace) -> int:
    with opened() as assistant:
        whole = _of_session(assistant, given).remove.learner(given.session, given.learner)
    told = "Deleted. That somebody withdrew is counted; what you exported before is yours to delete."
    console.note_deleted(told, whole=whole)
    return console.DONE


def _remove_case(given: argparse.Namespace) -> int:
    with opened() as assistant:
        owner = assistant.services.teaching.cases.owner_of(given.case) if given.all else None
        whole = _teacher(assistant, owner).remove.case(given.case)
    told = "Deleted with all its versions, and the images that no other case shows."
    console.note_deleted(told, whole=whole)
    return console.DONE


def _of_session(assistant: Assistant, given: argparse.Namespace) -> Teacher:
    """Who may close or delete the session: its owner, if whoever runs the machine asks for that."""
    owner = assistant.services.teaching.sessions.owner_of(given.session) if given.all else None
    return _teacher(assistant, owner)


def _teacher(assistant: Assistant, owner: str | None) -> Teacher:
    from assistant.teaching.teacher import Teacher

    return Teacher(assistant.services, owner or assistant.owner)
