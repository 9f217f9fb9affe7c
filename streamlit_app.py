"""Starts the page: ``streamlit run streamlit_app.py``. What is on it lies in ``assistant/pages``."""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from assistant.pages.address import OnlyHere, refusal
from assistant.pages.bug import show_bug
from assistant.pages.origin import OwnPageOnly
from assistant.pages.owner import OwnerCookie

if why := refusal(st.get_option("server.address")):
    sys.exit(why)

app = st.App(
    Path(__file__).parent / "assistant" / "pages" / "main.py",
    middleware=[Middleware(OnlyHere), Middleware(OwnPageOnly), Middleware(OwnerCookie)],
    on_script_error=show_bug,
)
