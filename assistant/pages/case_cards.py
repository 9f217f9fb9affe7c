"""Cases of the library as cards: looked for by words, filtered, opened, relabelled, removed."""

from __future__ import annotations

from textwrap import shorten

import streamlit as st

from assistant.pages.case_facts import facts_told, kind_told
from assistant.pages.case_page import open_case
from assistant.pages.case_search import draw_search
from assistant.pages.desk import Desk
from assistant.pages.evidence_view import draw_case
from assistant.pages.words import plain, said, told
from store.cases.case import Case, CaseFilter, Sought
from store.errors import CasebookError
from store.records import MODALITY_WORDS

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
    where = _filter(draw_search(labels), labels, licences)
    count = library.count(where)
    pages = max(1, -(-count // _PER_PAGE))
    st.caption(said("shelf.cases_fit" if where else "shelf.cases_here", count=count))
    page = st.pagination(pages, key=f"cases-page-{where}") if pages > 1 else 1
    with st.container(horizontal=True, key="grid-cases"):
        for case in library.cases(where, _PER_PAGE, (page - 1) * _PER_PAGE):
            _draw_card(desk, case)


def _filter(sought: Sought | None, labels: list[str], licences: list[str]) -> CaseFilter | None:
    with st.container(horizontal=True, key="case-filter"):
        label = st.multiselect(said("shelf.label"), labels, width=_FILTER_PX)
        modality = st.multiselect(
            said("shelf.modality"), MODALITY_WORDS, format_func=kind_told, width=_FILTER_PX
        )
        licence = st.multiselect(said("shelf.licence"), licences, width=_FILTER_PX)
        body_part = st.text_input(
            said("shelf.body_part"), placeholder=said("shelf.body_part_example"), width=_FILTER_PX
        ).strip()
    parts = (body_part,) if body_part else ()
    where = CaseFilter(tuple(label), tuple(modality), parts, tuple(licence), sought)
    return where if where.wanted() or sought else None


def _draw_card(desk: Desk, case: Case) -> None:
    with st.container(border=True, gap="xsmall", height="stretch", key=f"case-{case.id}"):
        draw_case(desk.assistant.picture, case.key, alt=said("shown.case", label=case.label))
        st.markdown(f"**{plain(case.label)}**")
        if case.caption:
            st.caption(plain(shorten(case.caption, _CAPTION, placeholder=" …")))
        st.caption(facts_told(case))
        st.button(
            said("teach.see_case"),
            type="tertiary",
            key=f"look-{case.id}",
            on_click=open_case,
            args=(case.id,),
        )
        if not desk.assistant.services.settings.change_cases:
            return
        wish = st.menu_button(
            said("shelf.change"), _MENU, format_func=said, type="tertiary", key=f"change-{case.id}"
        )
    if wish == "shelf.relabel":
        st.dialog(said("shelf.relabel_case"))(_relabel)(desk, case)
    elif wish == "shelf.remove":
        st.dialog(said("shelf.remove_case"))(_remove)(desk, case)


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
