"""What can be done with an answer: copied, asked for again, asked in other words, found good or not."""

from __future__ import annotations

import html
from functools import partial

import streamlit as st

from assistant.answers.outside import for_outside
from assistant.chat import Chat
from assistant.pages.wish import put_back, wish_for
from assistant.pages.words import said
from assistant.turn.kept import Turn

# The text lies in the button and is copied whole, safety texts included. Without HTTPS a browser has no
# clipboard for pages, but takes what is selected. No text of anybody's goes in here.
COPYING = """<script>
if (!window.casebookCopy) {
  window.casebookCopy = true;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".cb-copy");
    if (!button) return;
    const text = button.dataset.text;
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const name = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = name; }, 2000);
  });
}
</script>"""


def draw_actions(chat: Chat, turn: Turn, *, last: bool) -> None:
    """A row below a finished answer; all of it below the last one, below others only the copy.

    Args:
        chat: the turn's chat.
        turn: the turn, answered.
        last: whether nothing was asked since.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-acts-{turn.id}"):
        _draw_copy(turn)
        if not last:
            return
        ask_again, other_words = partial(wish_for, turn.question), partial(put_back, turn.question)
        st.button(
            said("page.ask_again"),
            on_click=ask_again,
            icon=":material/refresh:",
            type="tertiary",
            key=f"again-{turn.id}",
        )
        st.button(
            said("page.edit"),
            on_click=other_words,
            icon=":material/edit:",
            type="tertiary",
            key=f"edit-{turn.id}",
        )
        key = f"good-{turn.id}"
        st.feedback(
            "thumbs",
            key=key,
            default=None if turn.good is None else int(turn.good),
            on_change=partial(_rate, chat, turn, key),
        )


def _draw_copy(turn: Turn) -> None:
    told = str(for_outside(turn.answer)) if turn.answer else ""
    text, name, done = (html.escape(one) for one in (told, said("page.copy"), said("page.copied")))
    st.html(
        f'<button type="button" class="cb-copy" data-text="{text}" data-done="{done}">{name}</button>',
        width="content",
    )


def _rate(chat: Chat, turn: Turn, key: str) -> None:
    chosen = st.session_state.get(key)
    chat.rate(turn.id, None if chosen is None else bool(chosen))
