"""Draws an image of the chat: its picture, its id, what it is and how that is known; slices by a slider."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.detail import draw_opener, draw_viewer, opened
from assistant.pages.image_kind import kind
from assistant.pages.words import plain, said
from store.errors import CasebookError
from store.pictures.preview import jpeg_preview
from store.records import Gate
from tools.context import ChatImage

_SHOWN_PX = 320
_SMALL_PX = 220
_TEXT_PX = 220

Ask = Callable[[str], None]


def draw_images(
    desk: Desk, images: Sequence[ChatImage], chat: Mapping[str, ChatImage], chat_id: str, ask: Ask
) -> None:
    """Images as they came to the chat: each picture with what it is, and how that is known.

    Args:
        desk: whose chat it is.
        images: what came with one question.
        chat: all images of the chat by id.
        chat_id: the chat.
        ask: asks a question in the chat, as if typed.
    """
    with st.container(horizontal=True):
        for image in images:
            if len(images) == 1:
                _draw_one(image, chat_id, ask)
            else:
                with st.container(width=_SMALL_PX):
                    _draw_one(image, chat_id, ask)
    if (open_on := opened(chat_id)) in [image.id for image in images]:
        draw_viewer(desk, chat_id, open_on, chat)


def _draw_one(image: ChatImage, chat_id: str, ask: Ask) -> None:
    with st.container(width=_SHOWN_PX, gap="xsmall"):
        try:
            if int(image.facts.get("frames", 1)) > 1:
                _draw_slices(image, chat_id, ask)
            else:
                _draw_picture(image, image.index)
        except CasebookError as error:
            st.caption(plain(str(error)))
    with st.container(width=_TEXT_PX, gap="xsmall"):
        st.markdown(f"**{plain(image.id)}** · {plain(kind(image))}")
        st.caption(plain(f"{_known(image.gate)} {_size(image)}"))
        draw_opener(image, chat_id)


@st.fragment
def _draw_slices(image: ChatImage, chat_id: str, ask: Ask) -> None:
    place = st.empty()
    count, asked = int(image.facts["frames"]), image.index + 1
    # It begins where it began when the image came, whatever slice was asked for since.
    chosen = st.slider(
        said("shown.slider", image=image.id, count=count),
        1,
        count,
        image.image.index + 1,
        key=f"slice-{chat_id}-{image.id}",
    )
    with place.container():
        _draw_picture(image, chosen - 1)
    if chosen == asked:
        st.caption(said("shown.this_slice", asked=asked))
    else:
        st.markdown(f":orange[{said('shown.other_slice', seen=chosen, asked=asked)}]")
        if st.button(said("shown.ask_about_slice", slice=chosen), key=f"ask-slice-{chat_id}-{image.id}"):
            ask(said("offers.slice_of", slice=chosen, image=image.id))
            st.rerun()


def _draw_picture(image: ChatImage, index: int) -> None:
    data = _preview(image.key, index, image)
    alt = said("shown.alt", image=image.id, kind=kind(image))
    if int(image.facts.get("frames", 1)) > 1:
        alt = said("shown.alt_slice", image=image.id, slice=index + 1, kind=kind(image))
    st.image(data, alt=alt, width="stretch")
    sides = image.image.at(index).facts.get("sides")
    if sides:
        st.caption(plain(f"{sides[:1].upper()}{sides[1:]}."))


@st.cache_data(max_entries=256, show_spinner=False)
def _preview(key: str, index: int, _image: ChatImage) -> bytes:
    """One slice as a JPEG. Kept by content, so it is the same in every chat."""
    del key
    return jpeg_preview(_image.image.at(index).pixels)


def forget_previews() -> None:
    """Drop every preview from memory, so that a deleted chat leaves none behind."""
    _preview.clear()


def _known(gate: Gate) -> str:
    from tools.gate.modality import OF_VOLUMES

    if gate.known_from == "user":
        return said("shown.by_you")
    if gate.known_from == "file header":
        return said("shown.by_volume" if gate.reason.startswith(OF_VOLUMES) else "shown.by_header")
    if gate.score is None:
        return said("shown.by_pixels")
    return said("shown.by_pixels_scored", score=gate.score)


def _size(image: ChatImage) -> str:
    facts = image.facts
    frames = int(facts.get("frames", 1))
    parts = [
        facts.get("file_type") or said("shown.image"),
        f"{facts.get('width')} × {facts.get('height')}",
        said("shown.slices", count=frames) if frames > 1 else "",
        said("shown.with_scale" if facts.get("scale") else "shown.without_scale"),
    ]
    return f"{', '.join(filter(None, parts))}."
