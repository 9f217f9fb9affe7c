"""A teacher makes a session: from library cases by lot, or from their own cases by hand or by lot."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.words import plain, said, told
from assistant.teaching.drawing_lots import SHARE
from assistant.teaching.teacher import MOST, Teacher
from store.cases.case import CaseFilter
from store.errors import CasebookError
from store.teaching.cases import CaseVersion
from store.teaching.rows import SessionOptions, SessionRow

_USUAL = 10
_SOURCES = ("teach.by_lot_library", "teach.by_hand", "teach.by_lot_own")


def draw(desk: Desk, teacher: Teacher) -> None:
    """Draw the form that makes a session."""
    if st.button(said("teach.back"), icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    st.header(said("teach.new"), anchor=False)
    source = st.radio(said("teach.from"), _SOURCES, format_func=said, horizontal=True)
    own = teacher.cases()
    if source != _SOURCES[0] and not own:
        st.info(said("teach.no_own"), icon=":material/info:")
        return
    with st.form("new-session", border=False):
        title = st.text_input(said("page.title"), max_chars=120, help=said("teach.title_help"))
        labels: list[str] = []
        chosen: list[CaseVersion] = []
        if source == _SOURCES[1]:
            chosen = st.multiselect(said("teach.cases"), own, format_func=_name)
        else:
            number = st.number_input(said("teach.number"), 1, MOST, _USUAL)
            share = st.slider(
                said("teach.share"), 0, 100, round(100 * SHARE), 5, help=said("teach.share_help")
            )
            seed = st.number_input(said("teach.seed"), 0, 2**31, 0, help=said("teach.seed_help"))
        if source == _SOURCES[0]:
            there = {label for info in desk.assistant.library.collections() for label in info.labels}
            labels = st.multiselect(said("teach.labels"), sorted(there))
        by_lot = st.checkbox(said("teach.random_order"))
        known = st.checkbox(said("teach.known"), help=said("teach.known_help"))
        made = st.form_submit_button(said("teach.make"), type="primary", icon=":material/add:")
    if not made:
        return
    order: Literal["given", "random"] = "random" if by_lot else "given"
    try:
        if source == _SOURCES[1]:
            options = SessionOptions(known=known, order=order)
            row = teacher.new_session(title, chosen, options)
        else:
            options = SessionOptions(known=known, order=order, seed=int(seed), share=share / 100)
            row = _by_lot(teacher, title, int(number), options, labels if source == _SOURCES[0] else None)
    except CasebookError as error:
        st.warning(told(error), icon=":material/info:")
        return
    st.query_params.from_dict({"session": row.id})
    st.rerun()


def _by_lot(
    teacher: Teacher, title: str, number: int, options: SessionOptions, labels: list[str] | None
) -> SessionRow:
    if labels is None:
        return teacher.from_own(title, number, options)
    return teacher.from_library(title, number, options, CaseFilter(label=tuple(labels)))


def _name(one: CaseVersion) -> str:
    return plain(one.case.title or one.case.diagnosis)
