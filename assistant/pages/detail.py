"""The viewer in the chat: opened by a button below a picture, nothing of it is loaded before that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from assistant.chat import Chat
from assistant.pages.desk import Desk
from assistant.pages.image_kind import kind
from assistant.pages.words import language, plain, said
from assistant.viewer.component import Options, Order, Shown, viewer
from assistant.viewer.state import PaneView, ShownWindow
from store.errors import CasebookError
from store.pictures.image import Image
from store.pictures.seen import Drawn, Seen
from tools.context import ChatImage
from tools.language.identifiers import without_persons
from tools.language.retold import retell


def draw_opener(image: ChatImage, chat_id: str) -> None:
    """The button that opens the viewer on an image, or closes it.

    Args:
        image: of the chat.
        chat_id: the chat.
    """
    open_now = opened(chat_id) == image.id
    st.button(
        said("viewer.close" if open_now else "viewer.open"),
        icon=":material/close:" if open_now else ":material/zoom_in:",
        key=f"detail-{chat_id}-{image.id}",
        on_click=_open,
        args=(chat_id, None if open_now else image.id),
    )


def opened(chat_id: str) -> str | None:
    """The id of the image that the viewer is open on in a chat, or None."""
    found: str | None = st.session_state.get(_name(chat_id))
    return found


def _open(chat_id: str, image_id: str | None) -> None:
    st.session_state[_name(chat_id)] = image_id
    st.session_state.pop(_seen(chat_id), None)


def _name(chat_id: str) -> str:
    return f"detail-{chat_id}"


@st.fragment
def draw_viewer(desk: Desk, chat_id: str, image_id: str, images: Mapping[str, ChatImage]) -> None:
    """The viewer on one image of a chat, with another beside it if the reader wants.

    Args:
        desk: whose chat it is.
        chat_id: the chat.
        image_id: the image.
        images: all images of the chat by id.
    """
    if not desk.remembered:
        st.info(said("viewer.no_cookies"), icon=":material/info:")
        return
    shown = [images[image_id]]
    others = [one for one in images if one != image_id]
    if others:
        beside = st.selectbox(
            said("viewer.beside"),
            [None, *others],
            format_func=lambda one: one or said("viewer.nothing_beside"),
            key=f"beside-{chat_id}-{image_id}",
        )
        shown += [images[beside]] if beside else []
    try:
        series = [_shown(desk, chat_id, one) for one in shown]
    except CasebookError as error:
        st.caption(plain(str(error)))
        return
    key = f"viewer-{chat_id}-{'-'.join(one.id for one in shown)}"
    orders = _orders(desk, chat_id, key, shown)
    options = Options(language=language(), note=_note(series[0].image), orders=orders)
    view = viewer(series, key=key, options=options)
    if view is None or len(view.panes) != len(shown):
        return
    if view.order == len(orders):
        seen = {image.id: _what_is_seen(pane) for image, pane in zip(shown, view.panes, strict=True)}
        st.session_state[_seen(chat_id)] = seen
    else:  # what was seen before the last order is seen no more; the chat knows what that showed
        st.session_state.pop(_seen(chat_id), None)


def _what_is_seen(pane: PaneView) -> Seen:
    window = pane.window
    marks = tuple(Drawn(one.kind, one.slice, one.points, without_persons(one.caption)) for one in pane.marks)
    return Seen(pane.slice, window.level if window else None, window.width if window else None, marks)


def what_is_seen(chat_id: str) -> dict[str, Seen]:
    """What is seen in the viewer of a chat by image id; nothing while it is closed."""
    if opened(chat_id) is None:
        return {}
    found: dict[str, Seen] = st.session_state.get(_seen(chat_id), {})
    return found


def _seen(chat_id: str) -> str:
    return f"seen-{chat_id}"


def _shown(desk: Desk, chat_id: str, image: ChatImage) -> Shown:
    token = desk.lent.lend(desk.assistant.owner, f"{chat_id}/{image.id}", image.load)
    return Shown(image.image, token, title=image.id, kind=kind(image))


def _note(image: Image) -> str:
    about = said("viewer.about_this_slice") if image.frame_count > 1 else ""
    if image.spacing_mm is None:
        return " ".join(filter(None, (about, said("viewer.without_scale"))))
    caution = retell(image.scale_caution, language())
    return " ".join(filter(None, (about, said("viewer.with_scale"), caution)))


def _orders(desk: Desk, chat_id: str, key: str, shown: Sequence[ChatImage]) -> tuple[Order, ...]:
    """The slices and windows that answers showed since the viewer was opened."""
    turn, views = _last_views(desk.assistant.chat(chat_id))
    orders: list[Order]
    before, orders = st.session_state.get(f"orders-{key}", (turn, []))
    if turn != before:
        for pane, image in enumerate(shown):
            if view := views.get(image.id):
                orders.append(Order(len(orders) + 1, pane, slice=view["index"], window=_window(view)))
    st.session_state[f"orders-{key}"] = (turn, orders)
    return tuple(orders)


def _last_views(chat: Chat) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """The newest turn with an answer, and what it showed of which image."""
    answered = [turn for turn in chat.history(2) if turn.answer is not None]
    if not answered or answered[-1].answer is None:
        return "", {}
    # What was seen in the viewer is no order to it.
    ran = [one for one in answered[-1].answer.evidence if one.tool != "describe_view"]
    records = [record for one in ran for record in one.records]
    return answered[-1].id, {one["image_id"]: one for one in records if one["kind"] == "view"}


def _window(view: Mapping[str, Any]) -> ShownWindow | None:
    level, width = view.get("level"), view.get("width")
    if level is None or width is None:
        return None
    return ShownWindow(level=level, width=width, function="LINEAR")
