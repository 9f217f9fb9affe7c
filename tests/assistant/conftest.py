"""An assistant in a folder of its own, and a teacher in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.chat import Assistant
from assistant.teaching.teacher import Teacher


@pytest.fixture
def casebook(home: object) -> Iterator[Assistant]:
    with Assistant() as assistant:
        yield assistant


@pytest.fixture
def teacher(casebook: Assistant) -> Teacher:
    return Teacher(casebook.services, "teacher")
