"""`LocalLLM` on tiny GGUF files, through llama.cpp's own tokenizer, evaluation and grammar."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel

from assistant.llm.endings import LEAST_ROOM, PromptTooLongError
from assistant.llm.loading import UnusableError
from assistant.llm.local_llm import LocalLLM
from store.errors import SetupError
from tests.gguf.files import random_model, scripted_model

pytestmark = pytest.mark.process

ANSWER = ("The image ", "shows a ", "round lesion", ".")
CALL = ('{"tool":"look",', '"args":{"image_id":"', "img-2", '","question":"what"}}')
CHOOSE = "{% set line = 'say' if last.startswith('[[result') else 'call' %}"


@tool(parse_docstring=True)
def look(image_id: str, question: str, times: int = 1, deep: bool = False) -> str:
    """Look at an image.

    Args:
        image_id: the image.
        question: what for.
        times: how often.
        deep: whether closely.
    """
    return f"{image_id} {question} {times} {deep}"


@tool
def count() -> int:
    """Count."""
    return 1


def asked(text: str, *ids: str) -> HumanMessage:
    data = {"question": text, "images": [{"id": one} for one in ids]}
    return HumanMessage(text, additional_kwargs={"casebook": data})


@pytest.fixture(scope="module")
def eager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalLLM]:
    """Random weights that like to begin calls, drawing its words."""
    path = random_model(tmp_path_factory.mktemp("gguf") / "eager.gguf", calls=4.5)
    model = LocalLLM(path=path, context=16384, threads=1, temperature=1.0, max_tokens=40)
    yield model
    model.close()


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalLLM]:
    """Calls `look` on the second image, then answers."""
    path = tmp_path_factory.mktemp("gguf") / "scripted.gguf"
    model = LocalLLM(path=scripted_model(path, {"say": ANSWER, "call": CALL}, choose=CHOOSE), threads=1)
    yield model
    model.close()


def test_random_weights_write_a_valid_call_or_words_whatever_is_chosen(eager: LocalLLM) -> None:
    kinds = set()
    for n in range(40):
        choice = ("auto", "any", "none", "look")[n % 4]
        question = [SystemMessage("s"), asked(f"question {n}", "img-1", "img-7")]
        reply = eager.bind_tools([look, count], tool_choice=choice).invoke(question)
        assert isinstance(reply, AIMessage)
        kinds.add((choice, bool(reply.tool_calls)))
        assert bool(reply.tool_calls) != bool(reply.text)
        assert not reply.invalid_tool_calls
        for call in reply.tool_calls:
            made = {"look": look, "count": count}[call["name"]]
            made.get_input_schema().model_validate(call["args"], strict=True)
            assert call["args"].get("image_id", "img-1") in ("img-1", "img-7")
            assert choice != "look" or call["name"] == "look"
        assert not reply.text.startswith("{")
        reply.text.encode()
    assert {("auto", True), ("auto", False), ("any", True), ("none", False), ("look", True)} == kinds


def test_without_an_image_no_tool_that_needs_one_can_be_called(eager: LocalLLM) -> None:
    for n in range(10):
        reply = eager.bind_tools([look], tool_choice="any").invoke([asked(f"question {n}")])
        assert not reply.tool_calls
        assert reply.text


@pytest.mark.parametrize("choice", ["look", {"type": "function", "function": {"name": "look"}}, "any", True])
def test_every_way_to_ask_for_a_tool_is_understood(scripted: LocalLLM, choice: Any) -> None:
    reply = scripted.bind_tools([look], tool_choice=choice).invoke([asked("x", "img-1", "img-2")])
    assert [call["name"] for call in reply.tool_calls] == ["look"]


def test_a_tool_that_is_not_bound_cannot_be_chosen(scripted: LocalLLM) -> None:
    with pytest.raises(ValueError, match="there are look"):
        scripted.bind_tools([look], tool_choice="fly")


def test_structured_output_is_an_object_of_the_class(eager: LocalLLM) -> None:
    class Finding(BaseModel):
        """A finding."""

        label: str
        size: int
        sides: list[str] = []

    assert isinstance(eager.with_structured_output(Finding).invoke("what"), Finding)


def test_a_model_that_follows_calls_with_the_image_and_then_answers(scripted: LocalLLM) -> None:
    bound = scripted.bind_tools([look, count])
    talk: list[BaseMessage] = [SystemMessage("s"), asked("what", "img-1", "img-2")]
    reply = bound.invoke(talk)
    assert [(one["name"], one["args"]) for one in reply.tool_calls] == [
        ("look", {"image_id": "img-2", "question": "what"})
    ]
    result = ToolMessage(look.invoke(reply.tool_calls[0]["args"]), tool_call_id="1", name="look")
    assert bound.invoke([*talk, reply, result]).text == "".join(ANSWER)


def test_the_script_gives_way_where_it_names_an_image_that_is_not_there(scripted: LocalLLM) -> None:
    reply = scripted.bind_tools([look], tool_choice="any").invoke([asked("what", "img-1")])
    assert [call["args"]["image_id"] for call in reply.tool_calls] == ["img-1"]


def test_words_come_piece_by_piece(scripted: LocalLLM) -> None:
    pieces = [chunk.text for chunk in scripted.stream([HumanMessage("[[result")]) if chunk.text]
    assert pieces == list(ANSWER)


def test_a_stop_of_the_caller_ends_the_answer(scripted: LocalLLM) -> None:
    assert scripted.invoke([HumanMessage("[[result")], stop=["round"]).text == "The image shows a "


class _Cancel(BaseCallbackHandler):
    """Raises at the n-th step."""

    raise_error = True

    def __init__(self, at: int) -> None:
        self.at, self.texts = at, []

    def on_llm_new_token(self, token: str, **_: Any) -> None:
        self.texts.append(token)
        if len(self.texts) == self.at:
            raise KeyboardInterrupt


def test_stop_ends_within_a_token_and_the_next_reply_is_whole(scripted: LocalLLM) -> None:
    cancel = _Cancel(2)
    with pytest.raises(KeyboardInterrupt):
        list(scripted.stream([HumanMessage("[[result")], {"callbacks": [cancel]}))
    assert cancel.texts == list(ANSWER[:2])
    assert scripted.invoke([HumanMessage("[[result")]).text == "".join(ANSWER)


def test_a_long_prompt_can_be_stopped_between_batches(scripted: LocalLLM) -> None:
    cancel = _Cancel(3)
    with pytest.raises(KeyboardInterrupt):
        list(scripted.stream([HumanMessage("x " * 3000)], {"callbacks": [cancel]}))
    assert cancel.texts == ["", "", ""]


def test_threads_share_the_context_without_mixing_their_words(scripted: LocalLLM) -> None:
    heard: dict[int, str] = {}

    def ask(n: int) -> None:
        heard[n] = scripted.invoke([SystemMessage(f"chat {n} " * 40), HumanMessage("[[result")]).text

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert heard == dict.fromkeys(range(6), "".join(ANSWER))


def test_a_reader_who_went_away_does_not_block_the_others(scripted: LocalLLM) -> None:
    left = scripted.stream([HumanMessage("[[result")])
    next(left)  # in the middle, and kept alive by this name
    start = time.monotonic()
    assert scripted.invoke([HumanMessage("[[result")]).text == "".join(ANSWER)
    assert time.monotonic() - start < 10
    assert "".join(chunk.text for chunk in left).endswith(ANSWER[-1])  # who comes back goes on


def test_a_prompt_that_does_not_fit_is_an_error_in_words_and_harms_nothing(scripted: LocalLLM) -> None:
    with pytest.raises(PromptTooLongError, match=r"holds 8192, of which 256"):
        scripted.invoke([HumanMessage("x" * 8000)])
    assert scripted.invoke([HumanMessage("[[result")]).text == "".join(ANSWER)


def test_a_reply_ends_where_the_context_ends(tmp_path: Path) -> None:
    path = random_model(tmp_path / "r.gguf", context=512)
    model = LocalLLM(path=path, context=4096, max_tokens=4096, temperature=1.0, threads=1)
    assert model.context_length == 512
    prompt = [HumanMessage("x" * (512 - LEAST_ROOM - 20))]
    assert model.count_tokens(prompt) <= 512 - LEAST_ROOM
    reply = model.invoke(prompt)
    assert reply.response_metadata["finish_reason"] == "length"
    model.close()


def test_a_whole_reply_says_that_it_is_whole(scripted: LocalLLM) -> None:
    reply = scripted.invoke([HumanMessage("[[result")])
    assert reply.response_metadata == {"finish_reason": "stop"}


def test_check_finds_what_cannot_be_loaded_and_llama_cpp_prints_nothing(
    tmp_path: Path, scripted: LocalLLM, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = scripted.path.read_bytes()
    for name, content, says in (
        ("cut.gguf", whole[:-100], "damaged or cut off"),
        ("head.gguf", whole[:20], "damaged or cut off"),
        ("text.gguf", b"hello", "no GGUF"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SetupError, match=says):
            LocalLLM(path=tmp_path / name).check()
    assert "default settings" in LocalLLM(path=scripted.path).check()
    assert "".join(capfd.readouterr()) == ""


def test_tokens_are_counted_with_the_tools(scripted: LocalLLM) -> None:
    bare = scripted.count_tokens([HumanMessage("x")])
    assert scripted.count_tokens([HumanMessage("x" * 11)]) == bare + 10
    assert scripted.count_tokens([HumanMessage("x")], [look]) > bare + 100


def test_an_answer_in_words_ends_at_max_tokens(tmp_path: Path) -> None:
    model = LocalLLM(
        path=random_model(tmp_path / "r.gguf", seed=5), max_tokens=16, temperature=1.0, threads=1
    )
    chunks = [chunk for chunk in model.stream([HumanMessage("x")])]
    assert 0 < len("".join(chunk.text for chunk in chunks)) <= 16
    assert model.invoke([HumanMessage("x")]).response_metadata == {"finish_reason": "length"}
    model.close()


def test_what_is_drawn_can_be_drawn_again_whatever_came_between(tmp_path: Path) -> None:
    path = random_model(tmp_path / "r.gguf", seed=5)
    model, other = (
        LocalLLM(path=path, max_tokens=16, temperature=1.0, threads=1, seed=seed) for seed in (0, 1)
    )
    assert model.template is None
    question = [HumanMessage("x")]
    first = model.invoke(question).text
    assert model.invoke([HumanMessage("y")]).text != first
    assert model.invoke(question).text == first
    assert other.invoke(question).text != first
    assert len(model.template or "") == 64
    model.close()
    other.close()


@pytest.mark.parametrize("kv", ["q8_0", "q4_0"])
def test_the_context_may_be_held_in_fewer_bits(scripted: LocalLLM, kv: Any) -> None:
    model = LocalLLM(path=scripted.path, kv=kv, threads=1)
    assert model.invoke([HumanMessage("[[result")]).text == "".join(ANSWER)
    model.close()


def test_files_that_are_no_models_are_refused_in_words(tmp_path: Path, scripted: LocalLLM) -> None:
    (tmp_path / "text.gguf").write_text("hello")
    (tmp_path / "cut.gguf").write_bytes(scripted.path.read_bytes()[:5000])
    for name, says in (("none.gguf", "cannot be read"), ("text.gguf", "no GGUF"), ("cut.gguf", "damaged")):
        with pytest.raises(SetupError, match=says):
            LocalLLM(path=tmp_path / name).invoke("x")


@pytest.mark.parametrize("template", [None, ""])
def test_a_file_without_a_template_is_refused_unless_it_is_asked_for(
    tmp_path: Path, template: str | None
) -> None:
    path = random_model(tmp_path / "r.gguf", template=template)
    for use in (LocalLLM.check, lambda model: model.invoke("x")):
        with pytest.raises(UnusableError, match=r"r\.gguf has no chat template.*CASEBOOK_LLM_PLAIN=true"):
            use(LocalLLM(path=path, threads=1))
    model = LocalLLM(path=path, max_tokens=20, threads=1, plain=True)
    assert "CASEBOOK_LLM_PLAIN is set" in model.check()
    assert model.invoke([SystemMessage("s"), HumanMessage("x")]).text
    assert model._stops() == ("\nUser:",)
    model.close()


def test_a_missing_library_is_named_with_its_fix(monkeypatch: pytest.MonkeyPatch, scripted: LocalLLM) -> None:
    monkeypatch.setitem(__import__("sys").modules, "llama_cpp", None)
    with pytest.raises(SetupError, match=r"\[llama\]"):
        LocalLLM(path=scripted.path).invoke("x")


def test_a_closed_model_loads_itself_again(scripted: LocalLLM) -> None:
    scripted.close()
    assert scripted.invoke([HumanMessage("[[result")]).text == "".join(ANSWER)
