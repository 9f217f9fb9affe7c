"""A learner practises alone on cases of the library, and sees what comes back and what is mastered."""

from __future__ import annotations

import streamlit as st

from assistant.pages.afterwards import deleted
from assistant.pages.desk import Desk
from assistant.pages.words import language, plain, said, told
from assistant.teaching import practice_told
from assistant.teaching.learner import join
from assistant.teaching.practice import Practice
from assistant.teaching.teacher import MOST
from store.errors import CasebookError

_USUAL = 10


def draw(desk: Desk) -> None:
    """Draw the way into a sitting, and how far the learner is."""
    if st.button(said("teach.back"), icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    st.header(said("practice.title"), anchor=False)
    practice = Practice(desk.assistant.services, desk.assistant.owner)
    with st.form("practice", border=False):
        number = st.number_input(said("teach.number"), 1, MOST, _USUAL)
        begun = st.form_submit_button(said("practice.begin"), type="primary", icon=":material/play_arrow:")
    if begun:
        _begin(desk, practice, int(number))
    lines = practice_told.told(practice.state(), language())
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    with st.expander(said("practice.how_title")):
        st.markdown(plain(said("practice.how")))
    with st.popover(said("practice.forget"), icon=":material/delete:", type="tertiary"):
        st.markdown(said("practice.forget_this"))
        st.button(said("practice.forget_now"), on_click=_forget, args=(practice,))


def _forget(practice: Practice) -> None:
    deleted("practice.forgotten", practice.forget)


def _begin(desk: Desk, practice: Practice, number: int) -> None:
    try:
        row = practice.begin(number, language=language())
        join(desk.assistant.services, desk.assistant.owner, row.join_code, said("practice.title"))
    except CasebookError as error:
        st.warning(told(error), icon=":material/info:")
        return
    st.query_params.clear()
    st.rerun()
