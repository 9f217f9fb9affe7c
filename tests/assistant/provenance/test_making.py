"""What an answer was made with names the models that spoke, by their weights, and no others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, load_settings
from assistant.answers.answer import Evidence
from assistant.provenance.making import making
from assistant.settings import Settings
from tests.scripted.chat_model import ScriptedModel


def folder(path: Path, content: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "weights.safetensors").write_text(content)
    os.utime(path / "weights.safetensors", (1e9, 1e9 + len(content)))
    return path


def answered(*tools: str, model: str = "m") -> Answer:
    evidence = tuple(Evidence(tool, "img-1", model, "1", 0.1, "Said.") for tool in tools)
    return Answer("chat", "turn", "Said.", evidence=evidence)


def made(settings: Settings, answer: Answer) -> dict[str, Any]:
    return making(settings, None, given=False, answer=answer)


def differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


@pytest.mark.parametrize(
    ("changed", "named"),
    [("adapter", "derm-captioner's weights"), ("base", "derm-captioner's base, weights")],
)
def test_other_weights_of_a_reader_that_spoke_are_named(tmp_path: Path, changed: str, named: str) -> None:
    paths = {name: folder(tmp_path / name, "1") for name in ("adapter", "base")}
    settings = load_settings(derm_captioner_path=paths["adapter"], derm_captioner_base=paths["base"])
    answer = answered("read_skin_image", model="derm-captioner")
    before = made(settings, answer)
    assert differing(before, made(settings, answer)) == set()
    folder(tmp_path / changed, "22")
    assert differing(before, made(settings, answer)) == {named}


def test_a_reader_that_did_not_speak_is_not_looked_at(tmp_path: Path) -> None:
    settings = load_settings(derm_captioner_path=folder(tmp_path / "adapter", "1"))
    assert not [
        name for name in made(settings, answered("inspect_image")) if name.startswith("derm-captioner")
    ]


def test_a_reader_on_a_server_is_told_without_its_address(tmp_path: Path) -> None:
    settings = load_settings(radiographer_server="http://ann:s3cret@127.0.0.1:8000/v1")
    found = made(settings, answered("read_radiograph", model="radiographer"))
    assert found["radiographer"] == "on a server, as its only model"
    assert "s3cret" not in str(found)


def test_the_library_is_told_where_it_was_looked_into(home: Path) -> None:
    settings = load_settings()
    (settings.home / "library").mkdir(parents=True)
    (settings.home / "library" / "cases.sqlite3").write_text("one")
    before = made(settings, answered("browse_library"))
    (settings.home / "library" / "cases.sqlite3").write_text("two")
    assert differing(before, made(settings, answered("browse_library"))) == {"case library"}
    assert differing(before, made(settings, answered("inspect_image"))) == {"case library"}


def test_what_rules_answer_is_not_made_by_the_chat_model() -> None:
    model = ScriptedModel(replies=[])
    asked = Answer("chat", "turn", "Said.")
    ruled = Answer("chat", "turn", "Said.", by_rules=True)
    told = making(load_settings(), model, given=True, answer=asked)
    assert (told["chat model"], told["chat model's weights"]) == ("ScriptedModel", None)
    assert making(load_settings(), model, given=True, answer=ruled)["chat model"] == "planner"


def test_code_that_cannot_be_read_ends_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> dict[str, str]:
        raise FileNotFoundError

    monkeypatch.setattr("assistant.provenance.making.sources", gone)
    assert made(load_settings(), answered("inspect_image"))["code and words"] == "unknown"


def test_a_chat_model_that_is_gone_ends_no_answer(tmp_path: Path) -> None:
    settings = load_settings(llm_path=tmp_path / "gone.gguf")
    found = making(settings, ScriptedModel(replies=[]), given=False, answer=Answer("chat", "turn", "Said."))
    assert found["chat model's weights"] == "unknown"
