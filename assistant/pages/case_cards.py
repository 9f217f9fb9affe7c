"""Cases of the library as cards: filter, see one at full size, relabel, remove."""

from __future__ import annotations

from textwrap import shorten

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.evidence_view import draw_case
from assistant.pages.words import language, plain, said, told
from assistant.teaching.teacher import Teacher
from store.cases.case import Case, CaseFilter
from store.errors import CasebookError
from store.records import MODALITY_WORDS
from tools.language.sayings import word

_PER_PAGE = 24
_FILTER_PX = 160
_CAPTION = 100  # characters on a card
_MENU = ("shelf.relabel", "shelf.remove")


def draw_cases(desk: Desk) -> None:
    """Draw the filter and one page of cards."""
    library = desk.assistant.library
    infos = library.collections()
    if not infos:
        return
    st.header(said("shelf.cases"), anchor=False)
    labels = sorted({label for info in infos for label in info.labels})
    licences = sorted({licence for info in infos for licence in info.licences if licence})
    where = _filter(labels, licences)
    count = library.count(where)
    pages = max(1, -(-count // _PER_PAGE))
    st.caption(said("shelf.cases_fit" if where else "shelf.cases_here", count=count))
    page = st.pagination(pages, key=f"cases-page-{where}") if pages > 1 else 1
    with st.container(horizontal=True, key="grid-cases"):
        for case in library.cases(where, _PER_PAGE, (page - 1) * _PER_PAGE):
            _draw_card(desk, case)


def _filter(labels: list[str], licences: list[str]) -> CaseFilter | None:
    with st.container(horizontal=True, key="case-filter"):
        label = st.multiselect(said("shelf.label"), labels, width=_FILTER_PX)
        modality = st.multiselect(said("shelf.modality"), MODALITY_WORDS, format_func=_kind, width=_FILTER_PX)
        licence = st.multiselect(said("shelf.licence"), licences, width=_FILTER_PX)
        body_part = st.text_input(
            said("shelf.body_part"), placeholder=said("shelf.body_part_example"), width=_FILTER_PX
        ).strip()
    where = CaseFilter(tuple(label), tuple(modality), (body_part,) if body_part else (), tuple(licence))
    return where if where.wanted() else None


def _draw_card(desk: Desk, case: Case) -> None:
    with st.container(border=True, gap="xsmall", height="stretch", key=f"case-{case.id}"):
        draw_case(desk.assistant.picture, case.key, alt=said("shown.case", label=case.label))
        st.markdown(f"**{plain(case.label)}**")
        if case.caption:
            st.caption(plain(shorten(case.caption, _CAPTION, placeholder=" …")))
        st.caption(_facts(case))
        if st.button(said("teach.see_case"), type="tertiary", key=f"look-{case.id}"):
            st.dialog(plain(case.label), width="large")(_see)(desk, case)
        if not desk.assistant.services.settings.change_cases:
            return
        wish = st.menu_button(
            said("shelf.change"), _MENU, format_func=said, type="tertiary", key=f"change-{case.id}"
        )
    if wish == "shelf.relabel":
        st.dialog(said("shelf.relabel_case"))(_relabel)(desk, case)
    elif wish == "shelf.remove":
        st.dialog(said("shelf.remove_case"))(_remove)(desk, case)


def _facts(case: Case) -> str:
    facts = (_kind(case.modality), case.body_part, case.source, case.licence)
    return plain(" · ".join(filter(None, facts)) or said("shelf.no_facts"))


def _see(desk: Desk, case: Case) -> None:
    """Draw a case at full size with its whole caption, and the way to teach with it."""
    draw_case(desk.assistant.picture, case.key, alt=said("shown.case", label=case.label))
    if case.caption:
        st.markdown(plain(case.caption))
    st.caption(_facts(case))
    if case.key:
        st.button(said("shelf.teach_with"), icon=":material/school:", on_click=_teach_with, args=(desk, case))


def _teach_with(desk: Desk, case: Case) -> None:
    try:
        Teacher(desk.assistant.services, desk.assistant.owner).make.from_library(case)
    except CasebookError as error:
        st.toast(told(error), icon=":material/info:")
    else:
        st.toast(said("shelf.taught_with"), icon=":material/check_circle:")


def _kind(modality: str) -> str:
    return word("kinds", modality, language())


def _relabel(desk: Desk, case: Case) -> None:
    with st.form("relabel", border=False):
        label = st.text_input(said("shelf.label"), case.label, max_chars=100)
        if st.form_submit_button(said("shelf.relabel"), type="primary"):
            try:
                desk.assistant.library.relabel(case.id, label)
            except CasebookError as error:
                st.error(told(error))
            else:
                st.rerun()


def _remove(desk: Desk, case: Case) -> None:
    st.markdown(said("shelf.remove_this", label=plain(case.label)))
    with st.container(horizontal=True):
        if st.button(said("shelf.remove"), type="primary", icon=":material/delete:"):
            desk.assistant.library.remove([case.id])
            st.rerun()
        if st.button(said("page.keep")):
            st.rerun()
