"""Teaching sessions: a learner joins one and reads its cases, a teacher makes one and watches the class."""

from __future__ import annotations

import streamlit as st

from assistant.answers.disclaimers import general
from assistant.pages import (
    afterwards,
    teach_case,
    teach_class,
    teach_join,
    teach_new,
    teach_own,
    teach_practice,
    teach_share,
)
from assistant.pages.answer_view import draw_disclaimers
from assistant.pages.desk import Desk
from assistant.pages.teach_forget import draw_took_part
from assistant.pages.words import language, plain, said, told
from assistant.teaching.learner import resume, still_reading
from assistant.teaching.teacher import Teacher
from store.errors import CasebookError

_WAYS = (
    ("new", "teach.new", ":material/add:"),
    ("case", "teach.own_cases", ":material/draw:"),
    ("cases", "share.cases", ":material/folder_open:"),
    ("practice", "practice.begin", ":material/exercise:"),
)


def show(desk: Desk) -> None:
    """Draw the page."""
    is_told = afterwards.draw()
    try:
        learner = resume(desk.assistant.services, desk.assistant.owner)
        if learner is not None:
            st.session_state[teach_case.READING] = learner.session.title
            teach_case.draw(desk, learner)
        else:
            title = st.session_state.pop(teach_case.READING, None)
            if title is not None and not is_told:
                st.info(said("teach.ended", title=plain(title)), icon=":material/lock:")
            _draw_start(desk)
    except CasebookError as error:
        st.error(told(error), icon=":material/error:")
    draw_disclaimers((general(language()),))


def closed_here(desk: Desk) -> bool:
    """Whether chats and the library are closed in this browser, as it still reads unknown cases; says so."""
    if not still_reading(desk.assistant.services, desk.assistant.owner):
        return False
    st.title(said("teach.closed_title"))
    st.info(said("teach.closed_page"), icon=":material/lock:")
    return True


def _draw_start(desk: Desk) -> None:
    st.title(said("page.teach"))
    if not desk.remembered:
        st.warning(said("teach.no_cookies"), icon=":material/cookie_off:")
    teacher = Teacher(desk.assistant.services, desk.assistant.owner)
    if _draw_room(desk, teacher):
        return
    st.markdown(said("teach.lede"))
    teach_join.draw(desk)
    _draw_ways(teacher)
    draw_took_part(desk)


def _draw_room(desk: Desk, teacher: Teacher) -> bool:
    """Draw what the address names: a class, a new session, cases, or practice; whether it names any."""
    named = st.query_params
    if session_id := named.get("session", ""):
        teach_class.draw(desk, teacher, session_id)
    elif "new" in named:
        teach_new.draw(desk, teacher)
    elif "case" in named:
        teach_own.draw(desk, teacher, named["case"])
    elif "cases" in named:
        teach_share.draw_cases(desk, teacher)
    elif "practice" in named:
        teach_practice.draw(desk)
    else:
        return False
    return True


def _draw_ways(teacher: Teacher) -> None:
    """Draw a teacher's sessions and the ways to more."""
    st.header(said("teach.yours"), anchor=False)
    teach_class.draw_list(teacher)
    # What they offer are labels and cases: nothing for the browser of who comes to join.
    with st.container(horizontal=True):
        for name, label, icon in _WAYS:
            if st.button(said(label), icon=icon):
                st.query_params[name] = teach_own.ALL  # without a value Streamlit drops the name
                st.rerun()
