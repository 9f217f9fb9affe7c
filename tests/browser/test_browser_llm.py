"""A language model behind an OpenAI-style server, in the page: tools over several turns, Stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.answers.disclaimers import general
from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.gguf.follower import LOOKED, MEASURED, follower, lesion
from tests.servers.llm_server import LlamaServer
from tools.language.sayings import say

pytestmark = pytest.mark.browser


@pytest.fixture
def llm_page(chromium: Browser, tmp_path: Path) -> Iterator[Server]:
    """The page with a chat model on llama_cpp.server."""
    llm = LlamaServer(follower(tmp_path / "follower.gguf", layers=3), context=16384)
    home = tmp_path / "page"
    home.mkdir()
    (home / "settings.toml").write_text(
        f'llm_server = "{llm.url}"\nllm_context = 16384\nllm_max_tokens = 3000\n'
    )
    page = Server(home, ROOT / "streamlit_app.py")
    yield page
    page.stop()
    llm.close()


def test_a_model_on_a_server_uses_tools_and_stops(
    visit: Callable[..., View], llm_page: Server, tmp_path: Path
) -> None:
    picture = lesion(tmp_path / "lesion.png")
    view = visit(llm_page)
    view.drop(picture)
    view.ask("What is this?")
    expect(view.answers(1)).to_contain_text("".join(LOOKED))
    expect(view.answers(1)).to_contain_text(general())

    view.ask("How large is it?")
    second = view.answers(2)
    expect(second).to_contain_text(MEASURED[1])

    view.ask("chatter on")
    growing = view.page.get_by_label("Chat message from assistant").last
    # The planner's part comes first, whichever of its two sentences on words without a meaning it takes.
    expect(growing).to_contain_text(re.compile("I am not sure what you mean|I did not understand that"))
    view.press("Stop")
    stopped = view.answers(3)
    expect(stopped).to_contain_text(say("turn.stopped"))
    assert "word-" not in stopped.inner_text()
