"""`casebook show` and `casebook replay`."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from assistant import Assistant
from assistant.__main__ import main

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def turn(capsys: Capsys) -> str:
    """The id of an answered turn."""
    main(["ask", "what can you do?", "--json"])
    return str(json.loads(capsys.readouterr().out)["turn_id"])


def change(sql: str) -> None:
    with Assistant() as casebook, casebook.services.conversations._engine.begin() as db:
        db.execute(sa.text(sql))


def test_the_turns_of_a_chat_are_told_with_their_ids(turn: str, capsys: Capsys) -> None:
    with Assistant() as casebook:
        (chat,) = casebook.chats()
    assert main(["chats", "show", chat.id]) == 0
    assert f"> what can you do?  (turn {turn})" in capsys.readouterr().out


def test_an_answer_is_shown_with_what_made_it(turn: str, capsys: Capsys) -> None:
    assert main(["show", turn]) == 0
    plain = capsys.readouterr().out
    assert "> what can you do?" in plain
    assert "setting" not in plain
    assert main(["show", turn, "--provenance"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(plain.rstrip())
    for one in (
        "- chat model: planner",
        "- setting history_turns: 12",
        "- package langchain:",
        "- words: the ",
    ):
        assert one in told
    assert main(["show", turn, "--provenance", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["provenance"]
    assert made["calls"] == []
    assert made["made_with"]["chat model"] == "planner"
    assert "words prompts/system.md" in made["made_with"]


def test_an_answer_that_comes_out_the_same_is_told_so(turn: str, capsys: Capsys) -> None:
    assert main(["replay", turn]) == 0
    out = capsys.readouterr().out
    assert out.startswith("The same answer")
    assert "has not changed since" in out


def test_what_differs_and_what_changed_are_told(
    turn: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    change("""UPDATE turns SET answer = replace(answer, '"text": "', '"text": "Well. ')""")
    monkeypatch.setenv("CASEBOOK_HISTORY_TURNS", "5")
    assert main(["replay", turn]) == 3
    out = capsys.readouterr().out
    assert "- text: Well. " in out
    assert "- setting history_turns: 12 → 5" in out
    assert main(["replay", turn, "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["same"] is False
    assert [one["where"] for one in told["differs"]] == ["text"]
    assert [one["where"] for one in told["changed"]] == ["setting history_turns"]


@pytest.mark.parametrize("command", [["replay"], ["show", "--provenance"]])
def test_an_answer_of_an_older_casebook_can_only_be_shown(
    turn: str, command: list[str], capsys: Capsys
) -> None:
    change("DELETE FROM provenance")
    assert main([*command, turn]) == 2
    assert "older Casebook" in capsys.readouterr().err
    assert main(["show", turn]) == 0


def test_an_answer_of_a_browsers_chat_is_only_told_when_all_are_asked_for(capsys: Capsys) -> None:
    with Assistant(owner="a-browser") as casebook:
        turn = casebook.chat().ask("what can you do?").turn_id
    for command in ("show", "replay"):
        assert main([command, turn]) == 2
        assert "There is no turn" in capsys.readouterr().err
        assert main([command, turn, "--all"]) == 0
        capsys.readouterr()
