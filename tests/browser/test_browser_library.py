"""The case library in Chromium: found by words, opened by keyboard, kept over a reload, asked about."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.page import View
from tests.browser.test_browser_teach import teaching
from tests.inputs.teaching_library import CAPTION

__all__ = ["teaching"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [False, True], ids=["1280 px", "390 px"])
def test_a_case_is_found_by_words_opened_by_keyboard_and_asked_about(
    visit: Callable[..., View], teaching: Server, phone: bool
) -> None:
    view = visit(teaching, phone=phone)
    page, keys = view.page, view.page.keyboard
    view.open("/library")
    page.get_by_label("Search the cases", exact=True).focus()
    keys.type("melanoma")
    keys.press("Enter")
    expect(page.get_by_text(re.compile("cases fit"))).to_be_visible()
    _reach(page, "See the case")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="melanoma")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/library\?case=[0-9a-f]{32}$"))
    page.reload()
    expect(page.get_by_text(CAPTION).first).to_be_visible()
    expect(page.get_by_role("img", name="Library case labelled melanoma")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    _reach(page, "Ask about this case")
    keys.press("Enter")
    view.answers(1)
    expect(page.get_by_role("img", name=re.compile("img-1"))).to_be_visible()
    expect(page.get_by_text("What is this?").first).to_be_visible()


def _reach(page: Page, name: str) -> None:
    """Press the tab key until a button of this name has the focus."""
    told = "(document.activeElement.tagName === 'BUTTON' ? document.activeElement.innerText : '')"
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate(told):
            return
    raise AssertionError(f"{name} was never reached")
