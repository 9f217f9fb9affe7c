"""`casebook chats`: list, show, rename, delete."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from assistant.__main__ import main
from store.pictures.image import Image

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


def test_chats_are_found_by_words(chat: str, capsys: Capsys) -> None:
    assert main(["chats", "list", "--with", "CAN you"]) == 0
    assert capsys.readouterr().out.startswith(chat)
    assert main(["chats", "list", "--with", "melanoma-in-situ", "--all"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "No chat holds all of these words." in err


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


@pytest.fixture
def of_a_browser() -> str:
    """The id of a chat with a picture, made as the page makes it: for an owner of its own."""
    pixels = np.full((64, 64, 3), 120, np.uint8)
    with Assistant(owner="a-browser") as assistant:
        chat = assistant.chat()
        chat.ask("what is in the window?", images=[Image(frames=pixels[None], file_type="PNG")])
        return chat.id


def test_the_chats_of_browsers_are_listed_only_when_all_are_asked_for(
    chat: str, of_a_browser: str, capsys: Capsys
) -> None:
    main(["chats", "list"])
    assert of_a_browser not in capsys.readouterr().out
    assert main(["chats", "list", "--all"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "  browser  what is in the window?" in lines[of_a_browser]
    assert "  yours  " in lines[chat]
    main(["chats", "list", "--all", "--json"])
    listed = json.loads(capsys.readouterr().out)["chats"]
    assert {one["id"]: one["of_a_browser"] for one in listed} == {chat: False, of_a_browser: True}


def test_a_chat_of_a_browser_is_deleted_with_its_pictures(
    of_a_browser: str, home: Path, capsys: Capsys
) -> None:
    kept = [path for path in (home / "images").rglob("*") if path.is_file()]
    assert kept
    assert main(["chats", "delete", of_a_browser]) == 2
    assert "belongs to a browser" in capsys.readouterr().err
    assert main(["chats", "delete", of_a_browser, "--all"]) == 0
    assert not [path for path in kept if path.exists()]
    main(["chats", "list", "--all"])
    assert capsys.readouterr().out == ""
    assert main(["chats", "delete", of_a_browser, "--all"]) == 2


@pytest.mark.parametrize("words", [("ask", "and now?", "--chat", "ID"), ("chats", "show", "ID")])
def test_a_chat_of_a_browser_is_said_to_be_one(
    words: tuple[str, ...], of_a_browser: str, capsys: Capsys
) -> None:
    assert main([of_a_browser if word == "ID" else word for word in words]) == 2
    err = capsys.readouterr().err
    assert "belongs to a browser" in err
    assert "casebook chats list --all" in err


@pytest.mark.parametrize("typed", ["\udcff", "none", "0" * 32])
def test_an_id_that_is_no_chat_is_told_with_all_too(typed: str, capsys: Capsys) -> None:
    assert main(["chats", "delete", typed, "--all"]) == 2
    assert "no chat" in capsys.readouterr().err


def test_chats_that_are_old_are_listed_then_deleted(chat: str, capsys: Capsys) -> None:
    with Assistant(owner="a-browser") as casebook:
        other = casebook.chat()
        other.ask("hello")
    assert main(["chats", "clean", "--older-than", "0.0000001", "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(chat)
    assert "1 would be deleted" in err
    assert main(["chats", "clean", "--older-than", "1"]) == 0
    assert "Deleted 0." in capsys.readouterr().err
    assert main(["chats", "clean", "--older-than", "0.0000001"]) == 0
    assert "Deleted 1." in capsys.readouterr().err
    assert main(["chats", "clean", "--older-than", "0.0000001", "--all"]) == 0
    with Assistant(owner="a-browser") as casebook:
        assert casebook.chats() == []


@pytest.mark.parametrize("days", ["0", "-3", "nan", "inf", "soon"])
def test_days_are_a_number_above_zero(days: str, capsys: Capsys) -> None:
    assert main(["chats", "clean", f"--older-than={days}"]) == 2
    assert "--older-than" in capsys.readouterr().err


def test_every_command_deletes_the_chats_that_the_settings_keep_no_longer(
    chat: str, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.setenv("CASEBOOK_KEEP_DAYS", "1")
    assert main(["chats", "list"]) == 0
    assert chat in capsys.readouterr().out
    monkeypatch.setattr("assistant.retention.DAY_S", 1e-6)
    assert main(["chats", "list"]) == 0
    assert chat not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["copy.html", "copy.zip", "COPY.JSON"])
def test_a_chat_is_copied_to_a_file(chat: str, tmp_path: Path, name: str, capsys: Capsys) -> None:
    assert main(["chats", "export", chat, str(tmp_path / name)]) == 0
    assert "Written: " in capsys.readouterr().err
    assert (tmp_path / name).stat().st_size > 500


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("copy.docx", ".html, .pdf, .zip, .json"),
        ("there.html", "is there already"),
        ("no/copy.html", "another folder"),
    ],
)
def test_a_copy_that_cannot_be_written_says_what_to_do(
    chat: str, tmp_path: Path, name: str, said: str, capsys: Capsys
) -> None:
    (tmp_path / "there.html").write_text("mine")
    assert main(["chats", "export", chat, str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err
    assert (tmp_path / "there.html").read_text() == "mine"
