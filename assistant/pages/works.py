"""What works here, what is missing, and how to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.answers.disclaimers import general
from assistant.pages.answer_view import draw_disclaimers
from assistant.pages.desk import Desk
from assistant.pages.words import language, plain, said
from tools.language.paths import without_places

if TYPE_CHECKING:
    from assistant.doctor import Check

# Ours: whoever opens the page waits no longer for a server that hangs; `casebook doctor` gives it its time.
_PATIENCE_S = 3.0
_GROUPS = (
    (False, "works.broken", ":red[:material/error:]"),
    (True, "works.fine", ":green[:material/check_circle:]"),
    (None, "works.not_yet", ":gray[:material/radio_button_unchecked:]"),
)


def show(desk: Desk) -> None:
    """Draw the page."""
    from assistant.doctor import report

    st.title(said("page.works"))
    with st.spinner(said("works.checking")):
        checks = report(desk.assistant.services, _PATIENCE_S)
    for state, title, sign in _GROUPS:
        # Of the machine, visitors are told only that something is wrong, so that they can say so.
        found = [check for check in checks if check.ok is state and (not check.of_machine or state is False)]
        if found:
            st.header(said(title), anchor=False)
            with st.container(border=True, gap="small"):
                for check in found:
                    _draw_check(check, sign)
    _draw_tools()
    draw_disclaimers((general(language()),))


def _draw_check(check: Check, sign: str) -> None:
    fix = f"  \n{said('works.to_do', fix=plain(check.fix))}" if check.fix and not check.of_machine else ""
    says = said("works.operator") if check.of_machine else without_places(check.says)
    st.markdown(f"{sign} **{plain(check.name)}**  \n{plain(says)}{fix}")


def _draw_tools() -> None:
    """The tools' cards: what each is for and where it ends."""
    from tools.catalogue import cards

    st.header(said("works.tools"), anchor=False)
    for name, card in cards().items():
        with st.expander(f"`{name}` · {plain(card.intended_use)}"):
            st.markdown(said("works.takes", what=plain(card.input_contract)))
            if card.limits:
                limits = "\n".join(f"- {plain(limit)}" for limit in card.limits)
                st.markdown(f"{said('works.limits')}\n\n{limits}")
            if card.source:
                st.markdown(said("works.source", source=plain(card.source)))
            names = {name: getattr(card, name) for name in ("name", "checkpoint", "revision", "licence")}
            st.caption(plain(said("works.card", **names)))
