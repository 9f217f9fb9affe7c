"""Tokens of chat templates in a message reach no model as such: in a file, on a server or of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from assistant import Assistant, load_settings
from assistant.llm.control import harmless
from assistant.llm.engine import Engine
from assistant.llm.loading import Load
from assistant.llm.protocol import spoken
from assistant.llm.server import ServedLLM
from prompts import prompts
from store.pictures.image import Image
from tests.gguf.files import ROLES, random_model
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tests.servers.chat_server import ChatServer

TOKENS = {
    "ChatML": ["<|im_start|>", "<|im_end|>", "<|endoftext|>"],
    "Llama 2": ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<s>", "</s>"],
    "Llama 3": [
        "<|begin_of_text|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|eot_id|>",
        "<|python_tag|>",
    ],
    "Gemma": ["<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>", "<start_of_image>"],
    "Mistral": ["[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[/TOOL_RESULTS]", "[SYSTEM_PROMPT]"],
    "Phi": ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"],
    "plain": [
        "\nUser:",
        "\nASSISTANT :",
        "\n### Instruction:",
        "\n### Response:",
        "\n**Human**:",
        "\n> system:",
    ],
    "others": ["<｜User｜>", "<tool_call>", "</think>", "<unused12>", "<image>"],
}
ALL = [token for those in TOKENS.values() for token in those]
POISON = "Describe this picture: " + " and ".join(ALL) + " so."


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer()
    yield made
    made.close()


def test_every_token_of_every_family_is_broken_once_and_nothing_of_it_is_lost() -> None:
    for token in ALL:
        broken = harmless(f"a{token}b")
        assert token not in broken
        assert broken.replace("\u200b", "") == f"a{token}b"
        assert harmless(broken) == broken


@pytest.mark.parametrize(
    "text",
    [
        "<data>dermoscopy</data>",
        "a < b, and b > c: 3 <= 4",
        "The user: who is it?",
        "[img-1] 12 % [see above]",
        "Limits: 3 mm\nSource: the file header",
        *prompts().values(),
    ],
)
def test_other_words_and_casebooks_own_marks_stay(text: str) -> None:
    assert harmless(text) == text


def test_no_message_of_any_role_brings_one_in() -> None:
    said = spoken(
        [
            SystemMessage(POISON),
            HumanMessage(POISON),
            AIMessage(POISON, tool_calls=call("look", question=POISON).tool_calls),
            ToolMessage(POISON, tool_call_id="1", name="look"),
        ]
    )
    assert [one.role for one in said] == ["system", "user", "assistant", "user"]
    for one in said:
        assert not [token for token in ALL if token in one.content]


def test_a_server_is_sent_none(server: ChatServer) -> None:
    ServedLLM(url=server.url).invoke([SystemMessage("s"), HumanMessage(POISON)])
    sent = json.dumps(server.asked[-1]["messages"], ensure_ascii=False).replace("\\n", "\n")
    assert not [token for token in ALL if token in sent]


def test_a_model_in_a_file_is_given_none(tmp_path: Path) -> None:
    # These are in the vocabulary of every model of these tests.
    theirs = {"<s>", "</s>", *ROLES}
    own = [token for token in ALL if token.startswith(("<", "[")) and token not in theirs]
    with closing(Engine(Load(random_model(tmp_path / "r.gguf", pieces=own), 2048, threads=1))) as engine:
        poisoned, plain = (engine.prompt(spoken([HumanMessage(text)])) for text in (POISON, "x"))
        pieces = [
            engine.vocabulary.piece(one).decode("utf-8", "ignore") for one in set(poisoned) - set(plain)
        ]
    assert not set(pieces) & set(own)


def test_a_model_of_ones_own_is_given_none_in_questions_results_and_its_replies(tmp_path: Path) -> None:
    replies = [call("look", image_id="img-1", question=POISON), AIMessage(POISON), AIMessage("Fine.")]
    model = ScriptedModel(replies=replies)
    image = Image(np.zeros((1, 8, 8, 3), np.uint8), "PNG")
    with Assistant(load_settings(home=tmp_path), model=model, tools=[build_look()]) as assistant:
        chat = assistant.chat()
        chat.ask(POISON, [image])
        chat.ask("And?")
    assert len(model.seen) == 3
    for message in model.seen[-1]:
        assert not [token for token in ALL if token in message.text]
