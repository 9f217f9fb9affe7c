"""What is deleted for good on the page of teaching: a session, a case, and what a learner did."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.words import said, told
from assistant.teaching.learner import Learner
from assistant.teaching.removing import take_back, took_part
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.cases import CaseVersion
from store.teaching.rows import Participant, SessionRow

_ICON = ":material/delete:"


def draw_removing_session(teacher: Teacher, row: SessionRow) -> None:
    """Draw the way to delete a session, or that it has to be closed first."""
    if row.closed_at is None:
        st.caption(said("teach.close_first"))
        return
    with st.popover(said("teach.remove_session"), icon=_ICON, type="tertiary"):
        st.markdown(said("teach.remove_session_this"))
        if st.button(said("teach.remove_session_now")):
            teacher.remove.session(row.id)
            del st.query_params["session"]
            st.rerun()


def draw_forgetting(teacher: Teacher, row: SessionRow) -> None:
    """Draw the way to delete what one learner did, where anybody is in the session."""
    learners = teacher.learners(row.id)
    if not learners:
        return
    with st.expander(said("teach.forget")), st.form("forget", border=False):
        st.markdown(said("teach.forget_this"))
        who = st.selectbox(said("teach.learner"), learners, index=None, format_func=_named)
        if st.form_submit_button(said("teach.forget_now"), icon=_ICON) and who is not None:
            teacher.remove.learner(row.id, who.pseudonym)
            st.rerun()


def draw_removing_case(teacher: Teacher, one: CaseVersion) -> None:
    """Draw the way to delete a case; says which sessions hold it where it cannot be."""
    with st.popover(said("teach.remove_case"), icon=_ICON, type="tertiary"):
        st.markdown(said("teach.remove_case_this"))
        if st.button(said("teach.remove_case_now")):
            try:
                teacher.remove.case(one.id)
            except CaseError as error:
                st.warning(told(error), icon=":material/info:")
            else:
                st.query_params["case"] = "all"
                st.rerun()


def draw_taking_back(learner: Learner) -> None:
    """Draw the way for a learner to have all deleted that they did in the session they are in."""
    with st.popover(said("teach.take_back"), icon=_ICON, type="tertiary"):
        st.markdown(said("teach.take_back_this"))
        if st.button(said("teach.take_back_now")):
            learner.take_back()
            st.rerun()


def draw_took_part(desk: Desk) -> None:
    """Draw the way to have deleted what was done in sessions that were left or are closed."""
    services = desk.assistant.services
    mine = took_part(services, desk.assistant.owner)
    if not mine:
        return
    with st.expander(said("teach.took_part")), st.form("took-part", border=False):
        st.markdown(said("teach.take_back_this"))
        chosen = st.selectbox(said("teach.took_part_in"), mine, index=None, format_func=_session_named)
        if st.form_submit_button(said("teach.take_back_now"), icon=_ICON) and chosen is not None:
            take_back(services, chosen[1])
            st.rerun()


def _named(who: Participant) -> str:
    return f"{who.nickname} ({who.pseudonym})"


def _session_named(one: tuple[SessionRow, Participant]) -> str:
    session, who = one
    return f"{session.title} · {datetime.fromtimestamp(who.joined_at).astimezone():%Y-%m-%d %H:%M}"
