"""The report of a session: how the class did and how that is computed, then its cases. Pseudonyms only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers.disclaimers import general
from assistant.sharing.case_document import add_answer, add_question
from assistant.sharing.copies import of_session
from assistant.teaching.figures import figures, how
from assistant.teaching.figures_told import told
from assistant.teaching.mrmc_told import arms_told
from tools.language.sayings import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.build import Services
    from assistant.export.document import Document, Kind
    from assistant.teaching.figures import ClassFigures, Group
    from assistant.teaching.marked import Marked
    from assistant.teaching.teacher import Teacher


def session_report(kind: Kind, services: Services, teacher: Teacher, session_id: str, language: str) -> bytes:
    """The file.

    Args:
        kind: of document.
        services: the installation.
        teacher: whose session it is.
        session_id: which.
        language: of the report; the words of its cases stay as they are.

    Raises:
        CaseError: the teacher has no such session, or an image is no longer kept.
    """
    session, done = teacher.session(session_id), teacher.done(session_id)
    marked = teacher.marked(session_id, done)
    document = kind(session.title, language, general(language))
    document.text(say("share.report", language, learners=len(done.participants), answers=len(marked)))
    _add_figures(document, figures(marked), marked, language)
    for number, copy in enumerate(of_session(services, teacher, session_id), 1):
        document.heading(say("share.case_number", language, number=number))
        add_question(document, copy, captions=True)
        add_answer(document, copy)
    return document.file()


def _add_figures(document: Document, found: ClassFigures, marked: Sequence[Marked], language: str) -> None:
    if found.everybody is None:
        document.text(say("share.no_answers", language))
        return
    names = ("learner", "right_first", "in_lists", "seconds")
    head = [*(say(f"teach.{name}", language) for name in names), "Brier"]
    document.table(head, [_row(one, language) for one in (*found.learners, found.everybody)])
    for name in ("right", "in_list", "time", "brier"):
        document.text(how(name, language), small=True)
    for name, lines in told(found, found.everybody, marked, language):
        document.heading(say(f"teach.figure_{name}", language))
        document.lines(lines or [say("teach.none_of_these", language)])
        document.text(how(name, language), small=True)
    if arms := arms_told(marked, language):
        document.heading(say("mrmc.figure", language))
        document.lines(arms)


def _row(group: Group, language: str) -> list[str]:
    return [
        group.name or say("share.all", language),
        f"{group.right.count} / {group.right.of}",
        f"{group.in_list.count} / {group.in_list.of}",
        say("teach.so_long", language, seconds=group.seconds),
        "–" if group.brier is None else say("teach.two_places", language, value=group.brier),
    ]
