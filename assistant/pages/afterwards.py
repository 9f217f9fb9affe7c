"""What came of a click, told above the next drawing of the page.

What Streamlit calls on a click has no place of its own on the page.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from assistant.pages.words import said, told
from store.errors import CasebookError

_TOLD = "afterwards"


def draw() -> bool:
    """Say what came of the last click, once; whether there was anything to say."""
    there = st.session_state.pop(_TOLD, ())
    for text, done in there:
        if done:
            st.success(text, icon=":material/check_circle:")
        else:
            st.warning(text, icon=":material/info:")
    return bool(there)


def tell(text: str, *, done: bool) -> None:
    """Have a text shown above the next drawing: as something done, or as something to know."""
    st.session_state[_TOLD] = [*st.session_state.get(_TOLD, ()), (text, done)]


def did(do: Callable[[], object]) -> bool:
    """Do something; whether it was done. Where it could not be, why not is told."""
    try:
        do()
    except CasebookError as error:
        tell(told(error), done=False)
        return False
    return True


def deleted(name: str, delete: Callable[[], bool]) -> bool:
    """Delete something; whether it was deleted. What came of it is told.

    Args:
        name: of the saying that it is deleted.
        delete: tells whether nothing is left in the database's log either.
    """
    whole = True

    def do() -> None:
        nonlocal whole
        whole = delete()

    if not did(do):
        return False
    tell(said(name), done=True)
    if not whole:
        tell(said("page.left_in_log"), done=False)
    return True
