"""A teacher's own cases: a list, and for each its pictures, in which the true regions are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.pages.case_names import case_names
from assistant.pages.desk import Desk
from assistant.pages.teach_forget import draw_removing_case
from assistant.pages.teach_viewer import AREAS, Pictures, draw_viewer
from assistant.pages.teach_words import draw_change, draw_new
from assistant.pages.words import plain, said, told
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.cases import CaseVersion
from store.teaching.region import Region

ALL, NEW = "all", "new"
"""In place of a case in the address: all of them, or one that is made."""


def draw(desk: Desk, teacher: Teacher, case_id: str) -> None:
    """Draw one case, the list for `ALL`, or the form for `NEW`.

    Raises:
        CaseError: the case is another teacher's.
    """
    if st.button(said("teach.back"), icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    if case_id == ALL:
        _draw_list(teacher)
    elif case_id == NEW:
        draw_new(desk, teacher)
    else:
        _draw_case(desk, teacher, teacher.case(case_id))


def _draw_list(teacher: Teacher) -> None:
    st.header(said("teach.own_cases"), anchor=False)
    if st.button(said("teach.new_case"), icon=":material/add:"):
        st.query_params["case"] = NEW
        st.rerun()
    cases, withdrawn = teacher.cases(), teacher.withdrawn_cases()
    names = case_names([*cases, *withdrawn])
    if not cases:
        st.info(said("teach.no_own"), icon=":material/info:")
    for one in cases:
        _draw_line(one, names[one.id])
    if withdrawn:
        with st.expander(said("teach.withdrawn_cases")):
            for one in withdrawn:
                _draw_line(one, names[one.id])


def _draw_line(one: CaseVersion, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"case-{one.id}"):
        regions = said("teach.regions_count", count=len(one.case.regions))
        st.markdown(f"**{plain(name)}** · {regions}")
        if st.button(said("teach.see_case"), key=f"see-{one.id}"):
            st.query_params["case"] = one.id
            st.rerun()


def _draw_case(desk: Desk, teacher: Teacher, one: CaseVersion) -> None:
    case = one.case
    st.header(plain(case.title or case.diagnosis), anchor=False)
    st.caption(said("teach.version", version=one.version))
    st.markdown(said("teach.draw_regions"))
    drawn = f"regions-{one.id}-{one.version}"
    images = desk.assistant.services.teaching.images

    def now() -> Sequence[Region]:
        found: Sequence[Region] = st.session_state.get(drawn, case.regions)
        return found

    def keep(regions: Sequence[Region]) -> None:
        st.session_state[drawn] = regions
        if tuple(regions) != case.regions:
            st.caption(said("teach.regions_drawn", count=len(regions)))

    pictures = Pictures(
        f"{one.id}-{one.version}", len(case.images), lambda at: images.get(case.images[at].key)
    )
    draw_viewer(desk, pictures, now, marking=AREAS, keep=keep)
    if st.button(said("teach.keep_regions"), type="primary", icon=":material/save:"):
        _keep_regions(teacher, one, drawn, now())
    draw_change(teacher, one)
    draw_removing_case(teacher, one)


def _keep_regions(teacher: Teacher, one: CaseVersion, drawn: str, regions: Sequence[Region]) -> None:
    try:
        teacher.make.change(one.id, regions=[region.model_dump() for region in regions])
    except CaseError as error:
        st.warning(told(error), icon=":material/info:")
        return
    st.session_state.pop(drawn, None)
    st.rerun()
