"""The owner's chats: open, rename, take a copy, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from assistant.export import FORMATS, ChatCopy, copy_of
from assistant.pages import other_browsers
from assistant.pages.desk import Desk
from assistant.pages.image_view import forget_previews
from assistant.pages.words import plain, said, told
from store.chats.conversations import ChatRow
from store.errors import CasebookError

_SHOWN = 30
# Ours: fewer are seen at a glance.
_SEARCHED = 6
_STOP_S = 5.0
_MENU = ("page.rename", "page.download", "page.delete")
# On a phone the side bar lies over the page: a link in it closes it. No text of anybody's goes in here.
_CLOSE_ON_PHONE = """<script>
if (!window.casebookClose) {
  window.casebookClose = true;
  document.addEventListener("click", (event) => {
    if (window.innerWidth > 768 || !event.target.closest('[data-testid="stSidebar"] a')) return;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  });
}
</script>"""


def draw(desk: Desk, pages: Sequence[st.Page]) -> None:
    """Draw the way to the pages, and the list of chats.

    Args:
        desk: whose chats.
        pages: the page that shows a chat, then the others.
    """
    chat_page, *others = pages
    with st.sidebar:
        st.page_link(
            chat_page,
            label=said("page.new_chat"),
            icon=":material/edit_square:",
            query_params={},
            width="stretch",
        )
        for page in others:
            st.page_link(page, width="stretch")
        rows = desk.assistant.chats()
        if rows:
            st.caption(said("page.your_chats"))
        if len(rows) >= _SEARCHED and (words := _sought()):
            rows = desk.assistant.find_chats(words)
            if not rows:
                st.caption(said("page.none_found"))
        shown = rows if st.session_state.get("all_chats") else rows[:_SHOWN]
        with st.container(gap=None):
            for row in shown:
                _draw_row(desk, row, chat_page)
        if len(shown) < len(rows):
            st.button(said("page.all_chats"), on_click=_show_all, type="tertiary")
        other_browsers.draw(desk)
        st.html(_CLOSE_ON_PHONE, unsafe_allow_javascript=True)


def _sought() -> str:
    """The words that chats are looked for with."""
    name = said("page.search_chats")
    return st.text_input(
        name, key="sought", placeholder=name, label_visibility="collapsed", icon=":material/search:"
    ).strip()


def _draw_row(desk: Desk, row: ChatRow, chat_page: st.Page) -> None:
    here = st.query_params.get("chat") == row.id
    key = f"chat-{'here' if here else 'row'}-{row.id}"
    icon = ":material/hourglass_top:" if desk.turns.get(row.id) else ""
    with st.container(horizontal=True, gap=None, vertical_alignment="center", key=key, wrap=False):
        st.page_link(
            chat_page,
            label=f"**{plain(row.title)}**" if here else plain(row.title),
            icon=icon,
            query_params={"chat": row.id},
            width="stretch",
        )
        wish = st.menu_button(
            said("page.rename_or_delete", title=plain(row.title)),
            _MENU,
            format_func=said,
            icon=":material/more_horiz:",
            type="tertiary",
            key=f"menu-{row.id}",
        )
    if wish == "page.rename":
        st.dialog(said("page.rename_chat"))(_rename)(desk, row)
    elif wish == "page.download":
        st.dialog(said("page.download_chat"))(_download)(desk, row)
    elif wish == "page.delete":
        st.dialog(said("page.delete_chat"))(_delete)(desk, row, here)


def _rename(desk: Desk, row: ChatRow) -> None:
    with st.form("rename", border=False):
        title = st.text_input(said("page.title"), row.title, max_chars=120)
        if st.form_submit_button(said("page.rename"), type="primary"):
            try:
                desk.assistant.rename(row.id, title)
            except CasebookError as error:
                st.error(told(error))
            else:
                st.rerun()


def _download(desk: Desk, row: ChatRow) -> None:
    """Copies in each format, made when they are asked for."""
    st.markdown(said("page.download_this", title=plain(row.title)))
    for ending, write in FORMATS.items():
        st.download_button(
            said(f"page.download_{ending[1:]}"),
            partial(_copy, desk, row.id, write),
            file_name=f"casebook-chat{ending}",
            on_click="ignore",
            width="stretch",
            icon=":material/download:",
            key=f"download{ending}",
        )


def _copy(desk: Desk, chat_id: str, write: Callable[[ChatCopy], bytes]) -> bytes:
    return write(copy_of(desk.assistant.chat(chat_id), desk.assistant.picture))


def _delete(desk: Desk, row: ChatRow, here: bool) -> None:
    st.markdown(said("page.delete_this", title=plain(row.title)))
    with st.container(horizontal=True):
        if st.button(said("page.delete"), type="primary", icon=":material/delete:"):
            desk.turns.stop(row.id, wait_s=_STOP_S)
            try:
                if not desk.assistant.delete(row.id):
                    st.toast(said("page.left_in_log"), icon=":material/info:", duration="long")
                forget_previews()
                desk.lent.take_back(desk.assistant.owner)
            except CasebookError as error:
                st.error(told(error))
                return
            if here:
                st.query_params.clear()
            st.rerun()
        if st.button(said("page.keep")):
            st.rerun()


def _show_all() -> None:
    st.session_state["all_chats"] = True
