"""Starts the page: ``streamlit run streamlit_app.py``. What is on it lies in ``assistant/pages``."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from assistant.pages.bug import show_bug
from assistant.pages.owner import OwnerCookie

app = st.App(
    Path(__file__).parent / "assistant" / "pages" / "main.py",
    middleware=[Middleware(OwnerCookie)],
    on_script_error=show_bug,
)
