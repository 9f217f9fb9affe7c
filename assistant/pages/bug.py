"""The last resort: a bug in a page becomes a sentence with a reference, and a traceback in the log."""

from __future__ import annotations

import logging
import uuid

import streamlit as st

from assistant.pages.words import said

_LOG = logging.getLogger("casebook")


def show_bug(error: Exception) -> bool:
    """Log an error that nothing expected and tell the reader where to find it.

    Returns:
        True: the page shows nothing else about it.
    """
    reference = uuid.uuid4().hex[:8]
    _LOG.error("the page failed (reference %s)", reference, exc_info=error)
    st.error(said("page.bug", reference=reference), icon=":material/error:")
    return True
