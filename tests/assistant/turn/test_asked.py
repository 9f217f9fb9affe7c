"""What a chat takes of a question: nothing that tells who somebody is, anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from assistant import Assistant
from assistant.turn.asked import accepted
from store.errors import CaseError
from tests.inputs.case_library import DARK, mole, save
from tests.scripted.chat_model import ScriptedModel
from tools.language.sayings import was_said

ASKED = "Mrs Thornbury, MRN 00458713, born 3 May 1961, thornbury@example.org: what is this?"
WORDS = ("Thornbury", "thornbury", "00458713", "1961")


@pytest.fixture
def casebook() -> Iterator[Assistant]:
    with Assistant() as assistant:
        yield assistant


def kept_in(home: Path) -> Iterator[tuple[str, str]]:
    """Every word of a person that a file of the Casebook folder holds."""
    for file in home.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            for word in WORDS:
                if any(word.encode(code) in held for code in ("utf-8", "utf-16-le")):
                    yield file.name, word


def test_a_question_keeps_no_person_in_chat_title_or_answer(casebook: Assistant, home: Path) -> None:
    chat = casebook.chat()
    answer = chat.ask(ASKED)
    assert [*kept_in(home)] == []
    assert chat.history()[0].question.startswith("Mrs [name 1], MRN [number 1], born [date 1], [e-mail 1]")
    assert "[name 1]" in casebook.chats()[0].title
    assert sum(was_said("turn.hidden", one) for one in answer.notices) == 1


def test_a_chat_model_is_sent_no_person(home: Path) -> None:
    model = ScriptedModel(replies=[AIMessage("I cannot tell.")])
    with Assistant(model=model, tools=[]) as casebook:
        casebook.chat().ask("Qwerty, could you, for Mrs Thornbury, thornbury@example.org?")
    sent = str(model.seen)
    assert "[name 1]" in sent
    assert [word for word in WORDS if word in sent] == []


def test_a_new_title_keeps_no_person(casebook: Assistant) -> None:
    chat = casebook.chat()
    casebook.rename(chat.id, "Mole of Mrs Thornbury")
    assert casebook.chats()[0].title == "Mole of Mrs [name 1]"


@pytest.mark.process
def test_cells_of_a_table_keep_no_person_and_groups_stay_apart(
    casebook: Assistant, home: Path, tmp_path: Path
) -> None:
    people = ("Thornbury, Jennifer", "Pell, Rachel", "Thornbury, Jennifer")
    rows = [
        f'{save(tmp_path, f"{n}.png", mole(n, DARK))},naevus,"of Mrs Thornbury, MRN 00458713",XC,"{who}"'
        for n, who in enumerate(people)
    ]
    (tmp_path / "cases.csv").write_text("\n".join(["image,label,caption,modality,group", *rows]), "utf-8")
    report = casebook.import_cases(tmp_path / "cases.csv")
    assert any("3 cases" in one for one in report.notices)
    cases = casebook.library.cases()
    assert {case.caption for case in cases} == {"of Mrs [name 1], MRN [number 1]"}
    groups = [case.group for case in sorted(cases, key=lambda case: case.id)]
    assert len(set(groups)) == 2
    assert all(group.startswith("[person ") for group in groups)
    assert [*kept_in(home)] == []
    casebook.library.relabel(cases[0].id, "mole of Mrs Thornbury")
    assert [*kept_in(home)] == []


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * 101])
def test_a_question_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CaseError, match=r"empty|at most 100"):
        accepted(text, 100)
