"""Which chat model the settings choose, where it comes from, and what is said of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, load_settings
from assistant.doctor import report
from assistant.llm.chat_models import chat_model, described
from assistant.llm.gguf import NAME, PULL
from assistant.llm.local_llm import LocalLLM
from assistant.llm.server import ServedLLM
from store.errors import SetupError
from tests.child import casebook, environment
from tests.gguf.files import random_model
from tests.gguf.follower import LOOKED, follower, lesion
from tests.servers.chat_server import ChatServer
from tests.servers.hub_server import HubServer, point_client
from tools.models.hub import transfer as hub_transfer
from tools.models.hub.addresses import is_here
from tools.models.hub.pulled import read_pulled

REPO = "somebody/tiny-chat"


def test_without_settings_the_planner_is_used() -> None:
    settings = load_settings()
    assert chat_model(settings) == (None, ())
    assert "built-in planner" in described(settings)


def test_a_file_becomes_a_local_model_with_every_setting(tmp_path: Path) -> None:
    path = random_model(tmp_path / "r.gguf")
    settings = load_settings(
        llm_path=path, llm_context=2048, llm_threads=1, llm_kv="q8_0", llm_max_tokens=50, llm_gpu_layers=-1
    )
    model, notices = chat_model(settings)
    assert isinstance(model, LocalLLM)
    assert (model.path, model.context, model.threads, model.kv) == (path, 2048, 1, "q8_0")
    assert (model.max_tokens, model.gpu_layers, model.temperature) == (50, -1, 0.0)
    assert notices == ()
    assert "r.gguf" in described(settings)


def test_a_file_that_is_not_there_is_said_before_anything_is_kept(tmp_path: Path) -> None:
    with Assistant(load_settings(llm_path=tmp_path / "none.gguf")) as assistant:
        chat = assistant.chat()
        with pytest.raises(SetupError, match="CASEBOOK_LLM_PATH"):
            chat.ask("hello")
        assert chat.history() == []


def test_a_folder_in_place_of_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="is a folder"):
        chat_model(load_settings(llm_path=tmp_path))


def test_two_chat_models_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="CASEBOOK_LLM_PATH and CASEBOOK_LLM_SERVER"):
        chat_model(load_settings(llm_path=tmp_path / "x.gguf", llm_server="http://localhost:1/v1"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8/v1", "http://localhost/v1", "http://[::1]:8/v1"])
def test_a_server_on_this_machine_needs_no_leave_and_no_notice(url: str) -> None:
    model, notices = chat_model(load_settings(llm_server=url, llm_context=4096, llm_key="k"))
    assert isinstance(model, ServedLLM)
    assert (model.url, model.context_length, model.key) == (url, 4096, "k")
    assert notices == ()


@pytest.mark.parametrize(
    "url", ["https://llm.example.org/v1", "http://10.0.0.3:8/v1", "http://127.0.0.1.example.org/"]
)
def test_a_server_elsewhere_must_be_allowed_and_is_named_with_every_answer(url: str) -> None:
    assert not is_here(url)
    with pytest.raises(SetupError, match="CASEBOOK_LLM_REMOTE=true"):
        chat_model(load_settings(llm_server=url))
    _, (notice,) = chat_model(load_settings(llm_server=url, llm_remote=True))
    host = url.split("/")[2].split(":", maxsplit=1)[0]
    assert f"on {host};" in notice.words("en")
    assert f"auf {host};" in notice.words("de")
    assert "another machine" in described(load_settings(llm_server=url, llm_remote=True))


@pytest.mark.process
def test_the_notice_of_a_server_elsewhere_is_on_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ChatServer(*LOOKED)
    monkeypatch.setattr("assistant.llm.chat_models.is_here", lambda _: False)
    with Assistant(load_settings(llm_server=server.url, llm_remote=True)) as assistant:
        chat = assistant.chat()
        answer = chat.ask("What is this?", [lesion(tmp_path / "lesion.png")])
        assert answer.text == "".join(LOOKED)
        assert any("127.0.0.1" in notice for notice in answer.notices)
        assert chat.history()[0].answer == answer
    server.close()


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost/v1", "http:///v1"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(SetupError, match="no URL"):
        chat_model(load_settings(llm_server=url))


def test_the_key_is_never_shown() -> None:
    assert "hidden" not in repr(load_settings(llm_key="hidden"))


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub with the follower, in one file and in two."""
    folder = tmp_path / "repo"
    folder.mkdir()
    follower(folder / "tiny.gguf")
    for part in (1, 2):
        (folder / f"parts-0000{part}-of-00002.gguf").write_bytes(b"GGUF" + bytes(5000))
    monkeypatch.setattr(hub_transfer, "PAUSE_S", 0.01)
    with HubServer({REPO: folder}) as server:
        point_client(server, tmp_path / "hf", monkeypatch)
        yield server


def from_hub(name: str = "tiny.gguf") -> dict[str, str]:
    return {"CASEBOOK_LLM_REPO": REPO, "CASEBOOK_LLM_FILE": name}


@pytest.mark.process
def test_a_model_of_a_hub_is_pulled_by_command_recorded_and_used(
    hub: HubServer, tmp_path: Path, home: Path
) -> None:
    settings = load_settings(llm_repo=REPO, llm_file="tiny.gguf", llm_threads=1)
    with pytest.raises(SetupError, match=PULL):
        chat_model(settings)
    done = casebook("models", "pull", NAME, env=from_hub() | hub.environment(tmp_path / "hf"))
    assert done.returncode == 0, done.stderr
    assert hub.commit(REPO) in done.stdout
    pulled = read_pulled(NAME, home)
    assert pulled is not None
    assert pulled.checkpoint.revision == hub.commit(REPO)
    assert [file.name for file in pulled.checkpoint.files] == ["tiny.gguf"]
    with Assistant(settings) as assistant:
        answer = assistant.chat().ask("What is this?", [lesion(tmp_path / "lesion.png")])
        assert answer.text == "".join(LOOKED)


@pytest.mark.process
def test_a_pulled_model_is_shown_and_removed_but_not_what_was_there_before(
    hub: HubServer, tmp_path: Path, home: Path
) -> None:
    env = from_hub() | hub.environment(tmp_path / "hf")
    assert "not here" in casebook("models", "status", env=env).stdout
    casebook("models", "pull", NAME, env=env)
    assert "tiny.gguf, run here" in casebook("models", "status", env=env).stdout
    folder = read_pulled(NAME, home).checkpoint.folder  # type: ignore[union-attr]
    assert casebook("models", "remove", NAME, env=env).returncode == 0
    assert not (folder / "tiny.gguf").exists()
    assert read_pulled(NAME, home) is None
    again = casebook("models", "remove", NAME, env=env)
    assert (again.returncode, "was not pulled" in again.stderr) == (2, True)
    # Another program had fetched of it: that is not Casebook's to remove.
    folder.mkdir(parents=True)
    for _ in range(2):
        casebook("models", "pull", NAME, env=env)
    assert REPO in casebook("models", "remove", NAME, env=env).stderr
    assert (folder / "tiny.gguf").exists()


@pytest.mark.process
def test_a_model_in_several_files_is_pulled_whole(hub: HubServer, tmp_path: Path, home: Path) -> None:
    name = "parts-00001-of-00002.gguf"
    done = casebook("models", "pull", NAME, env=from_hub(name) | hub.environment(tmp_path / "hf"))
    assert done.returncode == 0, done.stderr
    model, _ = chat_model(load_settings(llm_repo=REPO, llm_file=name))
    assert isinstance(model, LocalLLM)
    assert (model.path.parent / "parts-00002-of-00002.gguf").is_file()


@pytest.mark.process
def test_a_file_with_a_wrong_hash_is_thrown_away(hub: HubServer, tmp_path: Path) -> None:
    hub.faults.wrong.add("tiny.gguf")
    done = casebook("models", "pull", NAME, env=from_hub() | hub.environment(tmp_path / "hf"))
    assert done.returncode == 3
    assert "hash differs" in done.stderr


@pytest.mark.parametrize("given", [{"llm_repo": REPO}, {"llm_repo": REPO, "llm_file": "model.safetensors"}])
def test_half_a_name_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(SetupError, match="CASEBOOK_LLM_FILE"):
        chat_model(load_settings(**given))


@pytest.mark.process
def test_doctor_names_the_chat_model_or_what_is_wrong_with_it(tmp_path: Path) -> None:
    def said(**given: str | Path | bool) -> tuple[bool | None, str]:
        with Assistant(load_settings(**given)) as assistant:
            (check,) = [one for one in report(assistant.services) if one.name == "Chat model"]
            return check.ok, check.says

    ok, says = said(llm_path=follower(tmp_path / "f.gguf"))
    assert ok
    assert "f.gguf, run here by llama.cpp" in says
    base = random_model(tmp_path / "base.gguf", template=None)
    ok, says = said(llm_path=base)
    assert (ok, "it is a base model" in says) == (False, True)
    ok, says = said(llm_path=base, llm_plain=True)
    assert (ok, "was not taught to answer" in says) == (True, True)
    ok, says = said(llm_server="https://example.org/v1")
    assert ok is False
    assert "CASEBOOK_LLM_REMOTE=true" in says
    (tmp_path / "cut.gguf").write_bytes((tmp_path / "f.gguf").read_bytes()[:-100])
    assert said(llm_path=tmp_path / "cut.gguf")[0] is False
    ok, says = said(llm_server="http://127.0.0.1:9/v1")
    assert (ok, "cannot be reached" in says) == (False, True)
    ok, says = said(llm_path=tmp_path / "f.gguf", llm_server="http://127.0.0.1:9/v1")
    assert (ok, "name different chat models" in says) == (False, True)
    server = ChatServer()
    assert said(llm_server=server.url)[0]
    assert server.asked == []
    server.close()


@pytest.mark.process
def test_the_process_of_a_model_starts_without_what_only_conversations_need() -> None:
    code = (
        "import sys, assistant.llm.worker, llama_cpp;"
        "print([name for name in ('langchain_core', 'pydantic', 'requests') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True, env=environment()
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.process
def test_neither_the_command_nor_the_planner_loads_what_chat_models_need() -> None:
    code = (
        "import sys; from assistant import Assistant; Assistant().chat().ask('hello');"
        "from assistant.doctor import report; report(Assistant().services);"
        "print([name for name in ('llama_cpp', 'openai', 'langchain_openai') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment()
    )
    assert done.stdout.strip() == "[]"


def test_a_missing_package_is_named_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    monkeypatch.delitem(sys.modules, "assistant.llm.server", raising=False)
    with pytest.raises(SetupError, match=r"\[server\]"):
        chat_model(load_settings(llm_server="http://localhost:1/v1"))
