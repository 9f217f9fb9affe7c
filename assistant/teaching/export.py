"""A session taken away for research: tidy tables, every step as JSON lines, and a codebook. Pseudonyms only.

    answers.csv    one row for each committed answer
    guesses.csv    one row for each diagnosis of a differential
    findings.csv   one row for each finding of an answer beside the truth
    places.csv     one row for each region of a case, and for each mark that is none of them, of each answer
    marks.csv      one row for each mark of an answer
    steps.jsonl    everything that learners did, in order of time
    session.json   how the session was held, with its cases
    codebook.csv   every column: file, name, what it means

Nicknames, browsers and join codes stay behind. A cell that a spreadsheet would run as a formula begins with
an apostrophe in the CSV files; steps.jsonl has the words as they were.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.teaching.drawing_lots import arm_for
from assistant.teaching.marked import Marked
from store.errors import CaseError
from store.teaching.options import SessionOptions
from store.teaching.rows import Participant, Step
from store.whole_file import writable, write_whole
from tools.language.sayings import sayings

if TYPE_CHECKING:
    from assistant.build import Services
    from assistant.teaching.teacher import Teacher

ANSWERS = ("learner", "case", "place", "truth", "kind", "difficulty", "first", "confidence", "rank", "right",
           "computed_rank", "overruled", "note", "description", "language", "hints", "asked", "opened_at",
           "committed_at", "seconds", "later_first", "part", "arm", "consent", "timed_out")  # fmt: skip
GUESSES = ("learner", "case", "rank", "diagnosis", "confidence")
FINDINGS = ("learner", "case", "outcome", "term", "side")
PLACES = ("learner", "case", "number", "outcome", "overruled", "iou", "dice", "image", "slice", "caption")
MARKS = ("learner", "case", "number", "image", "slice", "shape", "points", "caption")
_FILES = {"answers": ANSWERS, "guesses": GUESSES, "findings": FINDINGS, "places": PLACES, "marks": MARKS}
# What spreadsheets take for the beginning of a formula. Source: OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_session(services: Services, teacher: Teacher, session_id: str, out: Path) -> list[Path]:
    """Write a session into a new folder.

    Args:
        services: the installation.
        teacher: whose session it is.
        session_id: which.
        out: the folder; it must not be there yet.

    Returns:
        The files.

    Raises:
        CaseError: the teacher has no such session, or `out` is there already or cannot be made.
        SetupError: the disk is full or not writable.
    """
    texts = tables(services, teacher, session_id)
    if out.exists() or not out.parent.is_dir():
        raise CaseError(f"{str(out)!r} cannot be made: name a folder that is not there in one that is.")
    with writable():
        out.mkdir()
        for name, text in texts.items():
            write_whole(out / name, text.encode())
    return [out / name for name in texts]


def tables(services: Services, teacher: Teacher, session_id: str) -> dict[str, str]:
    """The same as texts by file name; raises `CaseError` for another teacher's session."""
    session, all_of_it = teacher.session(session_id), teacher.done(session_id)
    marked, learners = teacher.marked(session_id, all_of_it), all_of_it.participants
    who = {one.id: one.pseudonym for one in learners}
    held = {
        "casebook": version("casebook"),
        "session": session.id,
        "title": session.title,
        "options": session.options.model_dump(),
        "made_at": _when(session.made_at),
        "closed_at": None if session.closed_at is None else _when(session.closed_at),
        "learners": sorted(who.values()),
        "withdrawn": all_of_it.withdrawn,
        "cases": [
            {"case": at, "id": case_id, "version": number} | case.model_dump()
            for at, (case_id, number, case) in enumerate(services.teaching.sessions.held(session_id), 1)
        ],
    }
    done = _done(all_of_it.steps, marked, learners, session.options)
    return {
        "answers.csv": _csv(ANSWERS, map(_answer, marked)),
        "guesses.csv": _csv(GUESSES, _guesses(marked)),
        "findings.csv": _csv(FINDINGS, _findings(marked)),
        "places.csv": _csv(PLACES, _places(marked)),
        "marks.csv": _csv(MARKS, _marks(marked)),
        "steps.jsonl": "".join(
            f"{json.dumps(one, ensure_ascii=False)}\n" for one in sorted(done, key=lambda one: str(one["at"]))
        ),
        "session.json": json.dumps(held, ensure_ascii=False, indent=1),
        "codebook.csv": _csv(("file", "column", "means"), _codebook()),
    }


def _done(
    steps: Sequence[Step], marked: Sequence[Marked], learners: Sequence[Participant], options: SessionOptions
) -> list[dict[str, Any]]:
    """Everything that learners did: how they joined, each step and each commit."""
    who = {one.id: one.pseudonym for one in learners}
    return [
        {"at": _when(one.at), "learner": who[one.participant_id], "case": one.position, "step": one.kind,
         "text": one.text}
        for one in steps
    ] + [
        {"at": _when(one.committed_at), "learner": one.learner.pseudonym, "case": one.position,
         "step": "committed", "text": one.answer.model_dump_json()}
        for one in marked
    ] + [
        {"at": _when(one.joined_at), "learner": one.pseudonym, "case": None, "step": "joined",
         "text": json.dumps({"consent": one.consent, "arm": arm_for(options, one.number)})}
        for one in learners
    ]  # fmt: skip


def _answer(one: Marked) -> dict[str, Any]:
    said = one.feedback
    return {
        "learner": one.learner.pseudonym,
        "case": one.position,
        "place": one.place,
        "truth": one.case.diagnosis,
        "kind": one.case.kind,
        "difficulty": one.case.difficulty,
        "first": one.first,
        "confidence": one.confidence,
        "rank": said.rank,
        "right": int(said.right),
        "computed_rank": said.computed_rank,
        "overruled": int(said.overruled),
        "note": said.note,
        "description": one.answer.description,
        "language": one.answer.language,
        "hints": one.hints,
        "asked": one.asked,
        "opened_at": _when(one.opened_at),
        "committed_at": _when(one.committed_at),
        "seconds": round(one.seconds, 3),
        "later_first": one.later.differential[0].diagnosis if one.later and one.later.differential else None,
        "part": one.part,
        "arm": one.arm,
        "consent": one.learner.consent,
        "timed_out": int(one.timed_out),
    }


def _guesses(marked: Sequence[Marked]) -> Iterable[dict[str, Any]]:
    for one in marked:
        for rank, guess in enumerate(one.answer.differential, 1):
            at = {"learner": one.learner.pseudonym, "case": one.position, "rank": rank}
            yield at | guess.model_dump()


def _findings(marked: Sequence[Marked]) -> Iterable[dict[str, Any]]:
    for one in marked:
        for finding in one.feedback.findings:
            yield {"learner": one.learner.pseudonym, "case": one.position} | vars(finding)


def _places(marked: Sequence[Marked]) -> Iterable[dict[str, Any]]:
    for one in marked:
        for number, place in enumerate(one.feedback.places, 1):
            yield {
                "learner": one.learner.pseudonym,
                "case": one.position,
                "number": number,
                "outcome": place.outcome,
                "overruled": int(place.overruled),
                "iou": _rounded(place.iou),
                "dice": _rounded(place.dice),
                "image": place.drawn.image,
                "slice": place.drawn.slice,
                "caption": place.drawn.caption,
            }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _marks(marked: Sequence[Marked]) -> Iterable[dict[str, Any]]:
    for one in marked:
        for number, mark in enumerate(one.answer.marks, 1):
            told = mark.model_dump() | {"points": json.dumps(mark.points)}
            yield {"learner": one.learner.pseudonym, "case": one.position, "number": number} | told


def _codebook() -> Iterable[dict[str, str]]:
    told = sayings("en").texts
    for file, columns in _FILES.items():
        for column in columns:
            means = told.get(f"teach_codebook.{file}_{column}") or told[f"teach_codebook.{column}"]
            yield {"file": f"{file}.csv", "column": column, "means": means}


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
