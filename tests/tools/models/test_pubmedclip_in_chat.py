"""PubMedCLIP in a chat: it ranks the labels the user names, and says what it takes an image for."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answers.answer import Answer
from assistant.chat import Assistant
from store.pictures.image import Image
from store.records import Gate
from tests.packages import needs
from tools.models.encoders.clip_words import CAUTION, CROPPED
from tools.models.stand_ins import build_stand_in
from tools.models.systems.cards import SYSTEMS
from tools.models.weights.checkpoints import MARK

pytestmark = needs("torch")


PIXELS = np.random.default_rng(5).integers(0, 256, (1, 90, 130, 3), dtype=np.uint8)
RADIOGRAPH = Image(PIXELS, "DICOM", modality="DX", body_part="chest")
UNSTATED = Image(PIXELS, "PNG")
RANK = "Which fits best: pneumonia, effusion or normal?"


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_stand_in("pubmedclip", tmp_path_factory.mktemp("clip")).path


@pytest.fixture(scope="module")
def weights(stand_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same random weights without the mark of a stand-in, so that they are taken for real ones."""
    folder = shutil.copytree(stand_in, tmp_path_factory.mktemp("weights") / "clip")
    (folder / MARK).unlink()
    return folder


@pytest.fixture
def guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate takes every picture without a header for an X-ray of some body part."""
    gate = Gate(domain="radiology", modality="DX", known_from="pixels", score=0.8)
    monkeypatch.setattr("tools.gate.modality.identify", lambda _: gate)


def ask(monkeypatch: pytest.MonkeyPatch, weights: Path, *questions: str, image: Image) -> Answer:
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PATH", str(weights))
    monkeypatch.setenv("CASEBOOK_DEVICE", "cpu")
    with Assistant() as casebook:
        chat = casebook.chat()
        for n, question in enumerate(questions):
            answer = chat.ask(question, images=[] if n else [image])
    return answer


def records(answer: Answer, tool: str) -> list[dict[str, Any]]:
    (one,) = [found for found in answer.evidence if found.tool == tool]
    return [dict(record) for record in one.records if record["kind"] == "finding"]


def test_the_users_labels_are_ranked_with_all_cautions(
    monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    answer = ask(monkeypatch, weights, RANK, image=RADIOGRAPH)
    assert answer.text.startswith("PubMedCLIP ranks the 3 labels that you named for img-1: “")
    assert CAUTION in answer.text and CROPPED in answer.text
    found = records(answer, "rank_labels")
    assert {one["label"] for one in found} == {"pneumonia", "effusion", "normal"}
    assert sum(one["score"] for one in found) == pytest.approx(1)
    assert SYSTEMS["pubmedclip"].disclaimers[0] in answer.disclaimers


def test_two_rankings_in_one_question_are_both_answered(
    monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    answer = ask(monkeypatch, weights, f"{RANK} Which fits better, cyst or tumour?", image=RADIOGRAPH)
    assert "the 3 labels" in answer.text and "the 2 labels" in answer.text


def test_padding_shows_the_whole_picture_so_nothing_is_called_cropped(
    monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    monkeypatch.setenv("CASEBOOK_PUBMEDCLIP_PAD", "true")
    answer = ask(monkeypatch, weights, RANK, image=RADIOGRAPH)
    assert CAUTION in answer.text and CROPPED not in answer.text
    assert "padded" in answer.evidence[0].revision


def test_a_side_and_a_skin_image_are_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    side = ask(monkeypatch, weights, "which fits best: left effusion or normal?", image=RADIOGRAPH)
    assert "cannot tell left from right" in side.text
    skin = ask(monkeypatch, weights, RANK, image=Image(PIXELS, "PNG", modality="XC"))
    assert "made for radiology images" in skin.text and "clinical photograph" in skin.text
    assert "casebook library train" in skin.text


def test_why_names_who_ranked(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    assert "pubmedclip said: “" in ask(monkeypatch, weights, RANK, "why?", image=RADIOGRAPH).text


def test_a_stand_in_ranks_and_says_that_it_means_nothing(
    monkeypatch: pytest.MonkeyPatch, stand_in: Path
) -> None:
    answer = ask(monkeypatch, stand_in, RANK, image=RADIOGRAPH)
    assert "a stand-in with random weights" in answer.text
    assert {one["score"] for one in records(answer, "rank_labels")} == {None}


@pytest.mark.usefixtures("guessed")
def test_an_image_without_a_header_gets_a_second_opinion_and_keeps_its_gate(
    monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    answer = ask(monkeypatch, weights, "which body part is it?", image=UNSTATED)
    (found,) = records(answer, "inspect_image")
    assert found["model"] == "pubmedclip" and 0 < found["score"] <= 1
    assert found["text"] in answer.text
    assert "img-1 looks like an X-ray (estimated from its pixels" in answer.text
    (image,) = answer.images
    assert (image.modality, image.body_part) == ("DX", None)


@pytest.mark.usefixtures("guessed")
def test_a_stand_ins_second_opinion_changes_nothing(monkeypatch: pytest.MonkeyPatch, stand_in: Path) -> None:
    answer = ask(monkeypatch, stand_in, "what is this?", image=UNSTATED)
    assert "but it is a stand-in with random weights here: what it says means nothing" in answer.text
    (found,) = records(answer, "inspect_image")
    assert found["score"] is None


@pytest.mark.usefixtures("guessed")
def test_a_checkpoint_that_does_not_load_does_not_cost_the_answer(
    monkeypatch: pytest.MonkeyPatch, weights: Path, tmp_path: Path
) -> None:
    broken = shutil.copytree(weights, tmp_path / "broken")
    (broken / "config.json").write_text("{}")
    answer = ask(monkeypatch, broken, "what is this?", image=UNSTATED)
    assert answer.state == "answered"
    assert "img-1 looks like an X-ray" in answer.text
    assert "casebook models verify pubmedclip" in answer.text


def test_a_header_is_not_argued_with_and_nothing_is_loaded(
    monkeypatch: pytest.MonkeyPatch, weights: Path
) -> None:
    monkeypatch.setattr("tools.models.installed_encoders.open_encoder", pytest.fail)
    answer = ask(monkeypatch, weights, "what is this?", image=RADIOGRAPH)
    assert "PubMedCLIP" not in answer.text
    assert records(answer, "inspect_image") == []
