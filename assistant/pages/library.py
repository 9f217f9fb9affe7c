"""The case library: what it holds, how far it can be trusted, bringing cases in, training, tidying up."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext

import streamlit as st

from assistant.pages import afterwards
from assistant.pages.case_cards import draw_cases
from assistant.pages.case_page import CASE, draw_case_page
from assistant.pages.current_import import CurrentImport, Source
from assistant.pages.desk import Desk, largest_upload_mb
from assistant.pages.import_place import import_place
from assistant.pages.train_labels import draw_training
from assistant.pages.wish import let_go
from assistant.pages.words import language, plain, said, told
from store.cases.importing import ImportReport
from store.errors import CasebookError, CaseError
from tools.files.unpacked import Sent, unpacked
from tools.language.identifiers import without_persons
from tools.language.paths import without_places
from tools.language.sayings import word

_POLL_S = 0.5


def show(desk: Desk, to_chat: Callable[[], None], to_teaching: Callable[[str], None]) -> None:
    """Draw the page, or the case that the address names.

    Args:
        desk: whose browser it is.
        to_chat: goes to a new chat.
        to_teaching: goes to a teaching case by its id.
    """
    st.title(said("page.library"))
    afterwards.draw()
    try:
        if case_id := st.query_params.get(CASE, ""):
            draw_case_page(desk, case_id, to_chat, to_teaching)
            return
        st.markdown(said("shelf.lede"))
        _draw_collections(desk)
        _draw_import(desk)
        draw_training(desk)
        draw_cases(desk)
    except CasebookError as error:
        st.error(told(error), icon=":material/error:")


def _draw_collections(desk: Desk) -> None:
    infos = desk.assistant.library.collections()
    if not infos:
        st.info(said("shelf.empty"), icon=":material/info:")
    for info in infos:
        with st.container(border=True, gap="xsmall"):
            domain = word("domains", info.domain, language()).capitalize()
            st.markdown(said("shelf.collection", domain=domain, size=info.size, labels=len(info.labels)))
            st.markdown(plain(info.sentence))
            most = list(info.labels.items())[:8]
            labels = ", ".join(f"{label} {count}" for label, count in most)
            rest = " …" if len(info.labels) > len(most) else ""
            st.caption(plain(f"{labels}{rest} · {info.encoder}"))


def _draw_import(desk: Desk) -> None:
    st.header(said("shelf.bring_in"), anchor=False)
    own = desk.imports.of(desk.assistant.owner)
    if own.running:
        _watch(own)
        return
    settings = desk.assistant.services.settings
    if settings.save_cases:
        _draw_sending(desk)
    if settings.import_places:
        _draw_naming(desk)
    if not (settings.save_cases or settings.import_places):
        st.info(said("shelf.by_operator"), icon=":material/info:")
        return
    with st.expander(said("shelf.table")):
        st.markdown(said("shelf.format"))
    _draw_outcome(own.outcome)


def _draw_sending(desk: Desk) -> None:
    """A place for files from the visitor's own machine."""
    with st.form("send", border=False, clear_on_submit=True):
        files = st.file_uploader(
            said("shelf.send"), accept_multiple_files=True, max_upload_size=largest_upload_mb()
        )
        label = st.text_input(said("shelf.label_of_all"), max_chars=100)
        if st.form_submit_button(said("shelf.import"), type="primary", icon=":material/upload:") and files:
            sent = [Sent(file.name, file.getvalue()) for file in files]
            let_go(files)
            most = desk.assistant.services.settings.visitor_mb
            _begin(desk, lambda: unpacked(sent, without_persons(label), most))


def _draw_naming(desk: Desk) -> None:
    """The name of a folder or table on this machine."""
    with st.form("import", border=False):
        typed = st.text_input(said("shelf.place"), placeholder=said("shelf.place_example"))
        if st.form_submit_button(said("shelf.import"), type="primary", icon=":material/download:"):
            settings = desk.assistant.services.settings
            _begin(desk, lambda: nullcontext(import_place(typed, settings.import_places, settings.home)))


def _begin(desk: Desk, source: Callable[[], Source]) -> None:
    try:
        desk.imports.start(desk.assistant, source(), language())
    except CaseError as error:
        st.warning(told(error), icon=":material/info:")
        return
    st.rerun()


def _draw_outcome(outcome: ImportReport | str | None) -> None:
    if isinstance(outcome, str):
        st.warning(plain(without_places(outcome)), icon=":material/info:")
    elif outcome is not None:
        first, *rest = str(outcome).splitlines()
        st.success(plain(first), icon=":material/check_circle:")
        if rest:
            st.text("\n".join(rest))


def _watch(imports: CurrentImport) -> None:
    """Show how far the import is until it ends. Leaving the page does not end it."""
    st.button(said("shelf.stop_import"), on_click=imports.stop, icon=":material/stop_circle:")
    bar = st.empty()
    while imports.running:
        rows = said("shelf.rows", done=imports.done, total=imports.total)
        bar.progress(imports.done / max(1, imports.total), rows if imports.total else said("shelf.reading"))
        time.sleep(_POLL_S)
    st.rerun()
