"""Cases of the library as cards: filter, relabel, remove."""

from __future__ import annotations

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.evidence_view import draw_case
from assistant.pages.words import plain
from store.cases.case import Case, CaseFilter
from store.errors import CasebookError
from store.records import MODALITY_WORDS

_PER_PAGE = 24
_FILTER_PX = 160
_MENU = ("Relabel", "Remove")


def draw_cases(desk: Desk) -> None:
    """Draw the filter and one page of cards."""
    library = desk.assistant.library
    infos = library.collections()
    if not infos:
        return
    st.header("Cases", anchor=False)
    labels = sorted({label for info in infos for label in info.labels})
    licences = sorted({licence for info in infos for licence in info.licences if licence})
    where = _filter(labels, licences)
    count = library.count(where)
    pages = max(1, -(-count // _PER_PAGE))
    st.caption(f"{count:,} cases fit." if where else f"{count:,} cases.")
    page = st.pagination(pages, key=f"cases-page-{where}") if pages > 1 else 1
    with st.container(horizontal=True, key="grid-cases"):
        for case in library.cases(where, _PER_PAGE, (page - 1) * _PER_PAGE):
            _draw_card(desk, case)


def _filter(labels: list[str], licences: list[str]) -> CaseFilter | None:
    with st.container(horizontal=True, key="case-filter"):
        label = st.multiselect("Label", labels, width=_FILTER_PX)
        modality = st.multiselect(
            "Modality", MODALITY_WORDS, format_func=MODALITY_WORDS.__getitem__, width=_FILTER_PX
        )
        licence = st.multiselect("Licence", licences, width=_FILTER_PX)
        body_part = st.text_input("Body part", placeholder="for example chest", width=_FILTER_PX).strip()
    where = CaseFilter(tuple(label), tuple(modality), (body_part,) if body_part else (), tuple(licence))
    return where if where.where() else None


def _draw_card(desk: Desk, case: Case) -> None:
    with st.container(border=True, gap="xsmall", height="stretch", key=f"case-{case.id}"):
        draw_case(desk.assistant.picture, case.key, alt=f"Library case labelled {case.label}")
        st.markdown(f"**{plain(case.label)}**")
        facts = (MODALITY_WORDS.get(case.modality, ""), case.body_part, case.source, case.licence)
        st.caption(plain(" · ".join(filter(None, facts)) or "no further facts"))
        wish = st.menu_button("Change", _MENU, type="tertiary", key=f"change-{case.id}")
    if wish == "Relabel":
        _relabel(desk, case)
    elif wish == "Remove":
        _remove(desk, case)


@st.dialog("Relabel case")
def _relabel(desk: Desk, case: Case) -> None:
    with st.form("relabel", border=False):
        label = st.text_input("Label", case.label, max_chars=100)
        if st.form_submit_button("Relabel", type="primary"):
            try:
                desk.assistant.library.relabel(case.id, label)
            except CasebookError as error:
                st.error(plain(str(error)))
            else:
                st.rerun()


@st.dialog("Remove case")
def _remove(desk: Desk, case: Case) -> None:
    st.markdown(f"Remove the case labelled **{plain(case.label)}**? The file it came from stays.")
    with st.container(horizontal=True):
        if st.button("Remove", type="primary", icon=":material/delete:"):
            desk.assistant.library.remove([case.id])
            st.rerun()
        if st.button("Keep it"):
            st.rerun()
