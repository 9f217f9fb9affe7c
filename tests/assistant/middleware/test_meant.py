"""An answer that is ended on purpose is no warning; another callback's mistake still is."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage

from assistant import Assistant, load_settings
from assistant.middleware.listening import Listener
from assistant.middleware.meant import keep_endings_quiet
from tests.scripted.chat_model import ScriptedModel
from tests.scripted.held import Held


def test_stopping_between_words_and_ending_a_loop_warn_nobody(
    tmp_path: Path, logged: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    loop = AIMessage("and so on " * 60)
    model = ScriptedModel(replies=[AIMessage(words), loop])
    held = Held(ScriptedModel, monkeypatch)
    with Assistant(load_settings(home=tmp_path), model=model, tools=[]) as casebook:
        chat = casebook.chat()
        running = chat.start("q")
        held.wait()
        running.stop()
        held.go_on()
        assert running.answer().state == "stopped"
        assert "repeated itself" in chat.ask("z").notices[0]
    assert not [record for record in logged if "callback" in record.getMessage()]


def test_what_breaks_in_another_callback_is_still_logged(logged: list[logging.LogRecord]) -> None:
    class Broken(BaseCallbackHandler):
        def on_llm_new_token(self, *_: Any, **__: Any) -> None:
            raise ValueError("broken")

    keep_endings_quiet()
    model = ScriptedModel(replies=[AIMessage("two words")])
    list(model.stream("hello", {"callbacks": [Broken(), Listener(threading.Event())]}))
    assert any("Broken.on_llm_new_token" in record.getMessage() for record in logged)
