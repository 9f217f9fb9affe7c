"""A server is held against what it answered before: over a real connection to loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from store.errors import SetupError
from tests.servers.chat_server import ChatServer
from tools.models.installed_readers import Readers, ReaderSettings, Server
from tools.models.memory.residency import Residency
from tools.models.readers import served_model
from tools.models.readers.known_answer import FOLDER, QUESTION, drawn_picture
from tools.models.systems.reading import Reading, Request

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
ASKED = "Is there a fracture?"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    running = ChatServer("A disc ", "on blue.")
    yield running
    running.close()


@pytest.fixture
def process(server: ChatServer, tmp_path: Path) -> Callable[..., Readers]:
    """The readers of a process that was just started."""

    def started(model: str | None = None) -> Readers:
        servers = {"radiographer": Server(server.url, model)}
        return Readers(ReaderSettings(tmp_path, servers=servers, at_once=1), Residency())

    return started


def read(readers: Readers, question: str = ASKED, **more: object) -> Reading:
    said = readers.read("radiographer", Request(PIXELS, "k", question, **more))  # type: ignore[arg-type]
    assert said is not None
    return said.reading


def questions(server: ChatServer) -> list[str]:
    return [body["messages"][0]["content"][1]["text"] for body in server.asked]


def test_a_new_server_is_asked_twice_about_a_drawn_picture_and_then_the_users_question(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    one = process()
    read(one)
    read(one)
    assert questions(server) == [QUESTION, QUESTION, ASKED, ASKED]
    assert np.array_equal(server.picture(0), drawn_picture())
    assert np.array_equal(server.picture(2), PIXELS)
    known = server.asked[0]
    assert (known["temperature"], known["seed"], known["max_tokens"]) == (0, 0, 16)


def test_each_process_asks_once_and_takes_the_same_words_for_the_same_model(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    read(process())
    before = len(server.asked)
    one = process()
    read(one)
    assert questions(server)[before:] == [QUESTION, ASKED]
    assert "answers a fixed question about a drawn picture as on 20" in one.check_server("radiographer", 5)


def test_nothing_of_the_reply_is_kept_but_a_digest(process: Callable[..., Readers], tmp_path: Path) -> None:
    read(process())
    (kept,) = (tmp_path / FOLDER).iterdir()
    told = json.loads(kept.read_text("utf-8"))
    assert set(told) == {"model", "reply", "since"}
    assert "disc" not in kept.read_text("utf-8")


def test_other_words_twice_are_told_before_a_users_picture_is_sent(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    read(process())
    before = len(server.asked)
    server.pieces = ("A square.",)
    one = process()
    for _ in range(2):
        with pytest.raises(SetupError, match=r"in other words than on 20.* models verify radiographer"):
            read(one)
    assert set(questions(server)[before:]) == {QUESTION}
    with pytest.raises(SetupError, match="in other words"):
        one.check_server("radiographer", 5)
    one.accept_server("radiographer", 5)
    assert read(process()).text == "A square."


def test_the_model_that_it_had_is_taken_back_without_a_word(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    read(process())
    one = process()
    server.pieces = ("A square.",)
    with pytest.raises(SetupError, match="in other words"):
        read(one)
    server.pieces = ("A disc ", "on blue.")
    assert read(one).ending == "complete"


@pytest.mark.parametrize("known", [False, True], ids=["from the first", "later"])
def test_a_server_that_varies_its_words_is_named_and_used(
    server: ChatServer, process: Callable[..., Readers], known: bool
) -> None:
    if known:
        read(process())
    server.replies = [("A circle.",), ("A disc ", "on blue.")]
    one = process()
    read(one)
    assert "in different words each time" in one.check_server("radiographer", 5)
    server.pieces = ("A square.",)
    before = len(server.asked)
    read(process())
    assert questions(server)[before:] == [ASKED]  # there is nothing to compare with


def test_a_name_that_is_set_and_not_there_is_told(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    server.models = ["llava", "qwen"]
    with pytest.raises(SetupError, match=r"has no model radio; it has llava, qwen\. Correct CASEBOOK_RADIO"):
        read(process("radio"))
    assert server.asked == []
    assert read(process("qwen")).ending == "complete"


def test_a_name_that_is_not_there_is_refused_every_time(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    server.models = ["llava"]
    one = process("radio")
    for _ in range(3):
        with pytest.raises(SetupError, match="has no model radio; it has llava"):
            read(one)
    assert server.asked == []
    server.models = ["llava", "radio"]
    assert read(one).ending == "complete"


@pytest.mark.parametrize("fault", ["gone", "silent"])
def test_the_known_answer_stays_until_another_is_there(
    server: ChatServer, process: Callable[..., Readers], tmp_path: Path, fault: str
) -> None:
    one = process()
    read(one)
    (kept,) = (tmp_path / FOLDER).iterdir()
    before = kept.read_bytes()
    if fault == "gone":
        server.close()
    else:
        server.fault = "silent"
    with pytest.raises(SetupError, match="Check that it runs"):
        one.accept_server("radiographer", 0.5)
    assert kept.read_bytes() == before
    server.fault, server.pieces = None, ("A square.",)
    if fault == "silent":
        with pytest.raises(SetupError, match="in other words than on 20"):
            read(one)


@pytest.mark.parametrize("models", [None, []], ids=["another form", "none"])
def test_a_server_that_lists_nothing_is_asked_by_the_name_that_is_set(
    server: ChatServer, process: Callable[..., Readers], models: list[str] | None
) -> None:
    server.models = models
    assert read(process("radio")).ending == "complete"


def test_another_only_model_is_told_by_both_names(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    read(process())
    server.models = ["llava"]
    with pytest.raises(SetupError, match=r"has the model llava now, and had llama-radiographer on 20"):
        read(process())


def test_a_list_that_changes_while_it_runs_is_noticed(
    server: ChatServer, process: Callable[..., Readers], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = process("llama-radiographer")
    read(one)
    server.models = ["llama-radiographer", "another"]
    read(one)
    assert questions(server)[-1] == ASKED
    monkeypatch.setattr(served_model, "_LISTED_FOR_S", 0.0)
    before = len(server.asked)
    read(one)
    assert questions(server)[before:] == [QUESTION, ASKED]
    read(one)
    assert questions(server)[before:] == [QUESTION, ASKED, ASKED]


def test_a_question_that_is_stopped_keeps_no_known_answer(
    server: ChatServer, process: Callable[..., Readers], tmp_path: Path
) -> None:
    stop = threading.Event()
    server.fault = "silent"
    threading.Timer(0.3, stop.set).start()
    assert read(process(), cancelled=stop).ending == "stopped"
    assert not (tmp_path / FOLDER).exists()
    assert read(process(), timeout_s=0.5).ending == "time"
    server.fault = None
    assert read(process()).ending == "complete"


def test_a_server_that_declines_the_fixed_question_is_known_by_that(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    server.finish = "content_filter"
    one = process()
    assert "as on 20" in one.check_server("radiographer", 5)
    server.finish = "stop"
    with pytest.raises(SetupError, match="in other words"):
        read(process())


def test_a_server_that_is_gone_is_told_by_the_check(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    server.close()
    with pytest.raises(SetupError, match="cannot be reached"):
        process().check_server("radiographer", 5)


def test_ten_questions_of_one_chat_do_not_make_anothers_one_wait_for_all_ten(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    one = process()
    read(one)
    before = len(server.asked)
    server.gate.clear()
    threads = []

    def ask(asker: str, number: int) -> None:
        thread = threading.Thread(target=read, args=(one, f"{asker} {number}?"), kwargs={"asker": asker})
        thread.start()
        threads.append(thread)
        while len(line) + 1 < len(threads):
            pass

    line = one._lines[server.url]
    for number in range(10):
        ask("first", number)
    ask("second", 0)
    server.gate.set()
    for thread in threads:
        thread.join(20)
    order = questions(server)[before:]
    assert order[:3] == ["first 0?", "second 0?", "first 1?"]
    assert len(order) == 11


def test_who_waits_for_a_server_says_so_and_can_be_stopped(
    server: ChatServer, process: Callable[..., Readers]
) -> None:
    one = process()
    read(one)
    server.gate.clear()
    busy = threading.Thread(target=read, args=(one,), kwargs={"asker": "first"})
    busy.start()
    while not one._lines[server.url]._served:
        pass
    stop, told = threading.Event(), list[str]()

    def on_wait(words: str) -> None:
        told.append(words)
        stop.set()

    request = Request(PIXELS, "k", ASKED, cancelled=stop, asker="second")
    assert one.read("radiographer", request, on_wait=on_wait) is None
    assert told == ["Waiting for the server of radiographer: 0 before"]
    server.gate.set()
    busy.join(20)
