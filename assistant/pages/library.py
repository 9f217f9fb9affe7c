"""The case library: what it holds, how far it can be trusted, bringing cases in, tidying them up."""

from __future__ import annotations

import time

import streamlit as st

from assistant.pages.case_cards import draw_cases
from assistant.pages.current_import import CurrentImport
from assistant.pages.desk import Desk
from assistant.pages.import_place import import_place
from assistant.pages.words import plain
from store.cases.importing import ImportReport
from store.errors import CasebookError, CaseError

_POLL_S = 0.5
_FORMAT = """
A **CSV file** with a header line; pictures lie in its folder or below it.

| Column | |
| --- | --- |
| `image` | file name, relative to the CSV; needed |
| `label` | what the source calls it; needed |
| `caption` | a sentence about it |
| `modality` | DX, CR, CT, MR, US, MG, XC or DMS, or words such as dermoscopy |
| `body_part` | for example chest |
| `group` | patient or lesion: pictures of one group never vouch for each other |
| `source` | where it comes from |
| `licence` | under which terms it may be shown |

Or a **folder** without a CSV file whose sub-folders are named for labels.
"""


def show(desk: Desk) -> None:
    """Draw the page."""
    st.title("Case library")
    st.markdown(
        "Your own pictures with their labels. Questions for similar cases are answered from here. "
        "Everyone who opens this installation of Casebook shares the same library."
    )
    try:
        _draw_collections(desk)
        _draw_import(desk)
        draw_cases(desk)
    except CasebookError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _draw_collections(desk: Desk) -> None:
    infos = desk.assistant.library.collections()
    if not infos:
        st.info(
            "The library is empty. Import cases below; then ask for similar cases.", icon=":material/info:"
        )
    for info in infos:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{info.domain.capitalize()}** · {info.size:,} cases · {len(info.labels)} labels")
            st.markdown(plain(info.sentence))
            most = list(info.labels.items())[:8]
            labels = ", ".join(f"{label} {count}" for label, count in most)
            rest = " …" if len(info.labels) > len(most) else ""
            st.caption(plain(f"{labels}{rest} · {info.encoder}"))


def _draw_import(desk: Desk) -> None:
    st.header("Bring cases in", anchor=False)
    own = desk.imports.of(desk.assistant.owner)
    if own.running:
        _watch(own)
        return
    if not desk.assistant.services.settings.import_places:
        st.info(
            "Cases are brought in by whoever runs Casebook on this machine, with: casebook library import. "
            "Folders that may be imported from this page are named in CASEBOOK_IMPORT_FOLDERS.",
            icon=":material/info:",
        )
        return
    with st.form("import", border=False):
        typed = st.text_input("Folder or CSV file", placeholder="moles or moles/table.csv")
        begun = st.form_submit_button("Import", type="primary", icon=":material/download:")
    with st.expander("What a table looks like"):
        st.markdown(_FORMAT)
    if begun:
        _begin(desk, typed)
    _draw_outcome(own.outcome)


def _begin(desk: Desk, typed: str) -> None:
    settings = desk.assistant.services.settings
    try:
        desk.imports.start(desk.assistant, import_place(typed, settings.import_places, settings.home))
    except CaseError as error:
        st.warning(plain(str(error)), icon=":material/info:")
        return
    st.rerun()


def _draw_outcome(outcome: ImportReport | str | None) -> None:
    if isinstance(outcome, str):
        st.warning(plain(outcome), icon=":material/info:")
    elif outcome is not None:
        first, *rest = str(outcome).splitlines()
        st.success(plain(first), icon=":material/check_circle:")
        if rest:
            st.text("\n".join(rest))


def _watch(imports: CurrentImport) -> None:
    """Show how far the import is until it ends. Leaving the page does not end it."""
    st.button("Stop the import", on_click=imports.stop, icon=":material/stop_circle:")
    bar = st.empty()
    while imports.running:
        said = f"{imports.done:,} of {imports.total:,} rows" if imports.total else "Reading the table …"
        bar.progress(imports.done / max(1, imports.total), said)
        time.sleep(_POLL_S)
    st.rerun()
