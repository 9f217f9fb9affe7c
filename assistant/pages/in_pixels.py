"""Asks what becomes of text and faces found in pictures that were sent; until then nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import Template

import numpy as np
import streamlit as st

from assistant.pages.wish import Wish, forget_dropped, put_back
from assistant.pages.words import plain, said
from assistant.turn.private_pixels import Choice, Seen, UndecidedError
from store.pictures.preview import jpeg_preview
from tools.burned_in.boxes import Box
from tools.burned_in.faces import FACE

_KEY, _BOX = "undecided_question", "undecided"
_LISTED = 4
_SHOWN_PX = 480
# Ours: a dark line under a light one is seen on any ground.
_LINES = (((0, 0, 0), 3), ((255, 220, 0), 1))

# Whoever works with the keyboard or hears the page is at the question at once.
_TO_THE_QUESTION = Template("""<script>
setTimeout(() => {
  document.querySelector('.st-key-undecided')?.scrollIntoView();
  document.querySelector('.st-key-row-undecided button')?.focus();
}, 400 /* question $n */);
</script>""")


@dataclass
class Undecided:
    """A question that waits for the user's choice, in the memory of one tab.

    Attributes:
        wish: the question and its files.
        chat_id: the chat in which it was asked; None for a new one.
        seen: the pictures in which something was found.
        others: how many of its pictures had nothing in them.
        is_new: whether it was not drawn yet.
    """

    wish: Wish
    chat_id: str | None
    seen: Sequence[Seen]
    others: int
    is_new: bool = True


def hold(wish: Wish, chat_id: str | None, error: UndecidedError) -> None:
    """Keep a question until the user has chosen."""
    st.session_state[_KEY] = Undecided(wish, chat_id, error.seen, error.others)
    st.session_state["asked_of_pixels"] = st.session_state.get("asked_of_pixels", 0) + 1


def undecided(chat_id: str | None) -> Undecided | None:
    """The question that waits in this chat; one that waits in another is forgotten."""
    held: Undecided | None = st.session_state.get(_KEY)
    if held is not None and held.chat_id != chat_id:
        del st.session_state[_KEY]
        return None
    return held


def draw(held: Undecided) -> None:
    """Show the pictures with frames around what was found, and what can become of it."""
    count = len(held.seen)
    with st.container(key=_BOX):
        st.header(said("in_pixels.title"), anchor=False)
        asks = said("in_pixels.asks_one") if count == 1 else said("in_pixels.asks_many", count=count)
        st.warning(asks, icon=":material/privacy_tip:")
        with st.container(horizontal=True):
            for number, seen in enumerate(held.seen, 1):
                _draw_picture(number, seen)
        with st.container(horizontal=True, key="row-undecided"):
            _button("mask", "mask")
            _button("keep", "keep")
            _button("leave out", "leave_out" if count == 1 else "leave_out_many", "leave_out_help")
    if held.is_new:
        held.is_new = False
        script = _TO_THE_QUESTION.substitute(n=st.session_state.get("asked_of_pixels"))
        st.html(script, unsafe_allow_javascript=True)


def framed(seen: Seen) -> bytes:
    """The picture with frames around the places, as a JPEG."""
    from PIL import Image, ImageDraw

    picture = Image.fromarray(np.ascontiguousarray(seen.image.plain)).convert("RGB")
    draw_on, thin = ImageDraw.Draw(picture), max(max(picture.size) // 300, 1)
    for colour, wide in _LINES:
        for box in seen.places:
            points = [(float(x), float(y)) for x, y in box.corners]
            draw_on.line([*points, points[0], points[1]], fill=colour, width=wide * thin)
    return jpeg_preview(np.asarray(picture))


def _draw_picture(number: int, seen: Seen) -> None:
    with st.container(width=_SHOWN_PX, gap="xsmall"):
        alt = said("in_pixels.alt", number=number, count=len(seen.places))
        st.image(framed(seen), alt=alt, width="stretch")
        places = [_told(box, seen.image.size) for box in seen.places]
        if (more := len(places) - _LISTED) > 0:
            places = [*places[:_LISTED], said("in_pixels.and_more", count=more)]
        st.caption(plain(said("in_pixels.picture", number=number, places=", ".join(places))))


def _told(box: Box, size: tuple[int, int]) -> str:
    """What was found, and in which third of the picture across and down."""
    across, down = (box.corners.mean(axis=0) / size * 3).clip(0, 2.99).astype(int).tolist()
    where = said(f"in_pixels.{('top', 'middle', 'bottom')[down]}")
    beside = said(f"in_pixels.{('left', 'centre', 'right')[across]}")
    return said("in_pixels.face" if box.kind == FACE else "in_pixels.text", where=f"{where} {beside}")


def _button(choice: Choice, name: str, tip: str = "") -> None:
    st.button(
        said(f"in_pixels.{name}"),
        help=said(f"in_pixels.{tip or name + '_help'}"),
        key=f"undecided-{choice}",
        on_click=_choose,
        args=(choice,),
        type="primary" if choice == "mask" else "secondary",
    )


def _choose(choice: Choice) -> None:
    """Ask again as the user chose; where no picture would be left, the question goes back into the box."""
    held: Undecided | None = st.session_state.pop(_KEY, None)
    if held is None:
        return
    if choice == "leave out" and not held.others:
        put_back(held.wish.text)
        forget_dropped()
    else:
        st.session_state["wish"] = replace(held.wish, choice=choice)
