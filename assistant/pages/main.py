"""Runs for every look at the page: title, style, navigation, the list of chats, then the page itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from assistant.chat import Assistant
from assistant.pages import chat, library, sidebar, teach, works
from assistant.pages.desk import Build, Desk, open_desk
from assistant.pages.own_media import drawn_for
from assistant.pages.words import said, told
from store.errors import SetupError

if TYPE_CHECKING:
    from PIL import Image

_STYLE = Path(__file__).with_name("style.css")


def main(build: Build = Assistant) -> None:
    """Draw the page that the address names.

    Args:
        build: makes the installation's assistant, once per process.
    """
    st.set_page_config("Casebook", page_icon=_icon(), layout="centered")
    st.html(_STYLE)
    try:
        desk = open_desk(build)
    except SetupError as error:
        st.title(said("page.cannot_start"))
        st.error(told(error), icon=":material/build:")
        return
    drawn_for(desk.browser if desk.remembered else None)
    pages = _pages(desk)
    page = st.navigation(pages, position="hidden")
    sidebar.draw(desk, pages)
    page.run()


def _pages(desk: Desk) -> list[st.Page]:
    chats = st.Page(
        partial(_unless_reading, chat.show, desk),
        title=said("page.chat"),
        icon=":material/forum:",
        url_path="chat",
        default=True,
    )
    teaching = st.Page(
        partial(teach.show, desk), title=said("page.teach"), icon=":material/school:", url_path="teach"
    )
    show_library = partial(
        library.show,
        to_chat=partial(st.switch_page, chats),
        to_teaching=lambda case_id: st.switch_page(teaching, query_params={"case": case_id}),
    )
    return [
        chats,
        st.Page(
            partial(_unless_reading, show_library, desk),
            title=said("page.library"),
            icon=":material/photo_library:",
            url_path="library",
        ),
        teaching,
        st.Page(
            partial(works.show, desk), title=said("page.works"), icon=":material/checklist:", url_path="works"
        ),
    ]


def _unless_reading(show: Callable[[Desk], None], desk: Desk) -> None:
    """Draw a page, unless this browser still reads unknown cases, which look-alikes would give away."""
    if not teach.closed_here(desk):
        show(desk)


def _icon() -> Image.Image:
    """A bookmark in the page's colour; drawn, so that nothing is fetched for it."""
    from PIL import Image, ImageDraw

    icon = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(icon).polygon([(14, 6), (50, 6), (50, 58), (32, 44), (14, 58)], fill="#0f6b6b")
    return icon


if __name__ == "__main__":
    main()
