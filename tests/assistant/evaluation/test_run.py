"""`evaluate`: the reader alone and the agent on the same questions, over drawn images."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from assistant import Assistant, evaluate
from assistant.evaluation.results import FIGURE, REPORT, RESULTS, SUMMARY, VERSIONS
from assistant.examples import examples
from store.errors import CaseError, SetupError
from tests.scripted.chat_model import ScriptedModel, build_look, call
from tests.scripted.evaluation import KnowingReaders, reading
from tests.scripted.readers import ScriptedReaders

FINDINGS = ["fracture", "mass", "nodule", "pneumothorax", "consolidation", "pleural effusion", "opacity"]
PLACES = ["left lung", "right lung"]


def draw(name: str) -> bytes:
    (one,) = [example for example in examples() if example.name == name]
    return one.draw()


@pytest.fixture(scope="session")
def chest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # The drawn CT is a quarter of the drawn radiograph's size.
    path = tmp_path_factory.mktemp("drawn") / "chest.dcm"
    path.write_bytes(draw("ct"))
    return path


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def closed(chest: Path) -> list[dict[str, Any]]:
    """Closed questions with right answers, two groups and two categories."""
    return [
        {
            "image": str(chest),
            "question": f"Is there a {finding} in the {place}?",
            "answer": "yes" if (n + m) % 3 else "no",
            "category": place,
            "group": finding,
            "tool": "read_radiograph",
        }
        for n, finding in enumerate(FINDINGS)
        for m, place in enumerate(PLACES)
    ]


def answers(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["question"]: row["answer"] for row in rows}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture
def asked_before(tmp_path: Path, chest: Path, out: Path) -> Iterator[Path]:
    """A file of three questions whose first two have been asked."""
    path = written(tmp_path, closed(chest)[:3])
    with reading(KnowingReaders(answers(closed(chest)))):
        evaluate(path, out=out, limit=2)
        yield path


@pytest.mark.process
def test_over_the_planner_the_agent_is_exactly_as_good_as_its_reader(
    tmp_path: Path, chest: Path, out: Path
) -> None:
    rows = closed(chest)
    readers = KnowingReaders(answers(rows), share=70)
    with reading(readers):
        done = evaluate(written(tmp_path, rows), out=out)
    expected = sum(readers._says(row["question"]) == f"{row['answer'].capitalize()}." for row in rows)
    assert 0 < expected < len(rows)
    for who in ("reader", "agent"):
        assert done.summary[who]["accuracy"]["all"]["value"] == pytest.approx(expected / len(rows))
        assert (done.summary[who]["errors"], done.summary[who]["unparsed"]) == (0, 0)
    assert {part["value"] for part in done.summary["difference"].values()} == {0.0}
    assert set(done.summary["difference"]) == {"all", "closed", "yes/no", *(f"category {p}" for p in PLACES)}
    assert done.summary["tool_choice"]["value"] == 1
    assert done.summary["reader"]["tokens_mean"] == 3
    assert "+0.0 points (no pair differed, n = 14; -35.4 to +35.4)" in (out / REPORT).read_text()
    assert sum(request.question == rows[0]["question"] for _, request in readers.asked) == 2
    with Assistant() as casebook:
        assert casebook.chats() == []


@pytest.mark.process
def test_however_a_closed_question_is_worded_the_planner_puts_it_to_the_reader(
    tmp_path: Path, chest: Path, out: Path
) -> None:
    words = [
        "Is there evidence of an aneurysm?",
        "Is this an axial image?",
        "Is this a CT image?",
        "Is the liver large in size?",
        "Has the left lung collapsed?",
        "Can CT be used to assess soft tissues?",
    ]
    rows: list[dict[str, Any]] = [{"question": text, "answer": "yes"} for text in words]
    rows.append({"question": "Which is it? Look closely.", "answer": "b", "choices": ["A cyst", "A mass"]})
    known = {text: "yes" for text in words} | {"Which is it? Look closely.\nA) A cyst\nB) A mass": "B"}
    with reading(KnowingReaders(known)):
        done = evaluate(written(tmp_path, [row | {"image": str(chest)} for row in rows]), out=out)
    assert done.summary["agent"]["accuracy"]["all"]["value"] == 1
    assert done.summary["difference"]["closed"]["value"] == 0


@pytest.mark.process
def test_the_folder_holds_every_answer_the_figures_a_picture_and_what_made_them(
    tmp_path: Path, chest: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    monkeypatch.setenv("CASEBOOK_SERVER_KEY", "a-secret-key")
    monkeypatch.setenv("CASEBOOK_DATABASE_URL", f"sqlite:///{tmp_path}/secret.db")
    rows = closed(chest)[:2]
    with reading(KnowingReaders(answers(rows))):
        done = evaluate(written(tmp_path, rows), out=out)
    assert {path.name for path in out.iterdir()} >= {RESULTS, SUMMARY, REPORT, FIGURE, VERSIONS}
    assert json.loads((out / SUMMARY).read_text()) == done.summary
    with Image.open(out / FIGURE) as picture:
        assert picture.format == "PNG"
        assert len(picture.convert("RGB").getcolors(10_000) or []) > 4
    versions = json.loads((out / VERSIONS).read_text())
    assert versions["package casebook"]
    assert versions["readers"] == {"radiographer": "unknown"}
    kept = b"".join(path.read_bytes() for path in out.iterdir() if path.suffix != ".png")
    assert b"secret" not in kept
    (first, _) = [json.loads(line) for line in (out / RESULTS).read_text().splitlines()]
    assert "radiographer says of img-1" in first["agent"]["text"]
    assert first["agent"]["tools"] == ["read_radiograph"]


@pytest.mark.process
def test_a_second_run_goes_on_where_the_first_stopped(asked_before: Path, out: Path) -> None:
    before = (out / RESULTS).read_bytes()
    told: list[tuple[int, int]] = []
    done = evaluate(asked_before, out=out, progress=lambda *at: told.append(at))
    assert (done.earlier, done.summary["asked"], told) == (2, 3, [(1, 3), (2, 3), (3, 3)])
    after = (out / RESULTS).read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == 3


@pytest.mark.process
@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_half_written_last_line_is_asked_again(asked_before: Path, out: Path, cut: int) -> None:
    content = (out / RESULTS).read_bytes()
    (out / RESULTS).write_bytes(content[:-cut])
    done = evaluate(asked_before, out=out, limit=2)
    assert (done.earlier, done.summary["asked"]) == (1, 2)
    rows = [json.loads(line) for line in (out / RESULTS).read_text().splitlines()]
    assert [row["line"] for row in rows] == [1, 2]


@pytest.mark.process
def test_changed_questions_settings_or_readers_are_not_gone_on_with(
    asked_before: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CaseError, match=r"made with other agent, so.*--again"):
        evaluate(asked_before, out=out, agent=False)
    with pytest.raises(CaseError, match="made with other reader alone, so"):
        evaluate(asked_before, out=out, reader="radiographer")
    monkeypatch.setenv("CASEBOOK_SAMPLES", "2")
    with pytest.raises(CaseError, match="made with other setting samples, so"):
        evaluate(asked_before, out=out)
    monkeypatch.delenv("CASEBOOK_SAMPLES")
    asked_before.write_text(asked_before.read_text().replace("yes", "no"))
    with pytest.raises(CaseError, match=r"made with other questions"):
        evaluate(asked_before, out=out)
    done = evaluate(asked_before, out=out, again=True, limit=1)
    assert (done.earlier, done.summary["asked"]) == (0, 1)


@pytest.mark.process
def test_a_folder_with_other_files_or_another_run_is_left_alone(asked_before: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all of it")
    with pytest.raises(CaseError, match="holds other files"):
        evaluate(asked_before, out=tmp_path / "mine")
    with pytest.raises(CaseError, match="is no folder"):
        evaluate(asked_before, out=tmp_path / "mine" / "thesis.txt")
    with FileLock(tmp_path / "results" / ".lock"), pytest.raises(CaseError, match="Another run"):
        evaluate(asked_before, out=tmp_path / "results")


@pytest.mark.process
def test_an_error_is_counted_and_asked_again(tmp_path: Path, chest: Path, out: Path) -> None:
    path = written(tmp_path, closed(chest)[:1])
    with reading(ScriptedReaders({"radiographer": [SetupError("It does not fit.")]})):
        done = evaluate(path, out=out, agent=False)
    assert done.summary["reader"]["errors"] == 1
    assert done.summary["reader"]["accuracy"]["all"]["value"] == 0
    with reading(KnowingReaders(answers(closed(chest)))):
        done = evaluate(path, out=out, agent=False)
    assert done.summary["reader"]["errors"] == 0
    assert done.summary["reader"]["accuracy"]["all"]["value"] == 1


@pytest.mark.process
def test_an_unreadable_picture_is_an_error_of_both_and_no_crash(tmp_path: Path, out: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    path = written(tmp_path, [{"image": "bad.png", "question": "Is there a mass?", "answer": "no"}])
    with reading(KnowingReaders({})):
        done = evaluate(path, out=out)
    assert [done.summary[who]["errors"] for who in ("reader", "agent")] == [1, 1]


@pytest.mark.process
def test_a_turn_that_fails_is_an_error_and_keeps_no_words_of_the_bug(
    tmp_path: Path, chest: Path, out: Path
) -> None:
    path = written(tmp_path, closed(chest)[:1])
    model = ScriptedModel(replies=[call("look", image_id="img-bug", question="?")])
    with Assistant(model=model, tools=[build_look()]) as casebook:
        done = evaluate(path, out=out, assistant=casebook, reader="none")
    assert done.summary["agent"]["errors"] == 1
    assert done.summary["agent"]["accuracy"]["all"]["value"] == 0
    assert "Jane Doe" not in (out / RESULTS).read_text() + (out / REPORT).read_text()


@pytest.mark.process
def test_a_reader_alone_sees_the_first_of_several_pictures(tmp_path: Path, chest: Path, out: Path) -> None:
    (tmp_path / "radiograph.dcm").write_bytes(draw("chest"))
    rows = [{"image": ["radiograph.dcm", str(chest)], "question": "Is there a mass?", "answer": "no"}]
    readers = KnowingReaders({"Is there a mass?": "no"})
    with reading(readers):
        evaluate(written(tmp_path, rows), out=out)
    (first, *others) = [request.pixels.shape for _, request in readers.asked]
    assert first in others
    assert len(set(others)) == 2


@pytest.mark.process
def test_abstaining_is_told_apart_from_being_wrong(tmp_path: Path, chest: Path, out: Path) -> None:
    rows = closed(chest)[:4]
    readers = ScriptedReaders({"radiographer": ["I cannot tell from this image.", "Yes."]})
    with reading(readers):
        done = evaluate(written(tmp_path, rows), out=out, agent=False)
    found = done.summary["reader"]
    right = sum(row["answer"] == "yes" for row in rows[1:])
    assert found["abstained"] == 1
    assert found["coverage"]["value"] == 0.75
    assert found["selective_accuracy"]["value"] == pytest.approx(right / 3)
    assert found["accuracy"]["all"]["value"] == pytest.approx(right / 4)
    assert "accuracy on what was answered" in (out / REPORT).read_text()


@pytest.mark.process
def test_without_a_reader_only_the_agent_is_asked(tmp_path: Path, chest: Path, out: Path) -> None:
    path = written(tmp_path, [*closed(chest)[:1], {"question": "What is dermoscopy?", "answer": "a lens"}])
    done = evaluate(path, out=out)
    assert done.summary["reader"] is None
    assert done.summary["agent"]["accuracy"]["all"]["items"] == 2
    assert "no reader is set up" in (out / REPORT).read_text()


def test_nobody_to_ask_or_a_reader_that_is_not_there_is_told(tmp_path: Path, chest: Path) -> None:
    path = written(tmp_path, closed(chest)[:1])
    with pytest.raises(CaseError, match="Nobody is to be asked"):
        evaluate(path, reader="none", agent=False)
    with pytest.raises(SetupError, match="No reader is set up"):
        evaluate(path, agent=False)
    with pytest.raises(SetupError):
        evaluate(path, reader="radiographer")
    with pytest.raises(CaseError, match="no reader"):
        evaluate(path, reader="pubmedclip")


@pytest.mark.process
def test_any_chat_model_can_be_the_agent_and_its_wrong_tool_is_counted(
    tmp_path: Path, chest: Path, out: Path
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "image": str(chest),
            "question": "Which kind of picture is it?",
            "answer": "A",
            "choices": ["CT", "Radiograph"],
        },
        {"image": str(chest), "question": "What is it?", "answer": "CT", "tool": "read_radiograph"},
        {"question": "Hello?", "answer": "hello", "tool": ""},
    ]
    model = ScriptedModel(replies=[AIMessage("The file of img-1 says that it is a CT.")])
    with Assistant(model=model) as casebook:
        done = evaluate(written(tmp_path, rows), out=out, assistant=casebook)
        assert casebook.chats() == []
    agent = done.summary["agent"]
    assert {name: part["value"] for name, part in agent["accuracy"].items()} == {
        "all": pytest.approx(1 / 3),
        "closed": 1,
        "choice": 1,
        "short": 0,
    }
    assert agent["short_contained"]["value"] == 1
    assert len(model.seen) == 2
    assert done.summary["tool_choice"]["value"] == 0.5
    assert json.loads((out / VERSIONS).read_text())["chat model"] == "ScriptedModel"


@pytest.mark.process
def test_answers_of_stand_ins_are_told_as_such(tmp_path: Path, chest: Path, out: Path) -> None:
    with reading(ScriptedReaders({"radiographer": ["Yes."]}, stand_in=True)):
        done = evaluate(written(tmp_path, closed(chest)[:1]), out=out)
    assert done.summary["reader"]["stand_in"]
    assert done.summary["agent"]["stand_in"]
    assert "stand-ins with random weights" in (out / REPORT).read_text()


@pytest.mark.process
def test_a_table_cell_cannot_break_the_report(tmp_path: Path, chest: Path, out: Path) -> None:
    rows = [{"image": str(chest), "question": "Is there a | fracture\nor <b>?", "answer": "no"}]
    with reading(ScriptedReaders({"radiographer": ["No.", "Yes."]})):
        evaluate(written(tmp_path, rows), out=out)
    (line,) = [line for line in (out / REPORT).read_text().splitlines() if "fracture" in line]
    assert line.count(" | ") == 6
    assert "<b>" not in line
