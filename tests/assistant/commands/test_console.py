"""The `casebook` command as a program: help, mistakes, exit codes, streams."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.commands import console
from tests.child import ROOT, begin, casebook, environment


@pytest.mark.process
def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from assistant.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
        cwd=ROOT,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1].replace("'", '"')))
    heavy = {
        "langchain",
        "langchain_core",
        "langgraph",
        "numpy",
        "pydantic",
        "sqlalchemy",
        "PIL",
        "streamlit",
    }
    assert "usage: casebook" in done.stdout
    assert not loaded & heavy


@pytest.mark.parametrize(
    "words", [["ask"], ["chat"], ["chats"], ["library"], ["doctor"], ["library", "import"]]
)
def test_every_command_has_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*words, "--help"])
    assert end.value.code == 0
    assert f"usage: casebook {' '.join(words)}" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"casebook {version('casebook')}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "COMMAND"),
        (["aks", "what?"], "'aks'"),
        (["ask", "what?", "--imgae", "a.png"], "--imgae"),
        (["ask", "what?", "--image"], "--image"),
        (["ask"], "The question is missing"),
        (["library"], "ACTION"),
        (["chat", "--port", "many"], "'many'"),
        (["library", "search", "--image", "a.png", "-k", "0"], "0"),
    ],
)
def test_a_mistake_in_the_arguments_is_told_in_one_sentence(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == 1


def test_with_json_a_mistake_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "what?", "--json", "--imgae", "a.png"]) == 2
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out)["error"]["who_can_act"] == "user"


def test_a_wrong_setting_is_for_the_operator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEBOOK_MAX_FRAMSE", "3")
    assert main(["chats", "list"]) == 3
    assert "CASEBOOK_MAX_FRAMES" in capsys.readouterr().err
    assert main(["chats", "list", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["who_can_act"] == "operator"


def test_a_folder_that_cannot_be_made_is_for_the_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CASEBOOK_HOME", str(tmp_path / "file" / "home"))
    assert main(["chats", "list"]) == 3
    assert "CASEBOOK_HOME" in capsys.readouterr().err


@pytest.mark.process
def test_a_bug_is_a_sentence_with_a_reference_to_the_log(home: Path) -> None:
    program = (
        "import sys; sys.argv = ['casebook', 'chats', 'list']\n"
        "import store.chats.conversations\n"
        "def broken(self, *_, **__): raise RuntimeError('the bug')\n"
        "store.chats.conversations.Conversations.chats = broken\n"
        "from assistant.__main__ import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        cwd=ROOT,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    reference = done.stderr.split()[-1].strip(".")
    log = (home / "casebook.log").read_text()
    assert reference in log
    assert "builtins.RuntimeError" in log
    assert ", in broken" in log
    assert "the bug" not in log


@pytest.mark.process
def test_output_is_utf8_whatever_the_locale_says() -> None:
    env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    made = casebook("ask", "what can you do?", "--json", env=env, afresh=True)
    chat_id = json.loads(made.stdout)["chat_id"]
    assert casebook("chats", "rename", chat_id, "Haut – 皮肤", env=env, afresh=True).returncode == 0
    assert "Haut – 皮肤" in casebook("chats", "list", env=env, afresh=True).stdout


@pytest.mark.process
def test_a_reader_that_leaves_early_is_no_error() -> None:
    child = begin("ask", "what can you do?")
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    child.wait(60)
    assert child.stderr.read() == ""
    assert child.returncode == 141
    child.stderr.close()


HOSTILE = "a\x1b]0;owned\x07b\x1b[2Jc\rd\x9b31me\x7f\u202ef\u2066\x00"


def test_nothing_that_is_written_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.write(f"one\n\ttwo {HOSTILE}")
    console.note(HOSTILE)
    for text in capsys.readouterr():
        assert "\\u001b]0;owned\\u0007b" in text
        assert all(c.isprintable() or c in "\n\t" for c in text)


def test_a_json_object_is_the_same_after_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"text": f"ü\n{HOSTILE}"}
    console.write_json(value)
    out = capsys.readouterr().out
    assert json.loads(out) == value
    assert all(c.isprintable() or c == "\n" for c in out)


@pytest.mark.process
def test_a_command_searches_seldom_for_garbage_and_not_at_all_as_it_ends() -> None:
    program = (
        "import atexit, gc; from assistant.commands import console\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000))\n"  # what is registered first runs last
        "before = gc.get_threshold()[0]\n"
        "console.prepare(as_program=False); print(before, gc.get_threshold()[0])\n"
        "console.prepare(as_program=True); print(gc.get_threshold()[0] > 10 * before)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment(), cwd=ROOT, timeout=60
    )
    before, after, *told = done.stdout.split()
    assert before == after
    assert told == ["True", "True"]
