"""`casebook session close`, `remove`, `remove-case` and `forget`: closed, and deleted for good."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.commands import console
from assistant.commands.opening import opened
from assistant.commands.session_owner import add_all, of_case, of_session


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
        add_all(one)
        one.set_defaults(run=run)
    case = actions.add_parser("remove-case", help="delete a teaching case that no session holds, with images")
    case.add_argument("case", metavar="ID")
    add_all(case)
    case.set_defaults(run=_remove_case)


def _close(given: argparse.Namespace) -> int:
    with opened() as assistant:
        of_session(assistant, given).close(given.session)
    console.note("Closed. What was done is kept.")
    return console.DONE


def _remove(given: argparse.Namespace) -> int:
    with opened() as assistant:
        whole = of_session(assistant, given).remove.session(given.session)
    told = "Deleted, with all that learners did in it. Its cases stay: casebook session remove-case ID"
    console.note_deleted(told, whole=whole)
    return console.DONE


def _forget(given: argparse.Namespace) -> int:
    with opened() as assistant:
        whole = of_session(assistant, given).remove.learner(given.session, given.learner)
    told = "Deleted. That somebody withdrew is counted; what you exported before is yours to delete."
    console.note_deleted(told, whole=whole)
    return console.DONE


def _remove_case(given: argparse.Namespace) -> int:
    with opened() as assistant:
        whole = of_case(assistant, given).remove.case(given.case)
    told = "Deleted with all its versions, and the images that no other case shows."
    console.note_deleted(told, whole=whole)
    return console.DONE
