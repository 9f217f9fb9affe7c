"""A reader behind a URL, asked over a real connection to loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from store.errors import CaseError, SetupError
from tests.servers.chat_server import ChatServer
from tools.models.readers import connection, served_model
from tools.models.readers.server import LONGEST_EDGE, ServedReader
from tools.models.systems.cards import SYSTEMS
from tools.models.systems.reading import Request, Sampling

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    running = ChatServer("No ", "fracture ", "is seen.")
    yield running
    running.close()


def reader(server: ChatServer, **more: str) -> ServedReader:
    return ServedReader(SYSTEMS["radiographer"], server.url, **more)


def request(question: str = "Is there a fracture?", **more: object) -> Request:
    return Request(pixels=PIXELS, image_key="k", question=question, **more)  # type: ignore[arg-type]


def test_the_picture_comes_before_the_users_question_and_arrives_unchanged(server: ChatServer) -> None:
    reader(server).read(request())
    picture, words = server.asked[0]["messages"][0]["content"]
    assert picture["type"] == "image_url"
    assert words == {"type": "text", "text": "Is there a fracture?"}
    assert np.array_equal(server.picture(), PIXELS)
    assert [message["role"] for message in server.asked[0]["messages"]] == ["user"]


def test_the_text_streams_and_is_returned_whole(server: ChatServer) -> None:
    pieces: list[str] = []
    reading = reader(server).read(request(on_text=pieces.append))
    assert pieces == ["No ", "fracture ", "is seen."]
    assert (reading.text, reading.ending, reading.tokens) == ("No fracture is seen.", "complete", 3)
    assert (reading.prompt, reading.template) == ("Is there a fracture?", "server")


def test_it_is_greedy_unless_asked_otherwise(server: ChatServer) -> None:
    reader(server).read(request())
    reader(server).read(request(sampling=Sampling(9, temperature=0.7, min_p=0.1, seed=3)))
    greedy, drawn = server.asked
    assert (greedy["temperature"], greedy["max_tokens"]) == (0, 256)
    assert not {"top_p", "min_p", "seed"} & set(greedy)
    assert [drawn[name] for name in ("temperature", "max_tokens", "min_p", "seed")] == [0.7, 9, 0.1, 3]


def test_the_only_model_of_a_server_needs_no_name(server: ChatServer) -> None:
    one = reader(server)
    one.read(request())
    assert server.asked[0]["model"] == "llama-radiographer"
    assert one.revision == "served as llama-radiographer"
    assert one.device == "server 127.0.0.1"


@pytest.mark.parametrize("models", [[], ["a", "b"]])
def test_none_or_several_models_ask_for_a_name(server: ChatServer, models: list[str]) -> None:
    server.models = models
    with pytest.raises(SetupError, match="CASEBOOK_RADIOGRAPHER_SERVED_AS"):
        reader(server).read(request())
    assert reader(server, model="b").read(request()).ending == "complete"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_picture_for_this_machine_goes_through_no_proxy(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, name: str, host: str
) -> None:
    proxy = ChatServer("never")
    for no in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(no, raising=False)
    monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
    url = server.url.replace("127.0.0.1", host)
    try:
        assert ServedReader(SYSTEMS["radiographer"], url).read(request()).text == "No fracture is seen."
    finally:
        proxy.close()
    assert (proxy.asked, proxy.listed) == ([], 0)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_server_that_sends_on_to_another_is_not_followed(server: ChatServer, method: str) -> None:
    other = ChatServer("never")
    server.leads_to = (method, other.url)
    try:
        with pytest.raises(SetupError, match="another address, where Casebook does not follow"):
            reader(server).read(request())
    finally:
        other.close()
    assert (other.asked, other.listed) == ([], 0)


def test_the_key_is_sent_and_never_told(server: ChatServer) -> None:
    one = reader(server, key="s3cret")
    one.read(request())
    assert server.keys == ["Bearer s3cret"]
    server.fault = 401
    with pytest.raises(SetupError, match="CASEBOOK_SERVER_KEY") as caught:
        one.read(request())
    assert "s3cret" not in str(caught.value)


def test_without_a_question_the_cards_is_put(server: ChatServer) -> None:
    reader(server).read(request(""))
    asked = server.asked[0]["messages"][0]["content"][1]["text"]
    assert asked == SYSTEMS["radiographer"].prompts[0]


def test_a_question_in_another_language_is_refused_before_it_is_sent(server: ChatServer) -> None:
    with pytest.raises(CaseError, match="English"):
        reader(server).read(request("Ist auf dem Bild eine Fraktur zu sehen?"))
    assert server.asked == []


@pytest.mark.parametrize(
    ("finish", "pieces", "ending"),
    [
        ("length", ("a ", "b"), "length"),
        ("stop", (), "empty"),
        ("stop", (" \n", "."), "empty"),
        ("stop", ("left ", "lung ") * 20, "loop"),
    ],
)
def test_an_answer_that_is_not_whole_is_recognised(
    server: ChatServer, finish: str, pieces: tuple[str, ...], ending: str
) -> None:
    server.finish, server.pieces = finish, pieces
    assert reader(server).read(request()).ending == ending


def test_a_list_of_models_in_another_form_is_told_as_such(server: ChatServer) -> None:
    server.models = None
    with pytest.raises(SetupError, match="OpenAI"):
        reader(server).read(request())


def test_a_server_that_does_not_list_its_models_in_time_is_told(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_model, "CONNECT_S", 0.2)
    server.list_after_s = 5
    with pytest.raises(SetupError, match="did not answer in time"):
        reader(server).read(request())


@pytest.mark.parametrize("size", [7, 100_000])
def test_an_answer_without_end_is_cut_at_what_was_asked_for(server: ChatServer, size: int) -> None:
    # Pieces that differ, so that nothing repeats; a server that heeds max_tokens would have stopped.
    server.pieces = tuple(f"{n:>{size}}" for n in range(2_000 if size == 7 else 3))
    shown: list[str] = []
    reading = reader(server).read(request(sampling=Sampling(20), on_text=shown.append))
    assert reading.ending == "length"
    assert len("".join(shown)) == 20 * 16
    assert len(reading.text) <= 20 * 16


def test_a_line_without_end_is_not_waited_for(server: ChatServer) -> None:
    server.pieces = ("x" * 3_000_000,)
    with pytest.raises(SetupError, match="broke off"):
        reader(server).read(request())


def test_stop_does_not_wait_for_a_silent_server(server: ChatServer) -> None:
    server.fault, cancelled = "silent", threading.Event()
    start = time.monotonic()
    reading = reader(server).read(request(cancelled=cancelled, on_text=lambda _: cancelled.set()))
    assert (reading.ending, reading.text) == ("stopped", "No")
    assert time.monotonic() - start < 20


def test_the_time_limit_holds_for_a_silent_server(server: ChatServer) -> None:
    server.fault = "silent"
    start = time.monotonic()
    assert reader(server).read(request(timeout_s=0.5)).ending == "time"
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("fault", [400, 403, 404, 413, 429, 500, "html", "strange"])
def test_every_refusal_is_a_sentence_without_the_servers_words(server: ChatServer, fault: int | str) -> None:
    server.fault = fault
    with pytest.raises(SetupError, match="server of radiographer") as caught:
        reader(server).read(request())
    assert "secret" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(server: ChatServer) -> None:
    server.finish = None
    with pytest.raises(SetupError, match="broke off"):
        reader(server).read(request())


def test_a_declined_question_is_for_the_user(server: ChatServer) -> None:
    server.finish = "content_filter"
    with pytest.raises(CaseError, match="declined"):
        reader(server).read(request())


def test_a_server_that_is_gone_is_a_sentence(server: ChatServer) -> None:
    one = reader(server, model="m")
    server.close()
    with pytest.raises(SetupError, match="cannot be reached"):
        one.read(request())


@pytest.mark.parametrize("url", ["gpu:8000", "ftp://gpu/v1", "", "http://"])
def test_what_is_no_url_is_told_when_it_is_set(url: str) -> None:
    with pytest.raises(SetupError, match="no URL"):
        ServedReader(SYSTEMS["babydoctor"], url)


def test_a_large_picture_is_sent_smaller_with_its_shape_kept(server: ChatServer) -> None:
    wide = np.zeros((1000, 4000, 3), np.uint8)
    reader(server).read(Request(pixels=wide, image_key="k", question="any?"))
    assert server.picture().shape == (LONGEST_EDGE // 4, LONGEST_EDGE, 3)


def test_certificates_are_read_once_and_not_for_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.open_client("http://127.0.0.1:1/v1", 1).close()
    monkeypatch.setattr("ssl.create_default_context", lambda *_, **__: pytest.fail("read again"))
    connection.open_client("http://127.0.0.1:1/v1", 1).close()
