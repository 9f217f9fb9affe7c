"""A teacher's sessions, and the class of one: who is how far, how it did, and how that is computed."""

from __future__ import annotations

import io
import zipfile

import streamlit as st

from assistant.pages import teach_overrule
from assistant.pages.afterwards import did
from assistant.pages.desk import Desk
from assistant.pages.teach_figures import draw_figures
from assistant.pages.teach_forget import draw_forgetting, draw_removing_session
from assistant.pages.teach_share import draw_session
from assistant.pages.words import plain, said, told
from assistant.teaching.drawing_lots import arm_for
from assistant.teaching.export import tables
from assistant.teaching.figures import figures
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.rows import Done, SessionRow
from tools.models.hub.addresses import is_here

# Ours: a class is seen to move, and thirty pages that are open cost next to nothing.
_EVERY_S = 3.0


def draw_list(teacher: Teacher) -> None:
    """Draw the teacher's sessions, each with the way to its class."""
    rows = teacher.sessions()
    if not rows:
        st.caption(said("teach.none_yet"))
    for row in rows:
        state = said("teach.open" if row.closed_at is None else "teach.closed_state")
        with st.container(horizontal=True, vertical_alignment="center", key=f"session-{row.id}"):
            st.markdown(f"**{plain(row.title)}** · `{row.join_code}` · {state}")
            if st.button(said("teach.see_class"), key=f"see-{row.id}"):
                st.query_params["session"] = row.id
                st.rerun()


def draw(desk: Desk, teacher: Teacher, session_id: str) -> None:
    """Draw the class of a session; raises `CaseError` where it is another teacher's."""
    if st.button(said("teach.back"), icon=":material/arrow_back:", type="tertiary"):
        del st.query_params["session"]
        st.rerun()
    row = teacher.session(session_id)
    st.header(plain(row.title), anchor=False)
    if row.closed_at is None:
        st.markdown(said("teach.how_to_join"))
        st.html(f'<p class="cb-code" data-testid="join-code">{row.join_code}</p>')
        if is_here(st.context.url or ""):
            st.caption(said("teach.only_here"))
    else:
        st.info(said("teach.is_closed"), icon=":material/lock:")
    # Nobody joins a closed session or writes in it: it is looked at once.
    st.fragment(_draw_class, run_every=_EVERY_S if row.closed_at is None else None)(teacher, row)
    with st.expander(said("teach.held_cases")):
        names = [f"{number}. {plain(one.diagnosis)}" for number, one in enumerate(teacher.held(row.id), 1)]
        st.markdown("\n".join(names))
    teach_overrule.draw(teacher, row)
    draw_forgetting(teacher, row)
    _draw_export(desk, teacher, row)
    draw_session(desk, teacher, row)
    if row.closed_at is None:
        st.button(said("teach.close"), icon=":material/lock:", on_click=_close, args=(teacher, row.id))
    draw_removing_session(teacher, row)


def _close(teacher: Teacher, session_id: str) -> None:
    did(lambda: teacher.close(session_id))


def _draw_class(teacher: Teacher, row: SessionRow) -> None:
    try:
        if teacher.session(row.id).closed_at != row.closed_at:  # in another window
            st.rerun()
        _draw_learners(teacher, row)
    except CaseError as error:  # it was deleted in another window; this one looks by itself
        st.error(told(error), icon=":material/error:")


def _draw_all_at_first(row: SessionRow, done: Done) -> None:
    """Draw the whole page anew once there is a first learner or answer: it has forms for them then."""
    there, name = (bool(done.participants), bool(done.commits)), f"there-{row.id}"
    if st.session_state.setdefault(name, there) != there:
        st.session_state[name] = there
        st.rerun()


def _draw_learners(teacher: Teacher, row: SessionRow) -> None:
    done = teacher.done(row.id)
    _draw_all_at_first(row, done)
    learners, marked = done.participants, teacher.marked(row.id, done)
    count = len(teacher.held(row.id))
    st.subheader(said("teach.class", count=len(learners)), anchor=False)
    if done.withdrawn:
        st.caption(said("teach.withdrew", count=done.withdrawn))
    if not learners:
        if not done.withdrawn:
            st.caption(said("teach.nobody" if row.closed_at is None else "teach.nobody_came"))
        return
    by_lot = bool(row.options.arms)
    heads = [said("teach.learner"), said("teach.committed"), said("teach.right_first")]
    heads += [said("teach.arm")] if by_lot else []
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for one in learners:
        mine = [answer for answer in marked if answer.learner.id == one.id]
        right = sum(answer.feedback.right for answer in mine)
        name = f"{one.nickname} ({one.pseudonym})"
        cells = [plain(name), f"{len(mine)} / {count}", str(right)]
        cells += [said(f"teach.arm_{arm_for(row.options, one.number)}")] if by_lot else []
        lines.append(f"| {' | '.join(cells)} |")
    st.markdown("\n".join(lines))
    if marked:
        draw_figures(figures(marked), marked)


def _draw_export(desk: Desk, teacher: Teacher, row: SessionRow) -> None:
    if st.button(said("teach.export"), icon=":material/download:", help=said("teach.export_help")):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in tables(desk.assistant.services, teacher, row.id).items():
                archive.writestr(name, text)
        st.download_button(said("teach.download"), packed.getvalue(), "session.zip", "application/zip")
