"""`casebook ask`: the answer, its evidence and its disclaimers; files that cannot be used; Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.__main__ import main
from assistant.answers.disclaimers import general
from tests.child import ROOT, begin, environment

Capsys = pytest.CaptureFixture[str]
KEYS = {
    *("chat_id", "turn_id", "text", "disclaimers", "notices", "images", "evidence", "refused"),
    "ungrounded",
    "by_rules",
    "statements",
}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A drawn dark spot on skin colour."""
    y, x = np.mgrid[:240, :320]
    noise = np.random.default_rng(1).normal(0, 4, (240, 320, 1))
    spot = np.hypot(x - 160, y - 120)[..., None] < 50
    pixels = np.where(spot, (95, 60, 45), (205, 160, 135)) + noise
    path = tmp_path / "photo with spaces – ü.png"
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
    return path


def ask(capsys: Capsys, *words: str) -> dict[str, object]:
    """Ask with --json; the object on standard output."""
    assert main(["ask", *words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.process
def test_a_first_answer_loads_nothing_large_that_it_does_not_need(photo: Path, home: Path) -> None:
    program = (
        "import sys; from assistant.__main__ import main\n"
        "sys.argv[1:] = ['ask', 'what is this?', '--image', sys.argv[1]]\n"
        "main()\n"
        "import gc; print(gc.get_stats()[2]['collections'], gc.get_threshold()[0])\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, photo],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    *_, searched, loaded = done.stdout.splitlines()
    assert searched == "0 1000000"
    assert {"langchain_core", "numpy"} <= set(loaded.split())
    large = {"chromadb", "langchain", "langgraph", "langsmith", "pydicom", "scipy", "skimage", "torch"}
    assert not large & set(loaded.split())


@pytest.mark.process
def test_an_answer_has_text_evidence_and_disclaimers(photo: Path, capsys: Capsys) -> None:
    assert main(["ask", "what is this?", "--image", str(photo)]) == 0
    out, err = capsys.readouterr()
    assert general() in out
    assert "inspect_image on img-1" in out
    assert out.index("Evidence:") > 0
    assert "casebook ask --chat" in out.splitlines()[-2]
    turn = out.splitlines()[-1].removeprefix("What made this answer: casebook show ").split()[0]
    assert main(["show", turn, "--provenance"]) == 0
    assert "inspect_image" in capsys.readouterr().out
    assert main(["replay", turn]) == 0
    assert err == ""


@pytest.mark.process
def test_json_is_exactly_one_object_with_the_published_keys(photo: Path, capsys: Capsys) -> None:
    answer = ask(capsys, "what is this?", "--image", str(photo))
    assert set(answer) == KEYS
    assert general() in answer["disclaimers"]  # type: ignore[operator]
    assert [1] in [one["rests_on"] for one in answer["statements"]]  # type: ignore[attr-defined]
    (image,) = answer["images"]  # type: ignore[misc]
    assert set(image) == {"id", "domain", "modality", "body_part", "known_from", "score"}
    (evidence, *_) = answer["evidence"]  # type: ignore[misc]
    assert set(evidence) == {
        "tool",
        "image_id",
        "model",
        "revision",
        "seconds",
        "content",
        "records",
        "computed_in",
    }


@pytest.mark.process
def test_a_chat_goes_on_with_its_images(photo: Path, capsys: Capsys) -> None:
    first = ask(capsys, "what is this?", "--image", str(photo))
    again = ask(capsys, "and how good is the picture?", "--chat", str(first["chat_id"]))
    assert again["chat_id"] == first["chat_id"]
    assert [image["id"] for image in again["images"]] == ["img-1"]  # type: ignore[attr-defined]


@pytest.mark.process
def test_several_images_in_one_or_several_options(photo: Path, tmp_path: Path, capsys: Capsys) -> None:
    other = tmp_path / "other.png"
    Image.open(photo).rotate(90).save(other)
    words = ["--image", str(photo), str(other), "--image", str(photo)]
    answer = ask(capsys, "compare them", *words)
    assert [image["id"] for image in answer["images"]] == ["img-1", "img-2", "img-3"]  # type: ignore[attr-defined]


@pytest.mark.process
def test_the_file_name_is_not_kept(photo: Path, home: Path, capsys: Capsys) -> None:
    ask(capsys, "what is this?", "--image", str(photo))
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"photo with spaces" not in kept


@pytest.mark.process
@pytest.mark.parametrize("case", ["missing", "empty", "text", "closed", "nothing in it"])
def test_a_file_that_cannot_be_used_is_told_and_changes_nothing(
    case: str, tmp_path: Path, capsys: Capsys
) -> None:
    path = tmp_path / "given"
    if case == "nothing in it":
        path.mkdir()
    elif case != "missing":
        path.write_bytes({"text": b"dear diary"}.get(case, b""))
    if case == "closed":
        if os.geteuid() == 0:
            pytest.skip("root reads everything")
        path.chmod(0)
    assert main(["ask", "what is this?", "--image", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    main(["chats", "list", "--json"])
    assert json.loads(capsys.readouterr().out) == {"chats": []}


def test_with_json_an_unusable_file_is_one_object(tmp_path: Path, capsys: Capsys) -> None:
    assert main(["ask", "what?", "--image", str(tmp_path / "nowhere.png"), "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["who_can_act"] == "user"
    assert "nowhere.png" in error["message"]


def test_an_empty_question_is_refused(capsys: Capsys) -> None:
    assert main(["ask", "  "]) == 2
    assert "empty" in capsys.readouterr().err


@pytest.mark.parametrize("chat", ["nonsense", "0" * 32, "../../etc", "a\x00b"])
def test_an_unknown_chat_is_refused(chat: str, capsys: Capsys) -> None:
    assert main(["ask", "what?", "--chat", chat]) == 2
    assert "no chat" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("reader", "code", "words"),
    [
        ("radiografer", 2, "Did you mean radiographer"),
        ("pubmedclip", 2, "no reader"),
        ("babydoctor", 3, "casebook models pull babydoctor"),
    ],
)
def test_a_reader_that_cannot_answer_is_told_before_anything_is_kept(
    reader: str, code: int, words: str, photo: Path, capsys: Capsys
) -> None:
    assert main(["ask", "any fracture?", "--image", str(photo), "--reader", reader]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    main(["chats", "list", "--json"])
    assert json.loads(capsys.readouterr().out) == {"chats": []}


def test_a_question_that_is_no_utf8_is_kept_readable(capsys: Capsys) -> None:
    answer = ask(capsys, "what can you do? caf\udce9")
    main(["chats", "show", str(answer["chat_id"])])
    assert "caf�" in capsys.readouterr().out


def test_a_turn_that_fails_is_for_the_operator(monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Jane Doe")

    monkeypatch.setattr("assistant.planning.next_step.NextStep.after", broken)
    assert main(["ask", "what can you do?", "--json"]) == 3
    out = capsys.readouterr().out
    assert "reference" in json.loads(out)["notices"][0]
    assert "Jane Doe" not in out


@pytest.mark.process
def test_ctrl_c_ends_the_turn_with_what_there_is(photo: Path) -> None:
    child = begin(
        "ask", "what is this?", "--image", str(photo), "--json", module="tests.scripted.slow_command"
    )
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stderr.readline() == "waiting\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130
    answer = json.loads(out)
    assert "stopped" in answer["notices"][0]
    assert general() in answer["disclaimers"]
    assert err == ""


@pytest.mark.process
@pytest.mark.parametrize("question", ["what is this?", "please describe it", "quality?"])
def test_the_question_may_come_after_the_images(question: str, photo: Path, capsys: Capsys) -> None:
    answer = ask(capsys, "--image", str(photo), question)
    assert len(answer["images"]) == 1  # type: ignore[arg-type]
    main(["chats", "show", str(answer["chat_id"]), "--json"])
    assert json.loads(capsys.readouterr().out)["turns"][0]["question"] == question


@pytest.mark.parametrize("last", ["other.png", "my other photo.png"])
def test_a_misspelt_file_is_not_taken_for_the_question(last: str, photo: Path, capsys: Capsys) -> None:
    assert main(["ask", "--image", str(photo), last]) == 2
    assert "question is missing" in capsys.readouterr().err


def test_a_text_that_is_taken_back_is_told_from_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.answers.events import Retracted, Text
    from assistant.commands.ask import _show

    for event in (Text("and so on"), Retracted(), Retracted("The planner answered."), Text("Fine.")):
        _show(event)
    assert capsys.readouterr().out == "and so on\n[Taken back. The answer begins again:]\nFine."
