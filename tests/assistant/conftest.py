"""An assistant in a folder of its own, and a teacher in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.chat import Assistant
from assistant.teaching.teacher import Teacher


@pytest.fixture(autouse=True)
def what_a_test_opens_is_closed() -> Iterator[None]:
    """Close each assistant that a test opened and left open: it holds files, connections and a thread."""
    opened, begin = [], Assistant.__init__

    def remembered(assistant: Assistant, *given: Any, **named: Any) -> None:
        begin(assistant, *given, **named)
        opened.append(assistant)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Assistant, "__init__", remembered)
        yield
    for assistant in opened:
        assistant.close()


@pytest.fixture
def casebook(home: object) -> Iterator[Assistant]:
    with Assistant() as assistant:
        yield assistant


@pytest.fixture
def teacher(casebook: Assistant) -> Teacher:
    return Teacher(casebook.services, "teacher")
