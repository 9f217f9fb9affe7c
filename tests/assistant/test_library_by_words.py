"""The case library asked in a chat, with the real planner, tools and stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.settings import load_settings
from store.pictures.image import Image
from tests.inputs.case_library import mole
from tests.inputs.teaching_library import CAPTION, KINDS, SOURCE, write_teaching_cases


@pytest.fixture
def casebook(process: None, tmp_path: Path) -> Iterator[Assistant]:
    with Assistant() as assistant:
        for table in write_teaching_cases(tmp_path / "sets"):
            assistant.import_cases(table)
        yield assistant


def test_a_quiz_hides_the_case_until_the_answer_and_goes_on_after_a_restart(casebook: Assistant) -> None:
    chat = casebook.chat()
    begun = chat.ask("Quiz me on two skin cases")
    (asked,) = begun.evidence
    quiz = asked.records[0]
    sent = begun.to_json()
    for secret in (CAPTION, SOURCE, "CC0", ".png"):
        assert secret not in sent
    hidden = json.dumps([*asked.records[1:], {k: v for k, v in quiz.items() if k != "options"}])
    assert not [label for label in KINDS if label in hidden]
    picture = next(one for one in asked.records if one["kind"] == "picture")
    assert casebook.picture(picture["key"]).is_file()
    with Assistant() as again:
        same = again.chat(chat.id)
        told = same.ask("I think it's a mole")
        label = next(case.label for _, case in again.library.newest() if case.id == quiz["cases"][0])
        assert f"“{label}”" in told.text
        assert told.text.startswith("Right" if label == "nevus" else "Not right")
        assert CAPTION in told.text and SOURCE in told.text
        assert "Case 2 of 2" in same.ask("next").text
        assert "The quiz is over" in same.ask("reveal").text


def test_deleting_a_chat_with_a_quiz_leaves_the_cases_their_pictures(casebook: Assistant) -> None:
    chat = casebook.chat()
    answer = chat.ask("Quiz me")
    key = next(one["key"] for one in answer.evidence[0].records if one["kind"] == "picture")
    casebook.delete(chat.id)
    assert casebook.picture(key).is_file()


def test_who_runs_the_machine_saves_and_finds_it_again(casebook: Assistant) -> None:
    chat = casebook.chat()
    before = casebook.library.count()
    chat.ask("treat it as dermoscopy and save it as wart", [Image(mole(77)[None], "PNG")])
    assert casebook.library.count() == before + 1
    assert casebook.library.newest()[0][1].label == "wart"
    assert "1 case of the" in chat.ask("how many warts do you have?").text


def test_a_visitor_reads_the_library_and_does_not_write_to_it(casebook: Assistant) -> None:
    visitor = casebook.for_owner("f" * 64).chat()
    before = casebook.library.count()
    visitor.ask("treat it as dermoscopy", [Image(mole(78)[None], "PNG")])
    answer = visitor.ask("save this as wart")
    assert "casebook library import" in answer.text
    assert casebook.library.count() == before
    assert f"{before} cases" in visitor.ask("how many cases are in the library?").text


def test_a_visitor_writes_where_the_operator_lets_all(tmp_path: Path) -> None:
    with Assistant(load_settings(save_cases=True)) as casebook:
        visitor = casebook.for_owner("f" * 64).chat()
        visitor.ask("treat it as dermoscopy", [Image(mole(78)[None], "PNG")])
        visitor.ask("save this as wart")
        assert [case.label for _, case in casebook.library.newest()] == ["wart"]


def test_a_visitor_sees_no_quiz_of_another(casebook: Assistant) -> None:
    casebook.chat().ask("Quiz me")
    other = casebook.for_owner("f" * 64).chat()
    assert not other.ask("b").evidence
