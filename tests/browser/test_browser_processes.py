"""Two page processes share the chats in PostgreSQL; one dies, and its visitors go on with the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.inputs.drawn_lesion import ellipse, paint, skin
from tools.language.sayings import say

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


def test_a_visitor_goes_on_with_another_process_when_one_is_killed(
    visit: Callable[..., View], postgres_url: str, tmp_path: Path
) -> None:
    photo = tmp_path / "mole.png"
    Image.fromarray(paint(skin(), ellipse(60, 40))).save(photo)
    slow, fast = ROOT / "tests" / "browser" / "slow_app.py", ROOT / "streamlit_app.py"
    first, second = (
        Server(tmp_path / "home", app, CASEBOOK_DATABASE_URL=postgres_url) for app in (fast, slow)
    )
    try:
        view, other = visit(first), visit(second)
        view.drop(photo)
        view.press("What is this?")
        told = view.answers(1).inner_text()
        chat = view.page.url.removeprefix(first.url)
        other.ask("qqq")
        expect(other.page.get_by_role("button", name="Stop")).to_be_visible()

        first.kill()
        other.press("Stop")
        assert say("turn.stopped") in other.answers(1).inner_text()
        view.page.goto(second.url + chat)
        expect(view.page.get_by_label("Chat message from assistant").first).to_contain_text(
            told.splitlines()[0]
        )
        view.ask("What can you do?")
        view.answers(2)
    finally:
        first.kill()
        second.stop()
