"""Starts the page with the slow scripted model; for the browser tests only."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from assistant.pages.owner import OwnerCookie

app = st.App(Path(__file__).with_name("slow_main.py"), middleware=[Middleware(OwnerCookie)])
