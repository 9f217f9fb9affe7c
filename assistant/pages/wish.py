"""What is to be asked next: typed, dropped or clicked; and what was refused, so that no text is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from assistant.pages.words import said

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from assistant.turn.private_pixels import Choice


@dataclass(frozen=True)
class Wish:
    """A question and the bytes of the files that come with it. File names are never taken along.

    Attributes:
        text: the question.
        files: what the files hold.
        choice: what becomes of text and faces in them, as far as the user was asked.
    """

    text: str
    files: tuple[bytes, ...] = ()
    choice: Choice | Literal["ask"] = "ask"


def drop_key() -> str:
    """Key of the current drop target; a new one, and so an empty one, after each question."""
    return f"drop-{st.session_state.get('drops', 0)}"


def dropped() -> Sequence[UploadedFile]:
    """The files that lie in the drop target."""
    return st.session_state.get(drop_key()) or ()


def let_go(files: Sequence[UploadedFile]) -> None:
    """Let files leave memory once they were read, which Streamlit does by itself only for the box."""
    if (here := get_script_run_ctx()) is not None:
        held: Any = here.uploaded_file_mgr
        for file in files:
            held.remove_file(session_id=here.session_id, file_id=file.file_id)


def forget_dropped() -> None:
    """Empty the drop target."""
    let_go(dropped())
    st.session_state["drops"] = st.session_state.get("drops", 0) + 1


def wish_for(text: str, files: tuple[bytes, ...] = ()) -> None:
    """Ask this in the next run of the page, as if it were typed."""
    st.session_state["wish"] = Wish(text, files)


def take_wish(typed: Any, most_mb: int) -> Wish | None:
    """What is to be asked now, from a button or the box; the files of the drop target come along.

    Args:
        typed: what the box gave.
        most_mb: with a file larger than this many MiB nothing is asked: the page says so, and the question
            is back in the box.
    """
    clicked: Wish | None = st.session_state.pop("wish", None)
    if clicked is None and typed is None:
        return None
    text = clicked.text if clicked else typed.text
    given = clicked.files if clicked else ()
    uploads = () if given else (typed.files if typed else ()) or dropped()
    count = len(given or uploads)
    text = text.strip() or (_question(count) if count else "")
    if reason := _too_large(uploads, most_mb):
        refused(Wish(text), reason)
        st.rerun()
    files = given or tuple(file.getvalue() for file in uploads)
    return replace(clicked, text=text, files=files) if clicked else Wish(text, files)


def _question(files: int) -> str:
    """What is asked of files that come without a question."""
    return said("offers.what_is_this" if files == 1 else "offers.what_are_these")


def _too_large(uploads: Sequence[UploadedFile], most_mb: int) -> str:
    """Which files are larger than is read, in words; empty if none is. They are not read for it."""
    over = [
        said("page.file_large", place=place, count=len(uploads), size=file.size / 2**20)
        if len(uploads) > 1
        else said("page.one_file_large", size=file.size / 2**20)
        for place, file in enumerate(uploads, 1)
        if file.size > most_mb * 2**20
    ]
    return said("page.too_large", files=" ".join(over), most=most_mb) if over else ""


def refused(wish: Wish | None = None, reason: str = "") -> str | None:
    """Note that a question was refused; without arguments, the reason to show until it is forgotten."""
    if wish is not None:
        st.session_state["refusal"] = (wish.text, reason)
        put_back(wish.text)
        st.session_state["refusal_is_new"] = True
        return None
    refusal = st.session_state.get("refusal")
    return refusal[1] if refusal else None


def refusal_is_new() -> bool:
    """Whether the reason is shown for the first time."""
    return bool(st.session_state.pop("refusal_is_new", False))


def forget_refusal() -> None:
    """Show no reason any more: it was read, or the next question was taken."""
    st.session_state.pop("refusal", None)


def put_back(text: str) -> None:
    """Put a question into the box, to be asked in other words."""
    st.session_state["given_back"] = text


def give_back(key: str) -> None:
    """Put a question back into the box called `key`, once; call before the box is drawn."""
    text = st.session_state.pop("given_back", None)
    if text:
        st.session_state[key] = text
