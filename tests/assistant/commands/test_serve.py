"""`casebook serve` as a process: the token, the address, and a kill in the middle of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openai
import pytest

from assistant import Assistant
from assistant.__main__ import main
from assistant.openai_server.app import OWNER
from tests.child import begin
from tests.forks import Fork


@contextmanager
def served(*words: str) -> Iterator[tuple[Fork, str, str]]:
    """The process, the address it names, and what else it says before it answers."""
    process = begin("serve", "--port", "0", *words)
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        address = first.split(" on ")[1].split("/v1")[0]
        more = "" if words else process.stderr.readline()
        yield process, address, more
    finally:
        process.kill()
        process.wait(30)


def answering(address: str, token: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}/v1", api_key=token, max_retries=20, timeout=60)


@pytest.mark.process
def test_a_kill_in_the_middle_loses_nothing_that_was_answered_and_the_chat_goes_on(
    tmp_path: Path, home: Path
) -> None:
    token = "a-token-of-this-test"
    (tmp_path / "token").write_text(token)
    words = ("--token-file", str(tmp_path / "token"))
    asked = {"role": "user", "content": "What is dermoscopy?"}
    with served(*words) as (process, address, _), answering(address, token) as client:
        first = client.chat.completions.create(model="casebook", messages=[asked])  # type: ignore[list-item]
        said = {"role": "assistant", "content": first.choices[0].message.content}
        more = [asked, said, {"role": "user", "content": "What is a macule?"}]
        for _ in client.chat.completions.create(model="casebook", messages=more, stream=True):  # type: ignore[call-overload]
            process.kill()
            break
        process.wait(30)
    with served(*words) as (_, address, _), answering(address, token) as client:
        again = client.chat.completions.create(model="casebook", messages=more)  # type: ignore[arg-type]
    chat_id = (first.model_extra or {})["casebook"]["chat_id"]
    with Assistant() as assistant:
        history = assistant.for_owner(OWNER).chat(chat_id).history()
    assert history[0].answer is not None and history[0].answer.text in str(first.choices[0].message.content)
    if history[1].answer is None:  # it was killed before the answer was kept
        assert (again.model_extra or {})["casebook"]["chat_id"] == chat_id
        assert history[2].answer is not None


@pytest.mark.process
def test_a_token_that_is_made_is_shown_once_and_let_in() -> None:
    with served() as (_, address, said):
        token = said.rpartition(" ")[2].strip()
        with answering(address, token) as client:
            assert [model.id for model in client.models.list()] == ["casebook"]
        assert httpx.get(f"{address}/v1/models").status_code == 401


def test_what_cannot_be_served_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["serve", "--port", "99999"]) == 2
    assert "is not a port" in capsys.readouterr().err
    assert main(["serve", "--token-file", str(tmp_path / "missing")]) == 3
    assert "--token-file" in capsys.readouterr().err
    monkeypatch.setenv("CASEBOOK_SERVE_TOKEN", "short")
    assert main(["serve", "--port", "0"]) == 3
    assert "16 characters" in capsys.readouterr().err
