"""Every answer can be asked for again: it is the same, or it is said where it differs and what changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa
from langchain_core.messages import AIMessage

from assistant import Answer, Assistant, Chat, load_settings
from assistant.evaluation.conversations.drawings import drawn, write_cases
from assistant.llm.role import Casting, keep
from assistant.provenance import making
from assistant.provenance.sources import ROOT, sources
from assistant.replay import Replay, provenance_of, replay
from store.errors import CaseError
from store.records import Gate
from tests.gguf.files import random_model
from tests.gguf.follower import follower, lesion
from tests.scripted.chat_model import ScriptedModel

PICTURES = ["red-spot", "ct", "mole", "chest", "ragged-mole", "chart", "volume", "mole-on-dark-skin"]
QUESTIONS = [
    "What is this?",
    "How large is it, and what colours has it?",
    "Welche Farben hat es?",
    "Which cases of the library look like this?",
    "How many cases are in the library?",
    "Quiz me on three cases",
    "red spot",
    "Treat it as a dermatology image",
    "Was ist ein Melanom?",
    "Show slice 3",
    "Is the picture sharp enough?",
    "¿Qué se ve en la imagen?",
    "And the asymmetry?",
    "What did you say about its border?",
    "Is it dangerous for me?",
    "Compare img-1 and img-2",
    "Thank you",
]


def again(casebook: Assistant, answer: Answer) -> Replay:
    found = casebook.services.conversations.provenances.turn(answer.turn_id)
    assert found is not None
    return replay(casebook.services, *found)


def conversations(casebook: Assistant) -> Iterator[Answer]:
    """Chats about drawn images, twelve questions each."""
    for n in range(len(PICTURES) + 1):
        chat = casebook.chat()
        for k in range(12):
            images = [drawn(PICTURES[(n + k) % len(PICTURES)])] if k in (0, 5) else []
            yield chat.ask(QUESTIONS[(5 * n + k) % len(QUESTIONS)], images)


@pytest.mark.process
@pytest.mark.timeout(600)
def test_a_hundred_answers_of_the_planner_come_out_the_same(tmp_path: Path) -> None:
    with Assistant() as casebook:
        casebook.import_cases(write_cases(tmp_path))
        answers = list(islice(conversations(casebook), 100))
        drawings = sorted(casebook.services.blobs.root.rglob("*"))
        replays = [again(casebook, answer) for answer in answers]
        assert sorted(casebook.services.blobs.root.rglob("*")) == drawings
    assert [(one.differs, one.changed) for one in replays] == [((), ())] * 100
    tools = {one.tool for answer in answers for one in answer.evidence}
    assert len(tools) >= 6
    assert len({answer.text for answer in answers}) > 50


@pytest.fixture
def casebook() -> Iterator[Assistant]:
    with Assistant() as opened:
        yield opened


@pytest.fixture
def answer(casebook: Assistant) -> Answer:
    return casebook.chat().ask("what can you do?")


def test_a_changed_setting_is_named(answer: Answer) -> None:
    with Assistant(load_settings(history_turns=3)) as other:
        (changed,) = again(other, answer).changed
    assert (changed.where, changed.then, changed.now) == ("setting history_turns", 12, 3)


def test_a_changed_prompt_is_named(
    casebook: Assistant, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("assistant", "store", "tools"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "prompts" / "system.md").open("a", encoding="utf-8") as file:
        file.write("Always answer in rhymes.")
    monkeypatch.setattr(making, "sources", lambda: sources(tmp_path))
    (changed,) = again(casebook, answer).changed
    assert changed.where == "words prompts/system.md"


def test_an_answer_that_was_changed_is_told_with_the_place(casebook: Assistant, answer: Answer) -> None:
    kept = casebook.services.conversations
    text = json.dumps(json.loads(answer.to_json()) | {"text": "Something else."})
    with kept._engine.begin() as db:
        db.execute(sa.text("UPDATE turns SET answer = :text"), {"text": text})
    (differs,) = again(casebook, answer).differs
    assert (differs.where, differs.then, differs.now) == ("text", "Something else.", answer.text)


@pytest.mark.process
def test_later_turns_that_change_an_image_do_not_change_an_earlier_answer(casebook: Assistant) -> None:
    chat = casebook.chat()
    first = chat.ask("What is this?", [drawn("volume")])
    moved = [chat.ask(f"Show slice {n}") for n in (3, 5)]
    chat.ask("Treat it as a skin image")
    chat.ask("And this one?", [drawn("chart")])
    assert chat.images()[0].gate.domain == "dermatology"
    for one in (first, *moved):
        found = again(casebook, one)
        assert (found.differs, found.changed) == ((), ())
    found = replayed_images(casebook, chat)
    assert found[0].domain == "radiology"


def replayed_images(casebook: Assistant, chat: Chat) -> list[Gate]:
    from assistant.replay import _as_they_were

    turn = casebook.services.conversations.turns(chat.id)[1]
    return [row.gate for row in _as_they_were(casebook.services, chat.id, turn)]


def test_a_turn_of_an_older_casebook_says_that_nothing_is_known_of_it(
    casebook: Assistant, answer: Answer
) -> None:
    with casebook.services.conversations._engine.begin() as db:
        db.execute(sa.text("DELETE FROM provenance"))
    with pytest.raises(CaseError, match="older Casebook"):
        again(casebook, answer)


def test_what_made_an_answer_holds_no_word_of_the_chat_and_grows_little(casebook: Assistant) -> None:
    chat = casebook.chat()
    for n in range(5):
        chat.ask(f"what does zebrafish{n} mean?")
    kept = casebook.services.conversations.provenances
    texts = kept.since(chat.id, 1)
    makings = {kept.making(json.loads(text)["making"]) for text in texts}
    assert len(makings) == 1
    assert max(map(len, texts)) < 400
    assert "zebrafish" not in f"{texts}{makings}"
    assert str(casebook.services.settings.home) not in f"{texts}{makings}"


def test_a_turn_that_saved_a_case_is_not_run_again(casebook: Assistant, answer: Answer) -> None:
    evidence = {"tool": "save_case", "image_id": "img-1", "model": "m", "revision": "1", "seconds": 0.1}
    evidence |= {"content": "", "records": []}
    text = json.dumps(json.loads(answer.to_json()) | {"evidence": [evidence]})
    with casebook.services.conversations._engine.begin() as db:
        db.execute(sa.text("UPDATE turns SET answer = :text"), {"text": text})
    with pytest.raises(CaseError, match="added twice"):
        again(casebook, answer)


def test_a_long_chat_with_a_language_model_is_told_as_it_was_then() -> None:
    said = ScriptedModel(replies=[AIMessage(f"Reply {n}.") for n in range(12)])
    settings = load_settings(history_turns=3)
    with Assistant(settings, model=said) as casebook:
        chat = casebook.chat()
        answers = [chat.ask(f"what is a cyst, part {n}?") for n in range(8)]
        assert casebook.services.conversations.summaries.read(chat.id) is not None
        for answer in answers:
            changed = [one.where for one in again(casebook, answer).changed]
            assert "what the model is told of the chat" not in changed


@pytest.mark.process
@pytest.mark.timeout(300)
def test_answers_of_a_language_model_come_out_the_same_and_other_weights_are_named(tmp_path: Path) -> None:
    path = follower(tmp_path / "model.gguf", layers=2)
    settings = load_settings(llm_path=path, llm_threads=1, llm_context=32768)
    keep(settings, Casting("agent", "For this test."))
    with Assistant(settings) as casebook:
        chat = casebook.chat()
        picture = lesion(tmp_path / "lesion.png")
        answers = [chat.ask("What is this?", [picture]), chat.ask("Take a very large spoon")]
        for answer in answers:
            assert answer.evidence and not answer.by_planner
            found = again(casebook, answer)
            assert (found.differs, found.changed) == ((), ())
        turn = casebook.services.conversations.turns(chat.id)[0]
        made_with = provenance_of(casebook.services, chat.id, turn).made_with
        assert made_with["chat model's weights"].startswith(f"{path.stat().st_size} bytes, SHA-256")
        assert len(made_with["chat model's template"]) == 64
    random_model(path, seed=3)
    with Assistant(settings) as casebook:
        found = again(casebook, answers[0])
    assert "chat model's weights" in [one.where for one in found.changed]
    assert "text" in [one.where for one in found.differs]
