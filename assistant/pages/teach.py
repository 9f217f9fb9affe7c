"""Teaching sessions: a learner joins one and reads its cases, a teacher makes one and watches the class."""

from __future__ import annotations

import streamlit as st

from assistant.answers.disclaimers import general
from assistant.pages import teach_case, teach_class, teach_join, teach_new, teach_own
from assistant.pages.answer_view import draw_disclaimers
from assistant.pages.desk import Desk
from assistant.pages.words import language, said, told
from assistant.teaching.learner import resume, still_reading
from assistant.teaching.teacher import Teacher
from store.errors import CasebookError


def show(desk: Desk) -> None:
    """Draw the page."""
    try:
        learner = resume(desk.assistant.services, desk.assistant.owner)
        if learner is not None:
            teach_case.draw(desk, learner)
        else:
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
    session_id = st.query_params.get("session", "")
    teacher = Teacher(desk.assistant.services, desk.assistant.owner)
    if session_id:
        teach_class.draw(desk, teacher, session_id)
        return
    if "new" in st.query_params:
        teach_new.draw(desk, teacher)
        return
    if "case" in st.query_params:
        teach_own.draw(desk, teacher, st.query_params["case"])
        return
    teach_join.draw(desk)
    st.header(said("teach.yours"), anchor=False)
    teach_class.draw_list(teacher)
    # What it offers are labels and cases: nothing for the browser of who comes to join.
    with st.container(horizontal=True):
        if st.button(said("teach.new"), icon=":material/add:"):
            st.query_params["new"] = "1"
            st.rerun()
        if st.button(said("teach.own_cases"), icon=":material/draw:"):
            st.query_params["case"] = teach_own.ALL
            st.rerun()
