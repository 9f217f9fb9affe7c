"""A turn that takes long: its words stream, it survives a reload, and Stop stops it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from assistant.answers.disclaimers import general
from tests.browser.conftest import Server
from tests.browser.page import View
from tests.browser.slow_model import WORDS
from tools.language.sayings import say

pytestmark = pytest.mark.browser


def test_words_stream_under_the_disclaimer_survive_a_reload_and_stop(
    visit: Callable[..., View], slow_server: Server
) -> None:
    view = visit(slow_server)
    view.ask("talk to me")
    answer = view.page.get_by_label("Chat message from assistant")
    expect(answer).to_contain_text("word-3")
    expect(answer.get_by_role("note")).to_contain_text(general())

    view.page.reload()
    expect(answer).to_contain_text("word-1 ")
    expect(answer).to_contain_text("word-15")
    expect(answer.get_by_role("note")).to_contain_text(general())

    view.press("Stop")
    stopped = view.answers(1)
    expect(stopped).to_contain_text(say("turn.stopped"))
    assert f"word-{WORDS}" not in stopped.inner_text()
