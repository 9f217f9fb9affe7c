"""What is deleted for good on the page of teaching: a session, a case, and what a learner did.

It is done before the page is drawn anew, by what Streamlit calls on a click: a drawing is cut off by the next
click, and nothing that is gone is drawn. What came of it is told above the next drawing.
"""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from assistant.pages.afterwards import deleted, tell
from assistant.pages.desk import Desk
from assistant.pages.words import said
from assistant.teaching.learner import Learner
from assistant.teaching.removing import take_back, took_part
from assistant.teaching.teacher import Teacher
from store.teaching.cases import CaseVersion
from store.teaching.rows import Participant, SessionRow

_ICON = ":material/delete:"
_FORGOTTEN, _TAKEN_BACK = "forgotten", "taken-back"


def draw_removing_session(teacher: Teacher, row: SessionRow) -> None:
    """Draw the way to delete a session, or that it has to be closed first."""
    if row.closed_at is None:
        st.caption(said("teach.close_first"))
        return
    with st.popover(said("teach.remove_session"), icon=_ICON, type="tertiary"):
        st.markdown(said("teach.remove_session_this"))
        st.button(said("teach.remove_session_now"), on_click=_remove_session, args=(teacher, row.id))


def _remove_session(teacher: Teacher, session_id: str) -> None:
    deleted("teach.session_removed", lambda: teacher.remove.session(session_id))
    st.query_params.pop("session", None)


def draw_forgetting(teacher: Teacher, row: SessionRow) -> None:
    """Draw the way to delete what one learner did, where anybody is in the session."""
    learners = teacher.learners(row.id)
    if not learners:
        return
    with st.expander(said("teach.forget")), st.form("forget", border=False):
        st.markdown(said("teach.forget_this"))
        st.selectbox(
            said("teach.learner"), learners, index=None, format_func=_named, key=f"{_FORGOTTEN}-{row.id}"
        )
        st.form_submit_button(said("teach.forget_now"), icon=_ICON, on_click=_forget, args=(teacher, row.id))


def _forget(teacher: Teacher, session_id: str) -> None:
    who: Participant | None = st.session_state[f"{_FORGOTTEN}-{session_id}"]
    if who is None:
        tell(said("teach.nobody_chosen"), done=False)
    else:
        deleted("teach.forgotten", lambda: teacher.remove.learner(session_id, who.pseudonym))


def draw_removing_case(teacher: Teacher, one: CaseVersion) -> None:
    """Draw the way to delete a case; says which sessions hold it where it cannot be."""
    with st.popover(said("teach.remove_case"), icon=_ICON, type="tertiary"):
        st.markdown(said("teach.remove_case_this"))
        st.button(said("teach.remove_case_now"), on_click=_remove_case, args=(teacher, one.id))


def _remove_case(teacher: Teacher, case_id: str) -> None:
    if deleted("teach.case_removed", lambda: teacher.remove.case(case_id)):
        st.query_params["case"] = "all"


def draw_taking_back(learner: Learner) -> None:
    """Draw the way for a learner to have all deleted that they did in the session they are in."""
    with st.popover(said("teach.take_back"), icon=_ICON, type="tertiary"):
        st.markdown(said("teach.take_back_this"))
        st.button(said("teach.take_back_now"), on_click=_take_back, args=(learner,))


def _take_back(learner: Learner) -> None:
    deleted("teach.taken_back", learner.take_back)


def draw_took_part(desk: Desk) -> None:
    """Draw the way to have deleted what was done in sessions that were left or are closed."""
    mine = took_part(desk.assistant.services, desk.assistant.owner)
    if not mine:
        return
    with st.expander(said("teach.took_part")), st.form("took-part", border=False):
        st.markdown(said("teach.take_back_this"))
        st.selectbox(
            said("teach.took_part_in"), mine, index=None, format_func=_session_named, key=_TAKEN_BACK
        )
        st.form_submit_button(said("teach.take_back_now"), icon=_ICON, on_click=_take_part_back, args=(desk,))


def _take_part_back(desk: Desk) -> None:
    chosen: tuple[SessionRow, Participant] | None = st.session_state[_TAKEN_BACK]
    if chosen is None:
        tell(said("teach.no_session_chosen"), done=False)
    else:
        deleted("teach.taken_back", lambda: take_back(desk.assistant.services, chosen[1]))


def _named(who: Participant) -> str:
    return f"{who.nickname} ({who.pseudonym})"


def _session_named(one: tuple[SessionRow, Participant]) -> str:
    session, who = one
    return f"{session.title} · {datetime.fromtimestamp(who.joined_at).astimezone():%Y-%m-%d %H:%M}"
