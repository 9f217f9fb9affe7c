"""What a language model may do: as its audition found, as it is set, or phrase only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage

from assistant import Assistant, load_settings
from assistant.__main__ import main
from assistant.doctor import Check, report
from assistant.llm import role
from assistant.llm.role import Casting, casting, keep, read
from assistant.settings import Settings
from tests.gguf.follower import LOOKED, MEASURED, lesion
from tests.scripted.chat_model import ScriptedModel, call
from tests.servers.chat_server import ChatServer

SPOON = "Take a very large spoon"
"""What the planner does not understand, so that a model may look for itself."""

LOOKS = [call("measure_lesion", image_id="img-1", question="how large"), AIMessage("".join(MEASURED))]


def weights(folder: Path, content: bytes = b"GGUF") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "m.gguf").write_bytes(content)
    return folder / "m.gguf"


def checked(settings: Settings) -> Check:
    with Assistant(settings) as casebook:
        return next(one for one in report(casebook.services) if one.name == "Chat model")


def test_one_without_an_audition_may_phrase_only(home: Path) -> None:
    found = casting(load_settings(llm_path=weights(home / "a")))
    assert (found.role, found.notice, found.auditioned) == ("words", None, False)
    assert "not auditioned yet" in found.sentence


@pytest.mark.parametrize("found", ["agent", "words", "off"])
def test_what_an_audition_found_holds_for_the_weights_wherever_they_lie(found: role.Role, home: Path) -> None:
    keep(load_settings(llm_path=weights(home / "a")), Casting(found, "Tried."))
    kept = casting(load_settings(llm_path=weights(home / "b")))
    assert (kept.role, kept.why, kept.auditioned) == (found, "Tried.", True)
    assert not casting(load_settings(llm_path=weights(home / "a", b"GGUG"))).auditioned


def test_what_an_audition_found_of_a_server_holds_for_its_address_and_name(home: Path) -> None:
    given = {"llm_server": "http://127.0.0.1:9/v1", "llm_served_as": "one"}
    keep(load_settings(**given), Casting("agent", "Tried."))
    assert casting(load_settings(**given)).role == "agent"
    assert read(load_settings(**given | {"llm_served_as": "two"})) is None
    assert read(load_settings(**given | {"llm_server": "http://127.0.0.1:8/v1"})) is None


def test_another_release_tries_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(llm_path=weights(home / "a"))
    keep(settings, Casting("agent", "Tried."))
    monkeypatch.setattr("importlib.metadata.version", lambda _: "9.9")
    assert read(settings) is None


def test_a_damaged_record_counts_as_none(home: Path) -> None:
    settings = load_settings(llm_path=weights(home / "a"))
    keep(settings, Casting("agent", "Tried."))
    (path,) = (home / "models" / "auditions").glob("*.json")
    for text in ("[]", "{", '{"role": "boss", "why": ""}'):
        path.write_text(text, encoding="utf-8")
        assert read(settings) is None


@pytest.mark.process
@pytest.mark.parametrize(("set_to", "tools"), [("agent", ["measure_lesion"]), ("words", []), ("off", [])])
def test_a_role_that_is_set_holds_and_every_answer_says_so(
    set_to: role.Role, tools: list[str], home: Path, tmp_path: Path
) -> None:
    model = ScriptedModel(replies=LOOKS)
    with Assistant(load_settings(llm_role=set_to), model=model) as casebook:
        chat = casebook.chat()
        answer = chat.ask(SPOON, [lesion(tmp_path / "lesion.png")])
        ruled = chat.ask("Hello")
        spanish = chat.ask("Hola, ¿qué puedes decirme de una imagen?")
    assert [one.tool for one in answer.evidence] == tools
    assert (answer.text == "".join(MEASURED)) is (set_to == "agent")
    assert bool(model.seen) is (set_to != "off")
    for one in (answer, ruled):
        assert any(f"“{set_to}” (CASEBOOK_LLM_ROLE)" in notice for notice in one.notices)
    assert any(f"fijado en “{set_to}” (CASEBOOK_LLM_ROLE)" in notice for notice in spanish.notices)


@pytest.mark.process
def test_one_that_may_phrase_is_offered_no_tools_and_what_it_calls_is_not_run(
    home: Path, tmp_path: Path
) -> None:
    server = ChatServer(*LOOKED)
    with Assistant(load_settings(llm_server=server.url)) as casebook:
        answer = casebook.chat().ask("What is this?", [lesion(tmp_path / "lesion.png")])
    server.close()
    assert (answer.text, answer.notices) == ("".join(LOOKED), ())
    assert "measure_lesion" not in json.dumps(server.asked)


@pytest.mark.process
def test_an_audition_that_ends_meanwhile_counts_at_the_next_question(home: Path, tmp_path: Path) -> None:
    server, picture = ChatServer(*LOOKED), lesion(tmp_path / "lesion.png")
    settings = load_settings(llm_server=server.url)
    with Assistant(settings) as casebook:
        assert casebook.chat().ask("What is this?", [picture]).text == "".join(LOOKED)
        keep(settings, Casting("off", "Tried."))
        answer = casebook.chat().ask("What is this?", [picture])
    server.close()
    assert (answer.text == "".join(LOOKED), answer.notices) == (False, ())
    assert len(server.asked) == 1


@pytest.mark.process
def test_doctor_says_which_role_it_has_and_why(home: Path) -> None:
    server = ChatServer()
    settings = load_settings(llm_server=server.url)
    check = checked(settings)
    assert (check.ok, check.fix) == (True, "casebook llm audition")
    assert "only phrase" in check.says
    keep(settings, Casting("off", "It phrased 1 of 40."))
    check = checked(settings)
    assert (check.ok, check.fix) == (None, "")
    assert check.says.endswith(
        "It is not used; the built-in planner answers (role “off”). It phrased 1 of 40."
    )
    server.close()


@pytest.mark.process
def test_the_command_tries_a_model_once_and_again_when_asked(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = ChatServer("It is a melanoma.")
    monkeypatch.setenv("CASEBOOK_LLM_SERVER", server.url)
    counts = []
    for words in ([], [], ["--again"]):
        assert main(["llm", "audition", *words]) == 0
        assert "It is not used" in capsys.readouterr().out
        counts.append(len(server.asked))
    server.close()
    assert 0 < counts[0] == counts[1] < counts[2]


def test_without_a_language_model_there_is_nothing_to_try(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["llm", "audition"]) == 2
    assert "the built-in planner needs no audition" in capsys.readouterr().err
