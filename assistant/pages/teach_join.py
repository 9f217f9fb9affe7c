"""A learner joins a session: the code, a nickname, and the consent where the session asks for one."""

from __future__ import annotations

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.words import asked, plain, said, told
from assistant.teaching.learner import ConsentError, join
from store.errors import CaseError

_LONGEST_CODE = 12
_LONGEST_NAME = 24


def draw(desk: Desk) -> None:
    """Draw the form, and the consent once a session that asks for one was named."""
    st.header(said("teach.join"), anchor=False)
    with st.form("join", border=False):
        code = st.text_input(said("teach.join_code"), max_chars=_LONGEST_CODE, autocomplete="off")
        nickname = st.text_input(
            said("teach.nickname"), max_chars=_LONGEST_NAME, help=said("teach.nickname_help")
        )
        joined = st.form_submit_button(said("teach.join"), type="primary", icon=":material/login:")
    if joined:
        _join(desk, code, nickname)
    elif "joining" in st.session_state:
        _ask_consent(desk, *st.session_state["joining"])


def _ask_consent(desk: Desk, code: str, nickname: str) -> None:
    """Show the consent that a session asks for, and join once it is given; else nothing."""
    try:
        consent = desk.assistant.services.teaching.sessions.of_code(code).options.consent
    except CaseError:
        return
    if consent is None:
        return
    st.subheader(said("teach.consent", version=plain(consent.version)), anchor=False)
    st.markdown(asked(consent.text))
    st.caption(said("teach.consent_needed"))
    if st.button(said("teach.consent_accept"), type="primary", icon=":material/check:"):
        _join(desk, code, nickname, consent.version)


def _join(desk: Desk, code: str, nickname: str, consent: str = "") -> None:
    if wait_s := desk.joins.take(desk.browser):
        st.warning(said("teach.too_often", seconds=round(wait_s) + 1), icon=":material/hourglass_top:")
        return
    try:
        join(desk.assistant.services, desk.assistant.owner, code, nickname, consent)
    except ConsentError:
        st.session_state["joining"] = (code, nickname)
        desk.joins.give_back(desk.browser)
        st.rerun()
    except CaseError as error:
        st.warning(told(error), icon=":material/info:")
        return
    st.session_state.pop("joining", None)
    desk.joins.give_back(desk.browser)
    st.rerun()
