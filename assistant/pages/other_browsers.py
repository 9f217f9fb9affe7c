"""Carry the chats to another browser with a code, take over those of another, or begin anew in this one."""

from __future__ import annotations

import streamlit as st

from assistant.pages.carry_codes import LASTS_MIN
from assistant.pages.desk import Desk
from assistant.pages.image_view import forget_previews
from assistant.pages.words import said, told
from store.errors import CasebookError


def draw(desk: Desk) -> None:
    """Draw the button that opens it."""
    if st.button(said("carry.title"), icon=":material/devices:", type="tertiary", key="other-browsers"):
        st.dialog(said("carry.title"))(_show)(desk)


def _show(desk: Desk) -> None:
    st.markdown(said("carry.give"))
    if st.button(said("carry.show"), type="primary", key="carry-show"):
        st.code(desk.codes.make(desk.assistant.owner), language=None)
        st.caption(said("carry.lasts", minutes=LASTS_MIN))
    st.divider()
    st.markdown(said("carry.take"))
    with st.form("carry", border=False):
        typed = st.text_input(said("carry.code"), max_chars=40, autocomplete="off")
        if st.form_submit_button(said("carry.bring")):
            _join(desk, typed)
    st.divider()
    st.markdown(said("carry.leave"))
    if st.button(said("carry.anew"), key="carry-anew"):
        _leave(desk)


def _join(desk: Desk, typed: str) -> None:
    try:
        desk.browsers.join(desk.browser, desk.codes.redeem(typed, desk.browser))
    except CasebookError as error:
        st.error(told(error))
    else:
        _look_anew()


def _leave(desk: Desk) -> None:
    try:
        desk.browsers.leave(desk.browser)
    except CasebookError as error:
        st.error(told(error))
    else:
        _look_anew()


def _look_anew() -> None:
    forget_previews()
    st.query_params.clear()
    st.rerun()
