"""A quiz on the case library in Chromium: what the browser is given before the answer, and after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant import Assistant
from assistant.settings import load_settings
from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.inputs.teaching_library import CAPTION, SOURCE, write_teaching_cases

pytestmark = pytest.mark.browser


@pytest.fixture
def teaching(chromium: object, tmp_path: Path) -> Server:
    """A server with a library to teach from."""
    home = tmp_path / "home"
    with Assistant(load_settings(home=home)) as casebook:
        for table in write_teaching_cases(tmp_path / "sets"):
            casebook.import_cases(table)
    return Server(home, ROOT / "streamlit_app.py")


def test_the_browser_is_told_the_label_only_after_the_answer(
    visit: Callable[..., View], teaching: Server, tmp_path: Path
) -> None:
    try:
        view = visit(teaching)
        got: list[bytes] = []
        view.page.on(
            "websocket",
            lambda socket: socket.on(
                "framereceived",
                lambda frame: got.append(frame if isinstance(frame, bytes) else frame.encode()),
            ),
        )
        view.page.reload()
        view.ask("Quiz me on two skin cases")
        answer = view.answers(1)
        expect(answer).to_contain_text("Case 1 of 2")
        picture = view.page.get_by_role("img", name=re.compile("^Case 1 of 2"))
        expect(picture).to_be_visible()
        sent = b"".join(got)
        assert b"Case 1 of 2" in sent
        for secret in (CAPTION, SOURCE, "0.png", "From the case library"):
            assert secret.encode() not in sent, secret
            assert secret not in view.page.content(), secret

        view.page.reload()
        expect(view.page.get_by_role("img", name=re.compile("^Case 1 of 2"))).to_be_visible()
        view.ask("b")
        told = view.answers(2)
        expect(told).to_contain_text(CAPTION)
        expect(told).to_contain_text(SOURCE)
        expect(told.get_by_role("img", name=re.compile("^Library case labelled"))).to_be_visible()
        view.ask("stop")
        expect(view.answers(3)).to_contain_text("The quiz is over")
    finally:
        teaching.stop()
