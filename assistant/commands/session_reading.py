"""`casebook session mrmc` and `practice`: ways of reading compared, and a learner who practises alone."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened, readable
from store.errors import CaseError

if TYPE_CHECKING:
    from assistant.teaching.practice import PracticeState

_LARGEST_TABLE = 100_000_000


def add_to(actions: Any) -> None:
    """Add the actions."""
    mrmc = actions.add_parser("mrmc", help="compare ways of reading: many readers, many cases")
    mrmc.add_argument(
        "table", metavar="FILE.csv", type=readable, help="reader, case, modality, truth, rating"
    )
    mrmc.add_argument("--json", action="store_true", help="print one JSON object")
    mrmc.set_defaults(run=_mrmc)
    practice = actions.add_parser("practice", help="practise alone on library cases; missed ones come back")
    practice.add_argument("--number", type=int, default=10, help="cases at most; default 10")
    practice.add_argument("--label", action="append", default=[], help="only cases of this label; repeat")
    practice.add_argument("--modality", action="append", default=[], help="only this DICOM code; repeat")
    practice.add_argument("--state", action="store_true", help="only how far you are")
    practice.add_argument("--forget", action="store_true", help="delete all that you did in practice")
    practice.set_defaults(run=_practice)


def _mrmc(given: argparse.Namespace) -> int:
    from assistant.teaching.mrmc_told import compared, data_of, lines_of
    from assistant.teaching.ratings import read_ratings

    if given.table.stat().st_size > _LARGEST_TABLE:
        raise CaseError(f"The table is larger than {_LARGEST_TABLE // 10**6} MB. Give a smaller one.")
    try:
        text = given.table.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CaseError("The table is no text in UTF-8. Save it as CSV in UTF-8.") from error
    found = compared(read_ratings(text))
    if given.json:
        console.write_json(data_of(found))
        return console.DONE
    for line in lines_of(found):
        console.write(line)
    return console.DONE


def _practice(given: argparse.Namespace) -> int:
    from assistant.teaching.practice import Practice
    from store.cases.case import CaseFilter

    with opened() as assistant:
        practice = Practice(assistant.services, assistant.owner)
        if given.forget:
            whole = practice.forget()
            console.note_deleted("Deleted: every sitting of yours and its answers.", whole=whole)
            return console.DONE
        if given.state:
            for line in _state_lines(practice.state()):
                console.write(line)
            return console.DONE
        where = CaseFilter(label=tuple(given.label), modality=tuple(given.modality))
        made = practice.begin(given.number, where)
    console.write(f"Join code: {made.join_code}")
    console.note("Open the page, choose Teach, and type the code and a nickname.")
    return console.DONE


def _state_lines(state: PracticeState) -> Iterator[str]:
    from assistant.teaching.practice_told import told
    from tools.language.sayings import say

    yield from told(state, "en")
    yield say("practice.how")
