"""The chat page: what was said, what is being answered, and the box to ask in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from string import Template
from typing import Any

import streamlit as st

from assistant.answers.disclaimers import general
from assistant.chat import Chat
from assistant.pages import in_pixels, welcome
from assistant.pages.actions import COPYING, draw_actions
from assistant.pages.answer_view import AnswerView, Shown, thinking
from assistant.pages.desk import Desk, largest_file_mb, largest_upload_mb
from assistant.pages.detail import what_is_seen
from assistant.pages.image_view import draw_images
from assistant.pages.suggestions import suggestions
from assistant.pages.wish import (
    Wish,
    forget_dropped,
    forget_refusal,
    give_back,
    refusal_is_new,
    refused,
    take_wish,
    wish_for,
)
from assistant.pages.words import asked, language, plain, said, told
from assistant.turn.kept import Turn
from assistant.turn.private_pixels import UndecidedError
from assistant.turn.running import RunningTurn
from store.errors import CasebookError, CaseError
from tools.context import ChatImage
from tools.language.paths import without_places
from tools.language.replies import alarm_in

_POLL_S = 0.25
_SHOWN_TURNS = 20
USER, CASEBOOK = ":material/person:", ":material/collections_bookmark:"

# A complete answer is read from its beginning; screen readers are told it. No text of anybody's goes in here.
_TO_THE_ANSWER = Template("""<script>
for (const wait_ms of [300, 1000]) setTimeout(() => {
  const answers = document.querySelectorAll('[aria-label="Chat message from assistant"]');
  const answer = answers[answers.length - 1];
  answer?.closest('[data-testid="stChatMessage"]').scrollIntoView();
  const told = document.querySelector('.cb-told') ?? document.body.appendChild(document.createElement('div'));
  told.className = 'cb-told';
  told.setAttribute('role', 'status');
  if (wait_ms > 300) told.textContent = answer?.querySelector('[data-testid="stMarkdown"]')?.innerText ?? '';
}, wait_ms /* answer $turn */);
</script>""")
# A refusal in the opening is seen wherever the page was; that in a chat is pinned with the box.
_TO_THE_REFUSAL = Template("""<script>
for (const wait_ms of [100, 700]) setTimeout(() => {
  const refusals = document.querySelectorAll('.st-key-refusal');
  refusals[refusals.length - 1]?.scrollIntoView({block: "center"});
}, wait_ms /* refusal $n */);
</script>""")


def show(desk: Desk) -> None:
    """Draw the page."""
    chat_id = st.query_params.get("chat")
    try:
        chat = desk.assistant.chat(chat_id) if chat_id else None
    except CaseError:
        chat = None
        with st.container(key="arrival"):
            st.error(said("page.not_yours"), icon=":material/error:")
    if chat is None:
        _show_new(desk)
    else:
        _show_chat(desk, chat)


def _show_new(desk: Desk) -> None:
    if (held := in_pixels.undecided(None)) is not None:
        in_pixels.draw(held)
        return
    place = st.empty()
    with place.container():
        welcome.draw_target(desk)
        refusal = _draw_refusal()
        typed = _box()
        welcome.draw_rest(desk)
        if refusal and refusal_is_new():
            _look_at_refusal()
    wish = take_wish(typed, largest_file_mb(desk))
    if wish is not None:
        with place.container():
            _ask(desk, None, wish)


def _show_chat(desk: Desk, chat: Chat) -> None:
    running = desk.turns.get(chat.id)
    if running is not None:
        with st.bottom, st.container(horizontal=True, horizontal_alignment="center"):
            st.button(said("page.stop"), icon=":material/stop_circle:", on_click=running.stop, type="primary")
    with st.bottom:
        _draw_refusal()
    held = in_pixels.undecided(chat.id) if running is None else None
    waits = "page.answering_box" if running is not None else "in_pixels.first" if held else ""
    wish = take_wish(_box(waits), largest_file_mb(desk))
    st.title(plain(chat.title))
    turns = _draw_history(desk, chat, running)
    if wish is not None:
        _ask(desk, chat, wish)
    elif held is not None:
        in_pixels.draw(held)
    elif running is None:
        _offer(desk, chat, turns)
    st.html(COPYING, unsafe_allow_javascript=True)
    if st.session_state.pop("arrived", False):
        st.html(_TO_THE_ANSWER.substitute(turn=turns[-1].id if turns else ""), unsafe_allow_javascript=True)


def _box(waits: str = "") -> Any:
    """The box to ask in; at the bottom of a chat, in place in the opening; closed with what it waits for."""
    if not waits:
        give_back("question")
    return st.chat_input(
        said(waits or "page.box"),
        key="question",
        accept_file="multiple",
        max_upload_size=largest_upload_mb(),
        disabled=bool(waits),
    )


def _draw_refusal() -> bool:
    """Say beside the box why a question was refused; returns whether one was."""
    if (reason := refused()) is None:
        return False
    with st.container(key="refusal"):
        st.error(said("page.back_in_box", reason=plain(reason)), icon=":material/error:")
        st.button(said("page.close"), on_click=forget_refusal, key="close-refusal")
    return True


def _look_at_refusal() -> None:
    st.session_state["refusals"] = n = st.session_state.get("refusals", 0) + 1
    st.html(_TO_THE_REFUSAL.substitute(n=n), unsafe_allow_javascript=True)


def _draw_history(desk: Desk, chat: Chat, running: RunningTurn | None) -> list[Turn]:
    """Draw the last turns, or all if they were asked for; those that are drawn."""
    everything = st.session_state.get("whole") == chat.id
    turns = chat.history(None if everything else _SHOWN_TURNS + 1)
    if len(turns) > _SHOWN_TURNS and not everything:
        turns = turns[1:]
        st.button(said("page.earlier"), on_click=_show_whole, args=(chat.id,), icon=":material/expand_less:")
    images = {image.id: image for image in chat.images()}
    told: frozenset[str] = frozenset()
    for turn in turns:
        _draw_question(desk, chat, turn, images)
        with st.chat_message("assistant", avatar=CASEBOOK):
            if turn.answer is not None:
                view = AnswerView(desk.assistant.picture, turn.id, told)
                view.draw(Shown.of(turn.answer))
                told |= {*turn.answer.disclaimers}
                if running is None or turn is not turns[-1]:
                    draw_actions(chat, turn, last=turn is turns[-1])
                else:
                    st.rerun()  # it was finished since the top of the page was drawn
            elif running is not None and turn is turns[-1]:
                _follow(running, AnswerView(desk.assistant.picture, turn.id, told))
            else:
                st.info(said("page.cut_off"), icon=":material/info:")
                key = f"again-{turn.id}"
                st.button(said("page.ask_again"), on_click=wish_for, args=(turn.question,), key=key)
    return turns


def _draw_question(desk: Desk, chat: Chat, turn: Turn, images: dict[str, ChatImage]) -> None:
    with st.chat_message("user", avatar=USER):
        if turn.attached:
            draw_images(desk, [images[image_id] for image_id in turn.attached], images, chat.id, wish_for)
        st.markdown(asked(turn.question))


def _follow(running: RunningTurn, view: AnswerView) -> None:
    """Draw events as they come until the answer is complete. Leaving the page does not end the turn."""
    shown = Shown(status=thinking(), disclaimers=(general(language()),))
    start = time.monotonic()
    view.draw(shown)
    try:
        for event in running.events(poll_s=_POLL_S):
            if event is None:
                view.tick(shown, time.monotonic() - start)
            else:
                view.draw(shown, shown.take(event))
    except CasebookError as error:
        st.error(told(error), icon=":material/error:")
        return
    st.session_state["arrived"] = True
    st.rerun()


def _ask(desk: Desk, chat: Chat | None, wish: Wish) -> None:
    """Take the question and its files in; the page then follows the answer."""
    with st.chat_message("user", avatar=USER):
        st.markdown(asked(wish.text))
        files = len(wish.files)
        waiting = said("page.reading_file" if files == 1 else "page.reading_files", count=files)
        try:
            with st.spinner(waiting if files else said("page.one_moment")):
                at, seen = (chat.id, what_is_seen(chat.id)) if chat else (None, {})
                chat_id = desk.turns.ask(desk.assistant, at, wish.text, wish.files, seen, choice=wish.choice)
        except UndecidedError as error:
            forget_refusal()
            in_pixels.hold(wish, at, error)
        except CasebookError as error:
            refused(wish, without_places(str(error)))
        else:
            forget_refusal()
            forget_dropped()
            st.query_params["chat"] = chat_id
            st.session_state["arrived"] = True  # by the time that the page is drawn to its end
    st.rerun()


def _offer(desk: Desk, chat: Chat, turns: Sequence[Turn]) -> None:
    """Buttons with what might be asked next after these turns; none where somebody may be in danger."""
    if turns and turns[-1].answer and alarm_in(turns[-1].answer.text):
        return
    sorted_domains = desk.assistant.services.heads.domains()
    questions = suggestions(chat.images(), turns[-_SHOWN_TURNS:], sorted_domains)
    with st.container(horizontal=True, key="row-offers"):
        for question in questions:
            st.button(
                question, on_click=wish_for, args=(question,), key=f"offer-{question}", type="secondary"
            )


def _show_whole(chat_id: str) -> None:
    st.session_state["whole"] = chat_id
