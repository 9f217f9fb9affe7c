"""A teacher puts a word over what was computed of an answer.

What is overruled is the answer that was shown: others may be committed or taken back meanwhile.
"""

from __future__ import annotations

import streamlit as st

from assistant.pages.afterwards import did
from assistant.pages.teach_places import outcome_told, place_told
from assistant.pages.words import plain, said
from assistant.teaching.marked import Marked
from assistant.teaching.places import PLACE_OUTCOMES
from assistant.teaching.teacher import Teacher
from store.teaching.rows import SessionRow


def draw(teacher: Teacher, row: SessionRow) -> None:
    """Draw the way to overrule an answer, where there is any."""
    marked = {_name(one): one for one in teacher.marked(row.id)}
    if not marked:
        return
    with st.expander(said("teach.overrule")):
        name = st.selectbox(
            said("teach.answer"), list(marked), format_func=lambda one: _told(marked, one), key=f"of-{row.id}"
        )
        _draw_rank(teacher, row.id, marked[name])
        _draw_places(teacher, row.id, marked[name])


def _draw_rank(teacher: Teacher, session_id: str, one: Marked) -> None:
    ranks, name = [None, *range(1, len(one.answer.differential) + 1)], _name(one)
    with st.form(f"overrule-{name}", border=False):
        st.selectbox(said("teach.right_place"), ranks, format_func=_place, key=f"rank-{name}")
        st.text_input(said("teach.note"), max_chars=500, key=f"note-{name}")
        st.form_submit_button(said("teach.overrule_now"), on_click=_overrule, args=(teacher, session_id, one))


def _overrule(teacher: Teacher, session_id: str, one: Marked) -> None:
    rank, note = (st.session_state[f"{what}-{_name(one)}"] for what in ("rank", "note"))
    did(lambda: teacher.overrule(session_id, one.learner.pseudonym, one.position, rank, note))


def _draw_places(teacher: Teacher, session_id: str, one: Marked) -> None:
    if not one.feedback.places:
        return
    name = _name(one)
    with st.form(f"overrule-places-{name}", border=False):
        for at, place in enumerate(one.feedback.places, 1):
            st.selectbox(
                plain(place_told(at, place, len(one.case.images))),
                PLACE_OUTCOMES,
                PLACE_OUTCOMES.index(place.outcome),
                format_func=outcome_told,
                key=f"place-{name}-{at}",
            )
        st.text_input(said("teach.note"), max_chars=500, key=f"note-places-{name}")
        st.form_submit_button(
            said("teach.overrule_now"), on_click=_overrule_places, args=(teacher, session_id, one)
        )


def _overrule_places(teacher: Teacher, session_id: str, one: Marked) -> None:
    note = st.session_state[f"note-places-{_name(one)}"]
    outcomes = {
        at: st.session_state[f"place-{_name(one)}-{at}"] for at in range(1, len(one.feedback.places) + 1)
    }
    changed = {at: to for at, to in outcomes.items() if to != one.feedback.places[at - 1].outcome}
    did(lambda: teacher.overrule_places(session_id, one.learner.pseudonym, one.position, changed, note))


def _name(one: Marked) -> str:
    return f"{one.learner.id}-{one.position}"


def _told(marked: dict[str, Marked], name: str) -> str:
    """An answer in words; what was typed or is gone stays as it is."""
    if (one := marked.get(name)) is None:
        return name
    named = ", ".join(guess.diagnosis for guess in one.answer.differential)
    return f"{one.learner.nickname} ({one.learner.pseudonym}) · {one.position} · {named}"


def _place(rank: int | None) -> str:
    return said("teach.none_right") if rank is None else str(rank)
