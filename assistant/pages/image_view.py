"""Draws an image of the chat: its picture, its id, what it is and how that is known; slices by a slider."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import streamlit as st

from assistant.pages.words import plain
from store.errors import CaseError
from store.records import MODALITY_WORDS, Gate
from tools.context import ChatImage

_SHOWN_PX = 320
_SMALL_PX = 220
_TEXT_PX = 220
_LONGEST_PX = 900
_JPEG_QUALITY = 92

Ask = Callable[[str], None]


def draw_images(images: Sequence[ChatImage], chat_id: str, ask: Ask) -> None:
    """Images as they came to the chat: each picture with what it is, and how that is known.

    Args:
        images: what came with one question.
        chat_id: its chat.
        ask: asks a question in the chat, as if typed.
    """
    with st.container(horizontal=True):
        for image in images:
            if len(images) == 1:
                _draw_one(image, chat_id, ask)
            else:
                with st.container(width=_SMALL_PX):
                    _draw_one(image, chat_id, ask)


def _draw_one(image: ChatImage, chat_id: str, ask: Ask) -> None:
    with st.container(width=_SHOWN_PX, gap="xsmall"):
        try:
            if int(image.facts.get("frames", 1)) > 1:
                _draw_slices(image, chat_id, ask)
            else:
                _draw_picture(image, image.index)
        except CaseError as error:
            st.caption(plain(str(error)))
    with st.container(width=_TEXT_PX, gap="xsmall"):
        st.markdown(f"**{plain(image.id)}** · {plain(kind(image))}")
        st.caption(plain(f"{_known(image.gate)} {_size(image)}"))


@st.fragment
def _draw_slices(image: ChatImage, chat_id: str, ask: Ask) -> None:
    place = st.empty()
    count = int(image.facts["frames"])
    chosen = st.slider(
        f"Slice of {image.id} (1 to {count})",
        1,
        count,
        image.index + 1,
        key=f"slice-{chat_id}-{image.id}-{image.index}",
    )
    with place.container():
        _draw_picture(image, chosen - 1)
    if chosen != image.index + 1:
        st.caption(f"You look at slice {chosen}; questions are about slice {image.index + 1}.")
        if st.button(f"Ask about slice {chosen}", key=f"ask-slice-{chat_id}-{image.id}"):
            ask(f"Show slice {chosen} of {image.id}")
            st.rerun()


def _draw_picture(image: ChatImage, index: int) -> None:
    data = _preview(image.key, index, image)
    place = f", slice {index + 1}" if int(image.facts.get("frames", 1)) > 1 else ""
    st.image(data, alt=f"{image.id}{place}: {kind(image)}", width="stretch")
    sides = image.image.at(index).facts.get("sides")
    if sides:
        st.caption(plain(f"{sides[:1].upper()}{sides[1:]}."))


@st.cache_data(max_entries=256, show_spinner=False)
def _preview(key: str, index: int, _image: ChatImage) -> bytes:
    """One slice as a JPEG of at most 900 pixels. Kept by content, so it is the same in every chat."""
    from PIL import Image as PillowImage

    del key
    picture = PillowImage.fromarray(_image.image.at(index).pixels)
    picture.thumbnail((_LONGEST_PX, _LONGEST_PX))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return buffer.getvalue()


def forget_previews() -> None:
    """Drop every preview from memory, so that a deleted chat leaves none behind."""
    _preview.clear()


def kind(image: ChatImage) -> str:
    """What the image is, in a few words."""
    gate = image.gate
    if gate.modality is None and gate.domain in ("other", "unknown"):
        return "neither radiology nor skin" if gate.domain == "other" else "kind unknown"
    what = (
        MODALITY_WORDS.get(gate.modality or "")
        or f"{'skin' if gate.domain == 'dermatology' else 'radiology'} image"
    )
    return ", ".join(filter(None, (what, gate.body_part)))


def _known(gate: Gate) -> str:
    from tools.gate.modality import OF_VOLUMES

    if gate.known_from == "user":
        return "You said so."
    if gate.known_from == "file header":
        return f"{OF_VOLUMES}." if gate.reason.startswith(OF_VOLUMES) else "The file header says so."
    score = f", score {gate.score:.2f}, not a probability" if gate.score is not None else ""
    return f"Estimated from its pixels{score}."


def _size(image: ChatImage) -> str:
    facts = image.facts
    frames = int(facts.get("frames", 1))
    slices = f", {frames} slices" if frames > 1 else ""
    scale = "with a scale" if facts.get("scale") else "without a scale"
    size = f"{facts.get('width')} × {facts.get('height')}"
    return f"{facts.get('file_type', 'Image')}, {size}{slices}, {scale}."
