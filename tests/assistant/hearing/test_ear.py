"""The shipped ear: what it gives, what it needs, and what it does without its file."""

import subprocess
import sys

import pytest

from assistant.hearing import ear
from assistant.hearing.ear import hear, heard_with
from store.errors import SetupError
from tests.growth import growth
from tests.rules import HEAVY

LETTER = "Dear team, last spring I sent in two films of the same knee and heard nothing about them. "


def test_scores_of_intents_and_of_languages_add_up_to_one_and_the_likeliest_comes_first():
    heard = hear("how wide is that mark on the arm?")
    for shares in (heard.intents, heard.languages):
        scores = [score for _, score in shares]
        assert sum(scores) == pytest.approx(1, abs=1e-4)
        assert scores == sorted(scores, reverse=True)
    assert heard.best == heard.intents[0]


def test_an_alarm_is_a_score_that_reaches_its_threshold():
    heard = hear("he turned blue and does not breathe at all")
    limits = dict(zip(ear.numbers()["people"].tolist(), ear.numbers()["thresholds"].tolist(), strict=True))
    assert heard.alarms == {name for name, score in heard.people.items() if score >= limits[name]}
    assert "danger_body" in heard.alarms


def test_no_text_at_all_is_heard_without_a_fault():
    assert hear("").alarms == frozenset()


@pytest.mark.process
def test_nothing_heavy_is_imported_before_the_first_message():
    code = "import sys, assistant.hearing.ear; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not (HEAVY | {"numpy"}) & {name.split(".")[0] for name in loaded.stdout.split()}


def test_a_longer_letter_takes_no_more_than_its_length():
    learned = ear.numbers()
    assert growth(lambda size: heard_with(learned, LETTER * (size // len(LETTER))), 200_000) < 2.5


@pytest.fixture
def file(tmp_path, monkeypatch):
    ear.numbers.cache_clear()
    monkeypatch.setattr(ear, "MODEL_FILE", tmp_path / "ear.npz")
    yield tmp_path / "ear.npz"
    ear.numbers.cache_clear()


@pytest.mark.parametrize("held", [None, b"", b"PK and no more"])
def test_a_file_that_is_missing_or_damaged_is_a_fault_of_the_setup(file, held):
    if held is not None:
        file.write_bytes(held)
    with pytest.raises(SetupError, match="missing or damaged"):
        ear.numbers()


def test_a_file_of_another_version_is_not_used(file):
    import numpy as np

    np.savez(file, version=np.array(0))
    with pytest.raises(SetupError, match="another version"):
        ear.numbers()
