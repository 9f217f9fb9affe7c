"""`casebook library train` and `heads`, and the same classifier asked in a chat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from tests.inputs.case_library import RED, mole, moles, save

Capsys = pytest.CaptureFixture[str]
TRAIN = ["library", "train", "spots", "--collection", "casebook-skin-1"]


@pytest.fixture
def imported(tmp_path: Path, capsys: Capsys) -> Path:
    assert main(["library", "import", str(moles(tmp_path / "set", 40))]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.process
def test_a_trained_classifier_is_listed_asked_and_removed(imported: Path, home: Path, capsys: Capsys) -> None:
    assert main(TRAIN) == 0
    shown = capsys.readouterr()
    assert "spots: angioma, nevus; on casebook-skin-1, version 1. In cross-validation by group" in shown.out
    assert "model card" in shown.err
    assert (home / "library" / "heads" / "spots" / "CARD.md").is_file()

    assert main(["library", "heads", "--json"]) == 0
    (head,) = json.loads(capsys.readouterr().out)["heads"]
    assert head["labels"] == ["angioma", "nevus"]
    assert head["figures"]["cases"] == [20, 20]

    photo = imported / save(imported, "new.png", mole(1_000, RED))
    ask = ["ask", "treat img-1 as dermoscopy. Which of my labels fits?", "--image", str(photo), "--json"]
    assert main(ask) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "nearest to “angioma”" in answer["text"]
    (found,) = [one for one in answer["evidence"] if one["tool"] == "classify_with_my_labels"]
    assert [record["kind"] for record in found["records"]] == ["finding", "finding", "picture", "picture"]
    assert any("sorts pictures into your labels" in text for text in answer["disclaimers"])

    assert main(["library", "heads", "--remove", "spots"]) == 0
    capsys.readouterr()
    assert main(["library", "heads"]) == 0
    assert "No classifier has been trained" in capsys.readouterr().err


@pytest.mark.process
def test_what_cannot_be_trained_is_for_the_user(imported: Path, capsys: Capsys) -> None:
    assert main([*TRAIN, "--label", "nevus", "--label", "moon"]) == 2
    assert "No case has the label 'moon'" in capsys.readouterr().err
    assert main(["library", "train", "spots", "--collection", "moon"]) == 2
    assert "casebook-skin-1 (dermatology, 40 cases)" in capsys.readouterr().err


@pytest.mark.process
def test_a_chat_without_a_classifier_says_how_to_train_one(tmp_path: Path, capsys: Capsys) -> None:
    photo = tmp_path / save(tmp_path, "new.png", mole())
    assert main(["ask", "treat img-1 as dermoscopy. Classify it", "--image", str(photo)]) == 0
    assert "casebook library train NAME" in capsys.readouterr().out
