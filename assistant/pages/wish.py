"""What is to be asked next: typed, dropped or clicked; and what was refused, so that no text is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

_ONE, _SEVERAL = "What is this?", "What are these?"


@dataclass(frozen=True)
class Wish:
    """A question and the bytes of the files that come with it. File names are never taken along."""

    text: str
    files: tuple[bytes, ...] = ()


def drop_key() -> str:
    """Key of the current drop target; a new one, and so an empty one, after each question."""
    return f"drop-{st.session_state.get('drops', 0)}"


def dropped() -> tuple[bytes, ...]:
    """The files that lie in the drop target."""
    return tuple(file.getvalue() for file in st.session_state.get(drop_key()) or ())


def forget_dropped() -> None:
    """Empty the drop target."""
    st.session_state["drops"] = st.session_state.get("drops", 0) + 1


def wish_for(text: str, files: tuple[bytes, ...] = ()) -> None:
    """Ask this in the next run of the page, as if it were typed."""
    st.session_state["wish"] = Wish(text, files)


def take_wish(typed: Any) -> Wish | None:
    """What is to be asked now, from a button or the box; the files of the drop target come along."""
    clicked: Wish | None = st.session_state.pop("wish", None)
    if clicked is None and typed is None:
        return None
    text = clicked.text if clicked else typed.text
    files = clicked.files if clicked else tuple(file.getvalue() for file in typed.files)
    files = files or dropped()
    default = _ONE if len(files) == 1 else _SEVERAL
    return Wish(text.strip() or (default if files else ""), files)


def refused(wish: Wish | None = None, reason: str = "") -> str | None:
    """Note that a question was refused; without arguments, the reason to show now."""
    if wish is not None:
        st.session_state["refusal"] = (wish.text, reason)
        st.session_state["given_back"] = wish.text
        return None
    refusal = st.session_state.pop("refusal", None)
    return refusal[1] if refusal else None


def give_back(key: str) -> None:
    """Put a refused question back into the box called `key`, once; call before the box is drawn."""
    text = st.session_state.pop("given_back", None)
    if text:
        st.session_state[key] = text
