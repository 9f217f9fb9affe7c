"""A process killed in the middle of a turn: nothing that was acknowledged is missing afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant import Assistant, Chat
from assistant.answers.answer import Answer
from store.chats.answering import STILL_ANSWERING
from store.errors import CaseError
from tests.child import begin


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.process))]
)
def assistant(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    """Casebook on a database that child processes share."""
    if request.param == "postgres":
        monkeypatch.setenv("CASEBOOK_DATABASE_URL", request.getfixturevalue("postgres_url"))
    with Assistant() as made:
        yield made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A drawn dark spot on skin colour."""
    y, x = np.mgrid[:120, :160]
    pixels = np.where(np.hypot(x - 80, y - 60)[..., None] < 25, (95, 60, 45), (205, 160, 135))
    path = tmp_path / "photo.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def kill_in_the_middle_of(*words: str) -> None:
    """Start a turn whose tool waits, and kill its process with SIGKILL once it does."""
    child = begin(*words, module="tests.scripted.slow_command")
    assert child.stderr is not None
    assert child.stderr.readline() == "waiting\n"
    child.kill()
    child.communicate(timeout=20)
    assert child.returncode == -9


@pytest.mark.process
def test_a_turn_killed_in_the_middle_loses_nothing_acknowledged(assistant: Assistant, photo: Path) -> None:
    chat = assistant.chat()
    first = chat.ask("what is this?", [photo])

    kill_in_the_middle_of("ask", "and this one?", "--image", str(photo), "--chat", chat.id)

    with Assistant() as reopened:
        again = reopened.chat(chat.id)
        told, cut_off = again.history()
        assert told.answer == first
        assert (cut_off.question, cut_off.attached, cut_off.answer) == ("and this one?", ("img-2",), None)
        assert [image.id for image in again.images()] == ["img-1", "img-2"]
        assert all(image.image.size == (160, 120) for image in again.images())
        after = again.ask("what is img-2?")
        assert after.state == "answered"
        assert "img-2" in {image.id for image in after.images}
        assert [turn.state for turn in again.history()][2:] == ["answered"]


@pytest.mark.process
def test_a_first_turn_killed_in_the_middle_leaves_its_chat_and_image(
    assistant: Assistant, photo: Path
) -> None:
    kill_in_the_middle_of("ask", "what is this?", "--image", str(photo))
    (row,) = assistant.chats()
    chat = assistant.chat(row.id)
    assert [turn.question for turn in chat.history()] == ["what is this?"]
    assert [image.image.size for image in chat.images()] == [(160, 120)]
    assert chat.ask("what is it?").state == "answered"


def asked_once_free(chat: Chat, question: str) -> Answer:
    """The answer, as soon as the database's server has noticed that who was killed is gone."""
    until = time.monotonic() + 10
    while True:
        try:
            return chat.ask(question)
        except CaseError as error:
            if str(error) != STILL_ANSWERING or time.monotonic() > until:
                raise
            time.sleep(0.05)


@pytest.mark.process
def test_killing_again_and_again_leaves_a_chat_that_works(assistant: Assistant, photo: Path) -> None:
    chat = assistant.chat()
    for n in range(3):
        kill_in_the_middle_of("ask", f"question {n}", "--image", str(photo), "--chat", chat.id)
    assert [turn.question for turn in chat.history()] == [f"question {n}" for n in range(3)]
    assert [image.id for image in chat.images()] == ["img-1", "img-2", "img-3"]
    assert asked_once_free(chat, "compare the first and the last picture").state == "answered"
