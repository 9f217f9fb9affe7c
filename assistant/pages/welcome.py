"""The opening of a new chat: what Casebook is and is not, a place to drop images, and drawn cases to try."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from assistant.answers.disclaimers import general
from assistant.examples import examples
from assistant.pages.answer_view import draw_disclaimers
from assistant.pages.desk import Desk, largest_file_mb, largest_upload_mb
from assistant.pages.wish import drop_key, dropped, wish_for
from assistant.pages.words import language, said

_DROPPED = ("offers.what_is_this", "offers.good_enough", "offers.similar")


def draw_target(desk: Desk) -> None:
    """Draw the title and the place to drop images."""
    st.title("Casebook")
    st.markdown(said("page.lede"))
    draw_disclaimers((general(language()),))
    st.file_uploader(
        said("page.drop", most=largest_file_mb(desk)),
        accept_multiple_files=True,
        key=drop_key(),
        max_upload_size=largest_upload_mb(),
        help=said("page.drop_help"),
    )
    if dropped():
        with st.container(horizontal=True):
            for question in map(said, _DROPPED):
                st.button(question, on_click=wish_for, args=(question,))


def draw_rest(desk: Desk) -> None:
    """Draw what follows the box to ask in: drawn cases, and what Casebook is not."""
    st.header(said("page.examples"), anchor=False)
    with st.container(horizontal=True, key="grid-examples"):
        for example in examples():
            with st.container(border=True, gap="xsmall", height="stretch"):
                says = said(f"examples.{example.name}_says")
                st.image(_thumbnail(example.name), alt=says, width="stretch")
                st.markdown(f"**{said(f'examples.{example.name}_title')}**")
                st.caption(says)
                st.space("stretch")
                key = f"try-{example.name}"
                st.button(said("page.try_it"), key=key, on_click=_try, args=(example.name,), width="stretch")
    if not desk.remembered:
        st.caption(said("page.no_cookies"))


def _try(name: str) -> None:
    example = next(one for one in examples() if one.name == name)
    wish_for(said(_DROPPED[0]), (example.draw(),))


@st.cache_data(show_spinner=False)
def _thumbnail(name: str) -> NDArray[np.uint8]:
    """The example's thumbnail as a square."""
    pixels = next(one for one in examples() if one.name == name).thumbnail()
    side = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    return pixels[top : top + side, left : left + side]
