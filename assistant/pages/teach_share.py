"""A teacher's cases and sessions as files for other programs, and cases brought in from files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from assistant.pages.case_names import case_names
from assistant.pages.desk import Desk
from assistant.pages.words import language, plain, said, told
from assistant.sharing.bringing import bring
from assistant.sharing.copies import CaseCopy, of_case, of_library, of_session
from assistant.sharing.formats import CASE, CASES, DOCUMENTS, UNKNOWN
from assistant.sharing.session_report import session_report
from assistant.teaching.teacher import Teacher
from store.cases.case import CaseFilter
from store.errors import CasebookError
from store.teaching.cases import CaseVersion
from store.teaching.rows import SessionRow


def draw_session(desk: Desk, teacher: Teacher, row: SessionRow) -> None:
    """Draw how a session's cases and its report are taken to other programs."""
    with st.expander(said("share.take_away")):
        for ending, write in CASES.items():
            _button(
                f"share.as_{ending[1:]}", f"session{ending}", partial(_session, desk, teacher, row, write)
            )
        for ending, kind in DOCUMENTS.items():
            report = partial(session_report, kind, desk.assistant.services, teacher, row.id, language())
            _button(f"share.report_{ending[1:]}", f"session{ending}", report)


def draw_cases(desk: Desk, teacher: Teacher) -> None:
    """Draw the teacher's cases: one chosen and taken away, and another brought in."""
    if st.button(said("teach.back"), icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    st.header(said("share.cases"), anchor=False)
    _draw_bring(desk, teacher)
    _draw_library(desk)
    names = case_names(teacher.cases())
    one = (
        st.selectbox(
            said("share.case"), list(names), format_func=lambda one: names.get(one, one), key="shared-case"
        )
        if names
        else None
    )
    if one is None:
        st.caption(said("teach.none_yet"))
        return
    for ending, write in CASE.items():
        _button(f"share.as_{ending[1:]}", f"case{ending}", partial(_case, desk, one, write))
    st.markdown(said("share.without_answer"))
    for ending, write in UNKNOWN.items():
        _button(f"share.unknown_{ending[1:]}", f"unknown{ending}", partial(_case, desk, one, write))


def _draw_bring(desk: Desk, teacher: Teacher) -> None:
    with st.form("bring", border=False, clear_on_submit=True):
        sent = st.file_uploader(said("share.bring"), ["zip", "mrz", "json"], help=said("share.bring_help"))
        if not st.form_submit_button(said("share.bring_now"), icon=":material/upload:") or sent is None:
            return
    try:
        made = bring(desk.assistant.services, teacher, sent.getvalue())
    except CasebookError as error:
        st.warning(told(error), icon=":material/info:")
    else:
        st.success(said("share.brought", name=_name(made)), icon=":material/check_circle:")


def _draw_library(desk: Desk) -> None:
    """Draw how cases of the library become cards or a quiz."""
    there = {label for info in desk.assistant.library.collections() for label in info.labels}
    if not there:
        return
    with st.expander(said("share.of_library")):
        labels = st.multiselect(said("teach.labels"), sorted(there))
        for ending, write in CASES.items():
            make = partial(_library, desk, CaseFilter(label=tuple(labels)), write)
            _button(f"share.as_{ending[1:]}", f"library{ending}", make)


def _library(desk: Desk, where: CaseFilter, write: Callable[[str, list[CaseCopy]], bytes]) -> bytes:
    return write("Casebook", of_library(desk.assistant.services, where))


def _session(
    desk: Desk, teacher: Teacher, row: SessionRow, write: Callable[[str, list[CaseCopy]], bytes]
) -> bytes:
    return write(row.title, of_session(desk.assistant.services, teacher, row.id))


def _case(desk: Desk, case_id: str, write: Callable[[CaseCopy], bytes]) -> bytes:
    return write(of_case(desk.assistant.services, desk.assistant.owner, case_id))


def _button(label: str, name: str, data: Callable[[], bytes]) -> None:
    """A file that is made when it is asked for."""
    st.download_button(
        said(label), data, file_name=name, on_click="ignore", width="stretch",
        icon=":material/download:", key=f"take-{name}",
    )  # fmt: skip


def _name(one: CaseVersion) -> str:
    return plain(one.case.title or one.case.diagnosis)
