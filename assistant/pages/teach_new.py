"""A teacher makes a session: from library cases by lot, or from their own cases by hand or by lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from assistant.pages.case_names import case_names
from assistant.pages.desk import Desk
from assistant.pages.teach_options import options_form
from assistant.pages.words import said, told
from assistant.teaching.drawing_lots import SHARE
from assistant.teaching.teacher import MOST, Teacher
from store.cases.case import CaseFilter
from store.errors import CasebookError, CaseError
from store.teaching.case import Kind
from store.teaching.cases import CaseVersion
from store.teaching.options import session_options
from store.teaching.rows import SessionRow

_USUAL = 10
_CASES, _SENT = "new-session-cases", "new-session-sent"
_SOURCES = ("teach.by_lot_library", "teach.by_hand", "teach.by_lot_own")


@dataclass(frozen=True)
class _Wish:
    """What the form says; `chosen` are ids of cases by hand, the rest is of cases by lot."""

    title: str
    options: Mapping[str, Any]
    chosen: Sequence[str] = ()
    labels: Sequence[str] | None = None
    number: int = 0
    share: float = 0.0
    seed: int = 0
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def draw(desk: Desk, teacher: Teacher) -> None:
    """Draw the form that makes a session."""
    if st.button(said("teach.back"), icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    st.header(said("teach.new"), anchor=False)
    own = teacher.cases()
    usual = 1 if own and not desk.assistant.library.collections() else 0
    source = st.radio(said("teach.from"), _SOURCES, usual, format_func=said, horizontal=True)
    if source != _SOURCES[0] and not own:
        st.info(said("teach.no_own"), icon=":material/info:")
        return
    if (wish := _form(desk, source, own)) is None:
        return
    try:
        row = _made(teacher, source, wish)
    except CasebookError as error:
        st.warning(told(error), icon=":material/info:")
        return
    st.query_params.from_dict({"session": row.id})
    st.rerun()


def _form(desk: Desk, source: str, own: Sequence[CaseVersion]) -> _Wish | None:
    """Draw the form; what it says once it is sent."""
    with st.form("new-session", border=False):
        title = st.text_input(said("page.title"), max_chars=120, help=said("teach.title_help"))
        which = _by_hand(own) if source == _SOURCES[1] else _lot(desk, of_library=source == _SOURCES[0])
        by_lot = st.checkbox(said("teach.random_order"))
        known = st.checkbox(said("teach.known"), help=said("teach.known_help"))
        how = options_form()
        sent = st.form_submit_button(
            said("teach.make"), type="primary", icon=":material/add:", on_click=_note_sent
        )
        if not sent:
            return None
    options = {"known": known, "order": "random" if by_lot else "given", **how}
    return _Wish(title, options, **which)


def _by_hand(own: Sequence[CaseVersion]) -> dict[str, Any]:
    names = case_names(own)
    st.multiselect(said("teach.cases"), list(names), format_func=lambda one: names.get(one, one), key=_CASES)
    return {"chosen": st.session_state.pop(_SENT, ())}


def _note_sent() -> None:
    """Remember what was chosen as the form was sent: the list forgets what is deleted elsewhere."""
    st.session_state[_SENT] = tuple(st.session_state.get(_CASES, ()))


def _lot(desk: Desk, *, of_library: bool) -> dict[str, Any]:
    number = st.number_input(said("teach.number"), 1, MOST, _USUAL)
    share = st.slider(said("teach.share"), 0, 100, round(100 * SHARE), 5, help=said("teach.share_help"))
    seed = st.number_input(said("teach.seed"), 0, 2**31, 0, help=said("teach.seed_help"))
    labels = None
    if of_library:
        there = {label for info in desk.assistant.library.collections() for label in info.labels}
        labels = st.multiselect(said("teach.labels"), sorted(there))
        kinds: dict[str, Kind] = dict.fromkeys(
            st.multiselect(said("teach.normal_labels"), sorted(there)), "normal"
        )
        kinds |= dict.fromkeys(st.multiselect(said("teach.mimic_labels"), sorted(there)), "mimic")
    else:
        kinds = {}
    return {
        "number": int(number), "share": share / 100, "seed": int(seed), "labels": labels, "kinds": kinds,
    }  # fmt: skip


def _made(teacher: Teacher, source: str, wish: _Wish) -> SessionRow:
    if source == _SOURCES[1]:
        there = {one.id: one for one in teacher.cases()}
        if not there.keys() >= set(wish.chosen):
            raise CaseError("One of these cases was just deleted or withdrawn. Choose the cases again.")
        chosen = [there[one] for one in wish.chosen]
        return teacher.new_session(wish.title, chosen, session_options(**wish.options))
    options = session_options(**wish.options, seed=wish.seed, share=wish.share)
    if wish.labels is None:
        return teacher.from_own(wish.title, wish.number, options)
    where = CaseFilter(label=tuple(wish.labels))
    return teacher.from_library(wish.title, wish.number, options, where, wish.kinds)
