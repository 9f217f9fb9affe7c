"""Classifiers on the labels of the case library: trained, told how far they can be trusted, removed.

A click only notes what is to be trained. It is trained while the page is drawn, where it can be seen to run,
one after the other in this process, and is kept even if the page is left meanwhile.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import streamlit as st

from assistant.pages.afterwards import did, tell
from assistant.pages.desk import Desk
from assistant.pages.words import language, plain, said, told
from store.cases.library import CollectionInfo
from store.errors import CaseError
from tools.few_shot.card import cautions, recognised, trust
from tools.few_shot.head import CALIBRATION_FILE, CONFUSION_FILE, Head, HeadShelf
from tools.language.retold import retell

_NAME, _COLLECTION, _LABELS, _WISH = "train-name", "train-collection", "train-labels", "train-wish"
_LONGEST = 40  # characters of a name
_PICTURE_PX = 420
_LOCK = threading.Lock()


@dataclass(frozen=True)
class _Wish:
    """What is to be trained."""

    name: str
    collection: str
    labels: tuple[str, ...]


def draw_training(desk: Desk) -> None:
    """Draw the form that trains a classifier, where visitors may, and the classifiers there are."""
    shelf, infos = desk.assistant.services.heads, desk.assistant.library.collections()
    names = shelf.names()
    if not infos and not names:
        return
    may = desk.assistant.services.settings.change_cases
    with st.expander(said("training.title"), icon=":material/model_training:"):
        st.markdown(said("training.lede"))
        if not may:
            st.info(said("training.by_operator"), icon=":material/info:")
        elif infos:
            _draw_form(desk, infos)
        for name in names:
            _draw_one(shelf, name, may)
        if not names:
            st.caption(said("training.none_yet"))


def _draw_form(desk: Desk, infos: list[CollectionInfo]) -> None:
    st.text_input(
        said("training.name"), key=_NAME, max_chars=_LONGEST, help=plain(said("training.name_help"))
    )
    name = st.selectbox(said("training.collection"), [info.name for info in infos], key=_COLLECTION)
    labels = next((list(info.labels) for info in infos if info.name == name), [])
    st.multiselect(
        said("training.labels"), labels, key=f"{_LABELS}-{name}", help=plain(said("training.labels_help"))
    )
    st.button(
        said("training.train"), type="primary", icon=":material/model_training:", on_click=_note, args=(name,)
    )
    if _WISH in st.session_state:
        did(lambda: _train(desk, st.session_state.pop(_WISH)))
        st.rerun()


def _note(collection: str) -> None:
    """Remember what the form says, so that it is trained in the next drawing."""
    held = st.session_state
    chosen = tuple(held.get(f"{_LABELS}-{collection}", ()))
    held[_WISH] = _Wish(held[_NAME].strip(), collection, chosen)


def _train(desk: Desk, wish: _Wish) -> None:
    from tools.few_shot.training import STEPS, train

    running = said("training.running")
    bar = st.progress(0.0, running)
    library, shelf = desk.assistant.library, desk.assistant.services.heads

    def show(done: int) -> None:
        bar.progress(done / STEPS, running)

    with _LOCK:
        head = train(library, shelf, wish.name, wish.collection, wish.labels, progress=show)
    tell(f"{said('training.trained', name=plain(head.name))} {_trust(head)}", done=True)


def _draw_one(shelf: HeadShelf, name: str, may: bool) -> None:
    """One classifier: what it is made of, how well it did, its card, and the way to remove it."""
    with st.container(border=True, gap="xsmall", key=f"classifier-{name}"):
        when = f"{shelf.trained(name):%Y-%m-%d %H:%M}"
        try:
            head = shelf.read(name)
        except CaseError as error:
            st.markdown(said("training.damaged", name=plain(name), when=when))
            st.warning(told(error), icon=":material/info:")
        else:
            labels, collection = plain(", ".join(head.labels)), plain(head.collection)
            st.markdown(
                said("training.made_of", name=plain(name), when=when, collection=collection, labels=labels)
            )
            st.markdown(_trust(head))
            _draw_card(shelf, head)
        if may:
            with st.popover(said("training.remove", name=name), icon=":material/delete:", type="tertiary"):
                st.markdown(said("training.remove_this"))
                st.button(
                    said("training.remove_now"), key=f"remove-{name}", on_click=_remove, args=(shelf, name)
                )


def _draw_card(shelf: HeadShelf, head: Head) -> None:
    with st.popover(said("training.card"), icon=":material/description:", type="tertiary"):
        rows = [
            f"| {plain(label)} | {cases} | {groups} | {share:.0f} % |"
            for label, cases, groups, share in recognised(head)
        ]
        st.markdown("\n".join([said("training.table"), "| --- | --- | --- | --- |", *rows]))
        for file, what in ((CONFUSION_FILE, "confusion"), (CALIBRATION_FILE, "calibration")):
            path = shelf.folder(head.name) / file
            if path.is_file():
                alt = said(f"training.{what}_alt", name=head.name)
                st.image(str(path), alt=alt, caption=said(f"training.{what}"), width=_PICTURE_PX)
        st.markdown("\n".join(f"- {plain(retell(text, language()))}" for text in cautions(head)))


def _remove(shelf: HeadShelf, name: str) -> None:
    if did(lambda: shelf.remove(name)):
        tell(said("training.removed", name=plain(name)), done=True)


def _trust(head: Head) -> str:
    return plain(retell(trust(head), language()))
