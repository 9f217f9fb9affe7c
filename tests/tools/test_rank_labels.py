"""`rank_labels`: what is said with a ranking, and what is refused before anything is loaded."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from store.errors import ToolUseError
from store.records import Finding
from tools.models.encoders.clip_words import CAUTION, CROPPED
from tools.models.installed_encoders import Encoders, EncoderSettings
from tools.models.memory.residency import Residency
from tools.rank_labels import NEGATED, LabelRanker, Ranking, findings, sentences

SHARES = (("pneumonia", 0.7), ("effusion", 0.296), ("normal", 0.004))


def ranking(*shares: tuple[str, float], cropped: bool = False, stand_in: bool = False) -> Ranking:
    return Ranking(shares or SHARES, cropped, "abc, centre crop", stand_in)


def test_every_label_is_named_with_its_share_and_the_caution() -> None:
    said = sentences(ranking(), "img-1")
    assert said == (
        "PubMedCLIP ranks the 3 labels that you named for img-1: “pneumonia” 0.70, “effusion” 0.30, “normal” "
        f"under 0.01. {CAUTION}"
    )


def test_a_picture_that_is_not_square_is_said_to_be_cropped() -> None:
    assert sentences(ranking(cropped=True), "img-1").endswith(CROPPED)


def test_two_labels_that_fit_nearly_alike_are_said_to_be_close() -> None:
    close = sentences(ranking(("cyst", 0.52), ("tumour", 0.48)), "img-1")
    assert "close together, so their order says little" in close
    assert "close together" not in sentences(ranking(("cyst", 0.6), ("tumour", 0.4)), "img-1")


def test_a_label_with_a_negation_gets_its_warning() -> None:
    assert NEGATED in sentences(ranking(("fracture", 0.7), ("no fracture", 0.3)), "img-1")
    assert NEGATED in sentences(ranking(("fracture", 0.7), ("bone without fracture", 0.3)), "img-1")
    assert NEGATED not in sentences(ranking(("nodule", 0.7), ("normal", 0.3)), "img-1")


def test_a_stand_in_says_so_and_its_shares_are_no_records() -> None:
    made = ranking(stand_in=True)
    assert sentences(made, "img-1").startswith(
        "PubMedCLIP (a stand-in with random weights: its ranking means"
    )
    records = findings(made, "img-1")
    assert [one.score for one in records if isinstance(one, Finding)] == [None] * 3
    assert all("stand-in" in one.text for one in records if isinstance(one, Finding))


def test_records_keep_labels_shares_and_who_says_so() -> None:
    records = [one for one in findings(ranking(), "img-1") if isinstance(one, Finding)]
    assert [(one.label, one.score, one.model) for one in records] == [
        (label, share, "pubmedclip") for label, share in SHARES
    ]
    assert "not a probability" in records[0].text


def test_a_turn_that_does_not_come_in_time_is_told(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tools.models.stand_ins import clip

    settings = EncoderSettings(tmp_path, folders={"pubmedclip": clip.build(tmp_path / "clip")}, device="cpu")
    encoders = Encoders(settings, Residency())
    ranker = LabelRanker(encoders, threading.Event(), time.monotonic() + 0.2, lambda _: None)

    def meanwhile(_: object) -> Ranking:
        return ranker.rank(np.zeros((8, 8, 3), np.uint8), ["cyst", "tumour"])

    with pytest.raises(ToolUseError, match="did not come in time"):
        encoders.run("pubmedclip", meanwhile)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["pneumonia"], "at least two labels"),
        (["pneumonia", "left effusion"], "cannot tell left from right"),
        (["pneumonia", "x" * 78], "77 characters"),
        ([f"label {i}" for i in range(21)], "Up to 20 labels"),
    ],
)
def test_labels_that_cannot_be_ranked_are_refused_before_anything_is_loaded(
    labels: list[str], said: str
) -> None:
    nowhere = Encoders(EncoderSettings(Path("nowhere")), Residency())
    ranker = LabelRanker(nowhere, threading.Event(), 0.0, pytest.fail)
    with pytest.raises(ToolUseError, match=said):
        ranker.rank(np.zeros((8, 8, 3), np.uint8), labels)
