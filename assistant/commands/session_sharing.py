"""`casebook session write-case`, `copy` and `cards`: cases and sessions as files for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.commands import console, session_owner
from assistant.commands.opening import opened
from assistant.commands.session_owner import add_all
from store.errors import CaseError


def add_to(actions: Any) -> None:
    """Add the actions."""
    write = actions.add_parser("write-case", help="a teaching case with its images as one file")
    write.add_argument("case", metavar="ID")
    write.add_argument(
        "out", metavar="FILE", type=Path,
        help=".json, a MIRCdocument (.zip), .pdf, .html, .md, Anki cards (.apkg) or a Moodle quiz (.xml)",
    )  # fmt: skip
    write.add_argument("--unknown", action="store_true", help="without the answer: .zip, .pdf, .html or .md")
    add_all(write)
    write.set_defaults(run=_write_case)
    copy = actions.add_parser("copy", help="a session's cases as one file, or its report")
    copy.add_argument("session", metavar="ID")
    copy.add_argument(
        "out",
        metavar="FILE",
        type=Path,
        help="Anki cards (.apkg), a Moodle quiz (.xml), or the report (.pdf, .html, .md)",
    )
    add_all(copy)
    copy.set_defaults(run=_copy)
    cards = actions.add_parser("cards", help="cases of the library as Anki cards or a Moodle quiz")
    cards.add_argument("out", metavar="FILE", type=Path, help=".apkg or .xml")
    cards.add_argument("--title", default="Casebook", type=console.words, help="of the deck or category")
    cards.add_argument("--label", action="append", default=[], help="only cases of this label; repeat")
    cards.add_argument("--modality", action="append", default=[], help="only this DICOM code; repeat")
    cards.set_defaults(run=_cards)


def _write_case(given: argparse.Namespace) -> int:
    from assistant.sharing.copies import of_case
    from assistant.sharing.formats import CASE, UNKNOWN

    formats = UNKNOWN if given.unknown else CASE
    ending = _ending(given.out, formats)
    with opened() as assistant:
        owner = session_owner.case_owner(assistant, given)
        data = formats[ending](of_case(assistant.services, owner, given.case))
    return _written(given.out, data)


def _copy(given: argparse.Namespace) -> int:
    from assistant.sharing.copies import of_session
    from assistant.sharing.formats import CASES, DOCUMENTS
    from assistant.sharing.session_report import session_report
    from tools.language.sayings import FIRST

    ending = _ending(given.out, (*CASES, *DOCUMENTS))
    with opened() as assistant:
        teacher = session_owner.of_session(assistant, given)
        if kind := DOCUMENTS.get(ending):
            data = session_report(kind, assistant.services, teacher, given.session, FIRST)
        else:
            title = teacher.session(given.session).title
            data = CASES[ending](title, of_session(assistant.services, teacher, given.session))
    return _written(given.out, data)


def _cards(given: argparse.Namespace) -> int:
    from assistant.sharing.copies import of_library
    from assistant.sharing.formats import CASES
    from store.cases.case import CaseFilter

    ending = _ending(given.out, CASES)
    where = CaseFilter(label=tuple(given.label), modality=tuple(given.modality))
    with opened() as assistant:
        data = CASES[ending](given.title, of_library(assistant.services, where))
    return _written(given.out, data)


def _ending(out: Path, formats: Iterable[str]) -> str:
    ending = out.suffix.lower()
    if ending not in (known := list(formats)):
        raise CaseError(f"{out.name!r} ends in no format for this. It takes {', '.join(known)}.")
    if out.exists() or not out.parent.is_dir():
        raise CaseError(f"{str(out)!r} cannot be written: name a file that is not there yet.")
    return ending


def _written(out: Path, data: bytes) -> int:
    from store.whole_file import writable, write_whole

    with writable():
        write_whole(out, data)
    console.note(f"Written: {out} ({len(data) / 1000:,.0f} kB)")
    return console.DONE
