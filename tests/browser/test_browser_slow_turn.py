"""A turn that takes long: the planner's answer is there at once, it survives a reload, and Stop stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant import Assistant, load_settings
from assistant.answers.disclaimers import general
from tests.browser.conftest import Server
from tests.browser.page import View
from tools.language.sayings import say

pytestmark = pytest.mark.browser


def test_the_planners_words_under_the_disclaimer_survive_a_reload_and_a_stop(
    visit: Callable[..., View], slow_server: Server, tmp_path: Path
) -> None:
    with Assistant(load_settings(home=tmp_path)) as planner:
        planned = planner.chat().ask("qqq").text
    view = visit(slow_server)
    view.ask("qqq")
    answer = view.page.get_by_label("Chat message from assistant")
    expect(answer).to_contain_text(planned)
    expect(answer.get_by_role("note")).to_contain_text(general())

    view.page.reload()
    expect(answer).to_contain_text(planned)
    expect(answer.get_by_role("note")).to_contain_text(general())

    view.press("Stop")
    stopped = view.answers(1)
    expect(stopped).to_contain_text(say("turn.stopped"))
    expect(stopped).to_contain_text(planned)
    assert "word-" not in stopped.inner_text()
