"""What an evaluation's answers depend on: other weights under the same name are noticed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from assistant import Assistant, evaluate, load_settings
from assistant.evaluation.made_with import chat_model_revision
from assistant.evaluation.results import RESULTS, VERSIONS
from assistant.llm.gguf import NAME
from assistant.provenance.chat_model import _told
from assistant.provenance.shown import shown
from assistant.settings import Settings
from store.errors import CaseError, SetupError
from tests.gguf.follower import LOOKED, follower, lesion
from tests.scripted.chat_model import ScriptedModel
from tests.servers.chat_server import ChatServer
from tools.models.hub.pulled import Pulled, PulledFile, Repository, write_pulled


def revision(settings: Settings) -> str | None:
    with Assistant(settings) as casebook:
        return chat_model_revision(casebook.services)


@pytest.mark.parametrize("at", [0, 1_000_000, 3_999_999])
def test_another_file_of_the_same_size_under_the_same_path_is_told_apart(tmp_path: Path, at: int) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(bytes(4_000_000))
    settings = load_settings(llm_path=path)
    before = revision(settings)
    assert before is not None and before.startswith("4000000 bytes")
    assert revision(settings) == before
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    assert revision(settings) != before


@pytest.mark.process
def test_a_run_is_not_gone_on_with_under_another_model_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = follower(tmp_path / "model.gguf")
    monkeypatch.setenv("CASEBOOK_LLM_PATH", str(path))
    monkeypatch.setenv("CASEBOOK_LLM_THREADS", "1")
    questions = tmp_path / "q.jsonl"
    asked = {"image": str(lesion(tmp_path / "lesion.png")), "question": "What is this?", "answer": "skin"}
    rows = [asked, {"question": "hello", "answer": "hello"}]
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "out"
    evaluate(questions, out=out)
    row, ruled = [json.loads(line) for line in (out / RESULTS).read_text(encoding="utf-8").splitlines()]
    versions = json.loads((out / VERSIONS).read_text(encoding="utf-8"))
    assert (row["agent"]["error"], row["agent"]["text"]) == (None, "".join(LOOKED))
    assert row["agent"]["revision"] == versions["chat model's weights"] is not None
    assert ruled["agent"]["revision"] is None  # the model was not asked
    assert evaluate(questions, out=out).earlier == 2
    follower(path, layers=2)
    with pytest.raises(CaseError, match="made with other chat model's weights, so"):
        evaluate(questions, out=out)


def test_a_pulled_file_is_known_by_its_commit_and_hash(home: Path, tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    content = hashlib.sha256(b"GGUF").hexdigest()
    files = (PulledFile("m.gguf", 4, "ab" * 32),)
    own = Repository("some/model", "checkpoint", "main", "c" * 40, tmp_path, False, files, ())
    write_pulled(Pulled(NAME, True, (own,)), home)
    found = revision(load_settings(llm_repo="some/model", llm_file="m.gguf"))
    assert found == f"4 bytes, SHA-256 {content}, commit {'c' * 40}"


def test_a_server_is_known_by_the_models_it_reports() -> None:
    server = ChatServer()
    settings = load_settings(llm_server=server.url, llm_served_as="mine")
    try:
        server.models = ["first.gguf"]
        assert revision(settings) == '[{"id": "first.gguf"}]'
        server.models = ["second.gguf"]
        assert revision(settings) == '[{"id": "second.gguf"}]'
    finally:
        server.close()
    with pytest.raises(SetupError, match="CASEBOOK_LLM_SERVER"):
        revision(settings)


def test_a_server_that_may_not_be_asked_is_not_asked() -> None:
    with pytest.raises(SetupError, match="CASEBOOK_LLM_REMOTE"):
        revision(load_settings(llm_server="http://model.example.org/v1"))


def test_the_planner_and_a_model_of_the_callers_have_no_weights_of_ours() -> None:
    assert revision(load_settings()) is None
    with Assistant(model=ScriptedModel(replies=[])) as casebook:
        assert chat_model_revision(casebook.services) is None


def test_no_folder_of_a_machine_is_kept_with_the_results(tmp_path: Path) -> None:
    jane, john = (tmp_path / name / "adapter" for name in ("jane.doe", "john.doe"))
    kept = [
        shown(load_settings(home=tmp_path, radiographer_path=path, llm_path=path / "chat.gguf"))
        for path in (jane, john)
    ]
    for one in kept:
        assert "doe" not in json.dumps(one)
        assert str(tmp_path) not in json.dumps(one)
        assert one["radiographer_path"].startswith("adapter (#")
    # Another folder of the same name is told apart, so that an evaluation does not go on with it.
    assert kept[0]["radiographer_path"] != kept[1]["radiographer_path"]
    assert "doe" not in _told("root", "/home/jane.doe/models/chat")
    assert _told("id", "llama-3.1-8b") == "llama-3.1-8b"
