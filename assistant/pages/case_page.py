"""One case of the library with everything that is kept of it, asked about and taught with."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from assistant.pages.case_facts import kind_told
from assistant.pages.desk import Desk
from assistant.pages.evidence_view import draw_case
from assistant.pages.wish import wish_for
from assistant.pages.words import plain, said, told
from assistant.teaching.teacher import Teacher
from store.cases.case import THUMBNAIL_PX, Case
from store.errors import CasebookError

CASE = "case"
"""What the address calls the case that is shown."""


def open_case(case_id: str) -> None:
    """Let the address name a case, so that it is drawn next and found again."""
    st.query_params[CASE] = case_id


def draw_case_page(
    desk: Desk, case_id: str, to_chat: Callable[[], None], to_teaching: Callable[[str], None]
) -> None:
    """Draw the case.

    Args:
        desk: whose browser it is.
        case_id: which.
        to_chat: goes to a new chat.
        to_teaching: goes to a teaching case by its id.

    Raises:
        CaseError: there is none; the way back is drawn before.
    """
    st.button(said("shelf.all_cases"), icon=":material/arrow_back:", type="tertiary", on_click=_close)
    case = desk.assistant.library.case(case_id)
    st.header(plain(case.label), anchor=False)
    with st.container(width=THUMBNAIL_PX):  # as large as the library keeps it
        draw_case(desk.assistant.picture, case.key, alt=said("shown.case", label=case.label))
    if case.caption:
        st.markdown(plain(case.caption))
    facts = "\n".join(f"- **{said(name)}:** {plain(text)}" for name, text in _facts(case) if text)
    st.markdown(facts)
    if not case.key:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(said("shelf.ask_about"), icon=":material/forum:", type="primary"):
            wish_for(said("offers.what_is_this"), (desk.assistant.picture(case.key).read_bytes(),))
            to_chat()
        _draw_teaching(desk, case, to_teaching)


def _close() -> None:
    st.query_params.pop(CASE, None)


def _facts(case: Case) -> tuple[tuple[str, str], ...]:
    return (
        ("shelf.label", case.label),
        ("shelf.modality", kind_told(case.modality) if case.modality else ""),
        ("shelf.body_part", case.body_part),
        ("shelf.group", case.group),
        ("shelf.source", case.source),
        ("shelf.licence", case.licence),
        ("shelf.id", case.id),
    )


def _draw_teaching(desk: Desk, case: Case, to_teaching: Callable[[str], None]) -> None:
    """Draw the way to make a teaching case of it, or to the one that was made."""
    make = Teacher(desk.assistant.services, desk.assistant.owner).make
    try:
        made = make.made_of(case)
        if made is None and st.button(said("shelf.teach_with"), icon=":material/school:"):
            make.from_library(case)
            st.rerun()
    except CasebookError as error:
        st.warning(told(error), icon=":material/info:")
        return
    if made is None:
        return
    if st.button(said("shelf.see_taught"), icon=":material/school:"):
        to_teaching(made.id)
    st.caption(said("shelf.taught_with"))
