"""What works here, what is missing, and how to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.answers.disclaimers import general
from assistant.pages.answer_view import draw_disclaimers
from assistant.pages.desk import Desk
from assistant.pages.words import plain

if TYPE_CHECKING:
    from assistant.doctor import Check

_GROUPS = (
    (False, "Does not work", ":red[:material/error:]"),
    (True, "Works", ":green[:material/check_circle:]"),
    (None, "Not here yet", ":gray[:material/radio_button_unchecked:]"),
)


def show(desk: Desk) -> None:
    """Draw the page."""
    from assistant.doctor import report

    st.title("What works here")
    with st.spinner("Checking each part of this installation …"):
        checks = report(desk.assistant.services)
    for state, words, sign in _GROUPS:
        found = [check for check in checks if check.ok is state]
        if found:
            st.header(words, anchor=False)
            with st.container(border=True, gap="small"):
                for check in found:
                    _draw_check(check, sign)
    _draw_tools()
    draw_disclaimers((general(),))


def _draw_check(check: Check, sign: str) -> None:
    fix = f"  \n**To do:** {plain(check.fix)}" if check.fix else ""
    st.markdown(f"{sign} **{plain(check.name)}**  \n{plain(check.says)}{fix}")


def _draw_tools() -> None:
    """The tools' cards: what each is for and where it ends."""
    from tools.catalogue import cards

    st.header("Tools", anchor=False)
    for name, card in cards().items():
        with st.expander(f"`{name}` · {plain(card.intended_use)}"):
            st.markdown(f"**Takes** {plain(card.input_contract)}")
            if card.limits:
                st.markdown("**Limits**\n\n" + "\n".join(f"- {plain(limit)}" for limit in card.limits))
            if card.source:
                st.markdown(f"**Source** {plain(card.source)}")
            st.caption(
                plain(f"{card.name}, {card.checkpoint}, revision {card.revision}, licence {card.licence}")
            )
