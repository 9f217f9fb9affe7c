"""A teaching case as a document: whole, or as an unknown without the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers.disclaimers import general
from assistant.sharing.pictures import Shown, outlined, shown
from assistant.sharing.questions import asked_about, captions_of_regions
from assistant.teaching.given_away import refuse_given_away
from tools.language.sayings import say

if TYPE_CHECKING:
    from assistant.export.document import Document, Kind
    from assistant.sharing.copies import CaseCopy


def case_document(kind: Kind, copy: CaseCopy, *, unknown: bool = False) -> bytes:
    """The file.

    Args:
        kind: of document.
        copy: the case.
        unknown: without the answer, as `write_mirc` has it.

    Raises:
        CaseError: the history of an unknown names the answer.
    """
    language = copy.language
    if unknown:
        refuse_given_away("", [copy.case])
    title = say("share.unknown", language) if unknown else copy.case.title or copy.truth
    document = kind(title, language, general(language))
    add_question(document, copy, captions=not unknown)
    if not unknown:
        add_answer(document, copy)
    return document.file()


def add_question(document: Document, copy: CaseCopy, *, captions: bool) -> None:
    """What a learner reads first: age, sex, history and pictures, with or without captions."""
    for told in asked_about(copy):
        document.text(told, keep=True)
    document.pictures([(one.data, _below(one, copy.language, captions=captions)) for one in shown(copy)])


def add_answer(document: Document, copy: CaseCopy) -> None:
    """What is known of a case, with sources and licences."""
    case, language = copy.case, copy.language
    document.heading(copy.truth)
    sure = say(f"teach.certainty_{case.certainty.replace(' ', '_')}", language)
    document.text(sure)
    document.text(say("teach.proven", language, how=case.proven_by) if case.proven_by else "")
    if case.regions:
        document.heading(say("teach.figure_places", language))
        document.pictures([(one.data, _below(one, language, captions=False)) for one in outlined(copy)])
        document.lines(captions_of_regions(copy))
    sources = (*case.references, *dict.fromkeys(one.source for one in case.images if one.source))
    licences = dict.fromkeys((case.author, case.licence, *(one.licence for one in case.images)))
    for name, texts in (
        ("teach.findings", case.findings),
        ("teach.differential", case.differential),
        ("teach.discussion", filter(None, (case.discussion,))),
        ("share.sources", sources),
        ("teach.credits", filter(None, licences)),
    ):
        if lines := list(texts):
            document.heading(say(name, language))
            document.lines(lines)


def _below(one: Shown, language: str, *, captions: bool) -> str:
    at = "" if one.slices == 1 else say("share.slice", language, slice=one.slice, count=one.slices)
    return " · ".join(filter(None, (at, one.caption if captions else "")))
