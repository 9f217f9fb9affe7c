"""Starts the page: ``streamlit run streamlit_app.py``. What is on it lies in ``assistant/pages``."""

from pathlib import Path

import streamlit as st

from assistant.pages.bug import show_bug
from assistant.pages.door import guards
from assistant.pages.slices import slice_routes

app = st.App(
    Path(__file__).parent / "assistant" / "pages" / "main.py",
    routes=slice_routes(),
    middleware=guards(st.get_option("server.address")),
    on_script_error=show_bug,
)
