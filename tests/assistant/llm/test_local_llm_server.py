"""The chat model on a server: over real HTTP to ``python -m llama_cpp.server``, and to servers that fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from assistant import Assistant, load_settings
from assistant.answers.events import Text
from assistant.llm.endings import BrokeOffError
from assistant.llm.role import Casting, keep
from assistant.llm.server import ServedLLM
from assistant.provenance.chat_model import weights_of
from store.errors import SetupError
from tests.assistant.llm.test_local_llm import look
from tests.gguf.follower import LONG, LOOKED, MEASURED, follower, lesion
from tests.scripted.held import Held
from tests.servers.chat_server import ChatServer
from tests.servers.llm_server import LlamaServer
from tools.language.sayings import say


@pytest.fixture(scope="module")
def served(process: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    """The follower behind llama_cpp.server."""
    server = LlamaServer(follower(tmp_path_factory.mktemp("gguf") / "follower.gguf"), context=16384)
    yield server
    server.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A drawn lesion."""
    return lesion(tmp_path / "lesion.png")


def test_a_chat_over_the_server_uses_tools_for_several_turns(served: LlamaServer, picture: Path) -> None:
    settings = load_settings(llm_server=served.url, llm_context=16384)
    keep(settings, Casting("agent", "For this test."))
    with Assistant(settings) as assistant:
        chat = assistant.chat()
        assert chat.ask("hello").by_rules
        events = list(chat.stream("What is this?", [picture]))
        first, second = (event.delta for event in events if isinstance(event, Text))
        assert first.startswith("img-1 looks like a skin image, photograph or dermoscopy")
        assert second == "".join(LOOKED)
        assert MEASURED[1] in chat.ask("How large is it?").text
        answer = chat.ask("Take a very large spoon")  # the planner does not understand it
        assert answer.text == "".join(MEASURED)
        assert [(one.tool, one.args) for one in answer.evidence] == [
            ("measure_lesion", {"image_id": "img-1", "question": "how large"})
        ]
        assert answer.disclaimers
        assert answer.notices == ()


def test_stop_ends_an_answer_of_the_server(
    served: LlamaServer, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(ServedLLM, monkeypatch)
    with Assistant(load_settings(llm_server=served.url, llm_max_tokens=4000)) as assistant:
        chat = assistant.chat()
        running = chat.start("chatter on")
        held.wait()
        running.stop()
        held.go_on()
        answer = running.answer()
        assert answer.state == "stopped"
        assert answer.notices == (say("turn.stopped"),)
        assert answer.text
        assert LONG[0] not in answer.text
        assert chat.ask("What is this?", [picture]).text == "".join(LOOKED)


def test_the_grammar_holds_on_servers_of_llama_cpp(served: LlamaServer) -> None:
    model = ServedLLM(url=served.url).bind_tools([look], tool_choice="look")
    images = {"casebook": {"images": [{"id": "img-9"}]}}
    reply = model.invoke([HumanMessage("img-1", additional_kwargs=images)])
    assert [(call["name"], call["args"]["image_id"]) for call in reply.tool_calls] == [("look", "img-9")]


@pytest.fixture
def failing() -> Iterator[ChatServer]:
    """A server whose faults a test chooses."""
    server = ChatServer("one ", "two")
    server.models = ["a-model"]
    yield server
    server.close()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_conversation_for_this_machine_goes_through_no_proxy(
    failing: ChatServer, monkeypatch: pytest.MonkeyPatch, name: str, host: str
) -> None:
    proxy = ChatServer("never")
    for no in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(no, raising=False)
    monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
    model = ServedLLM(url=failing.url.replace("127.0.0.1", host))
    try:
        assert model.check() == ""
        assert model.invoke("hello").text == "one two"
    finally:
        proxy.close()
    assert (proxy.asked, proxy.listed) == ([], 0)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_server_that_sends_on_to_another_is_not_given_the_conversation_there(
    failing: ChatServer, method: str
) -> None:
    other = ChatServer("never")
    failing.leads_to = (method, other.url)
    try:
        with pytest.raises(SetupError, match="another address, where Casebook does not follow"):
            ServedLLM(url=failing.url).invoke("hello")
    finally:
        other.close()
    assert (other.asked, other.listed) == ([], 0)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (401, "CASEBOOK_LLM_KEY"),
        (404, "CASEBOOK_LLM_SERVED_AS"),
        (429, "too busy"),
        (500, "HTTP 500"),
        ("html", "does not speak the OpenAI protocol"),
        ("strange", "does not speak the OpenAI protocol"),
        ("page", "does not speak the OpenAI protocol"),
        ("too long", "CASEBOOK_LLM_CONTEXT"),
    ],
)
def test_what_a_server_does_wrong_is_said_in_our_words(
    failing: ChatServer, fault: int | str, says: str
) -> None:
    failing.fault = fault
    with pytest.raises(SetupError, match=says) as told:
        ServedLLM(url=failing.url, key="k").invoke("x")
    assert "secret" not in str(told.value)


def test_the_key_and_the_longest_answer_go_to_the_server(failing: ChatServer) -> None:
    reply = ServedLLM(url=failing.url, key="k", max_tokens=77, served_as="other").invoke("x")
    assert reply.text == "one two"
    assert failing.keys == ["Bearer k"]
    assert failing.asked[0]["max_tokens"] == 77
    assert failing.asked[0]["model"] == "other"
    assert "grammar" not in failing.asked[0]
    assert "Bearer" not in repr(ServedLLM(url=failing.url, key="Bearer"))


def test_a_server_with_several_models_must_be_told_which(failing: ChatServer) -> None:
    failing.models = ["a", "b"]
    with pytest.raises(SetupError, match="a, b"):
        ServedLLM(url=failing.url).invoke("x")


def test_a_reply_without_an_end_broke_off_and_one_at_its_limit_says_so(failing: ChatServer) -> None:
    failing.finish = "length"
    assert ServedLLM(url=failing.url).invoke("x").response_metadata["finish_reason"] == "length"
    failing.finish = None
    with pytest.raises(BrokeOffError, match="ended the reply early"):
        ServedLLM(url=failing.url).invoke("x")


@pytest.mark.process
def test_a_chat_with_a_server_that_breaks_off_is_answered_by_the_planner(
    failing: ChatServer, picture: Path, tmp_path: Path
) -> None:
    failing.pieces, failing.finish = LOOKED, None
    with Assistant(load_settings(llm_server=failing.url, home=tmp_path)) as assistant:
        answer = assistant.chat().ask("What is this?", [picture])
        assert answer.state == "answered"
        assert answer.by_planner
        assert "".join(LOOKED) not in answer.text
        assert answer.notices == (
            "The language model broke off (its server ended the reply early), so the built-in planner "
            "answered instead.",
        )
        assert len(failing.asked) == 1
        failing.finish = "length"
        cut = assistant.chat().ask("What is this?", [picture])
        assert (cut.text, cut.notices) == ("".join(LOOKED), (say("turn.cut_off", tokens=1024),))


@pytest.mark.process
def test_thoughts_that_the_server_began_are_never_shown(failing: ChatServer, picture: Path) -> None:
    with Assistant(load_settings(llm_server=failing.url)) as assistant:
        for thoughts in (("perhaps ", "melanoma </th", "ink>\n\n"), ()):
            failing.pieces = (*thoughts, *LOOKED)
            events = list(assistant.chat().stream("What is this?", [picture]))
            shown = [event.delta for event in events if isinstance(event, Text)]
            assert shown[-1] == "".join(LOOKED)
            assert "melanoma" not in "".join(shown)


def test_two_chats_at_once_on_a_server_that_interrupts_both_complete(served: LlamaServer) -> None:
    with Assistant(load_settings(llm_server=served.url, llm_context=16384, llm_max_tokens=300)) as assistant:
        turns = [assistant.chat().start("chatter on") for _ in range(2)]
        answers = [turn.answer() for turn in turns]
        for answer in answers:
            # Whole, but not about an image: one that broke off would be told as that.
            assert answer.notices == (say("turn.taken_over", what=say("turn.little")),)


def test_the_list_of_models_waits_for_a_running_reply(served: LlamaServer) -> None:
    first, second = (ServedLLM(url=served.url, max_tokens=most) for most in (300, 5))
    reply = first.stream("chatter on")
    next(piece for piece in reply if piece.text)
    done = threading.Thread(target=lambda: second.invoke("hello"))
    done.start()
    pieces = list(reply)
    done.join(30)
    assert "length" in [piece.response_metadata.get("finish_reason") for piece in pieces]


@pytest.mark.parametrize(
    "ask",
    [
        lambda url: weights_of(load_settings(llm_server=url)),
        lambda url: f"id {ServedLLM(url=url).check()}",
    ],
    ids=["weights", "check"],
)
def test_a_server_is_asked_for_its_models_after_a_running_reply(
    served: LlamaServer, ask: Callable[[str], str]
) -> None:
    reply = ServedLLM(url=served.url, max_tokens=300).stream("chatter on")
    next(piece for piece in reply if piece.text)
    told: list[str] = []
    asks = threading.Thread(target=lambda: told.append(ask(served.url)))
    asks.start()
    pieces = list(reply)
    asks.join(30)
    assert "length" in [piece.response_metadata.get("finish_reason") for piece in pieces]
    assert "id" in told[0]


def test_check_asks_for_the_models_only(failing: ChatServer) -> None:
    ServedLLM(url=failing.url).check()
    failing.models = ["a", "b"]
    with pytest.raises(SetupError, match="a, b"):
        ServedLLM(url=failing.url).check()
    assert failing.asked == []


def test_a_server_that_is_not_there_is_said_so() -> None:
    with pytest.raises(SetupError, match="cannot be reached"):
        ServedLLM(url="http://127.0.0.1:9/v1").invoke("x")


def test_a_silent_server_can_be_left(failing: ChatServer) -> None:
    failing.fault = "silent"
    with Assistant(load_settings(llm_server=failing.url)) as assistant:
        running = assistant.chat().start("x")
        threading.Timer(0.5, running.stop).start()
        start = time.monotonic()
        assert running.answer().state == "stopped"
        assert time.monotonic() - start < 20
