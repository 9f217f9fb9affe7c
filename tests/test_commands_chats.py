"""`casebook chats`: list, show, rename, delete."""

from __future__ import annotations

import json

import pytest

from assistant.__main__ import main

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def chat(capsys: Capsys) -> str:
    """The id of a chat with one turn."""
    main(["ask", "what can you do?", "--json"])
    return str(json.loads(capsys.readouterr().out)["chat_id"])


def test_no_chats_is_not_an_error(capsys: Capsys) -> None:
    assert main(["chats", "list"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "no chats" in err


def test_chats_are_listed_with_their_first_question(chat: str, capsys: Capsys) -> None:
    assert main(["chats", "list"]) == 0
    line = capsys.readouterr().out
    assert line.startswith(chat)
    assert "what can you do?" in line


def test_a_chat_shows_its_questions_answers_and_disclaimers(chat: str, capsys: Capsys) -> None:
    assert main(["chats", "show", chat]) == 0
    out = capsys.readouterr().out
    assert "> what can you do?" in out
    assert "not a medical device" in out
    assert main(["chats", "show", chat, "--json"]) == 0
    (turn,) = json.loads(capsys.readouterr().out)["turns"]
    assert (turn["question"], turn["state"]) == ("what can you do?", "answered")
    assert turn["answer"]["disclaimers"]


def test_a_chat_gets_another_name(chat: str, capsys: Capsys) -> None:
    assert main(["chats", "rename", chat, "Teaching, week 3"]) == 0
    main(["chats", "list", "--json"])
    assert json.loads(capsys.readouterr().out)["chats"][0]["title"] == "Teaching, week 3"


def test_a_deleted_chat_is_gone(chat: str, capsys: Capsys) -> None:
    assert main(["chats", "delete", chat]) == 0
    assert main(["chats", "show", chat]) == 2
    assert "no chat" in capsys.readouterr().err


def test_nothing_is_deleted_when_one_of_several_is_unknown(chat: str, capsys: Capsys) -> None:
    assert main(["chats", "delete", chat, "0" * 32]) == 2
    assert main(["chats", "show", chat]) == 0
