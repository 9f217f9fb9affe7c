"""Texts of like meaning are like, in other words and in other languages; what is taught is learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.hearing import meaning
from assistant.hearing.meaning import BINS, meanings, pieces_of
from store.errors import SetupError


def like(one: str, other: str) -> float:
    first, second = meanings([one, other])
    return float(first @ second)


@pytest.mark.parametrize(
    ("one", "same", "another"),
    [
        ("how much radiation is a chest film", "dose of a chest x-ray", "why is fat bright on T1"),
        ("why is the picture blurred", "the image is not sharp, how come", "normal size of the heart"),
        ("warum ist Knochen weiß", "why are bones white", "how is a mole photographed"),
        ("cuánto mide un apéndice normal", "normal width of the appendix", "what is noise in CT"),
        ("is it dangerous in pregnancy", "Röntgen in der Schwangerschaft", "Fensterung in der CT"),
    ],
)
def test_like_meanings_are_liker_than_others(one: str, same: str, another: str) -> None:
    assert like(one, same) > like(one, another)


def test_meanings_are_unit_vectors_each_for_itself() -> None:
    texts = ["a lung", "", "?", "two naevi on the back"]
    together = meanings(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together, np.concatenate([meanings([one]) for one in texts]), atol=1e-6)


def test_misspelt_words_share_pieces() -> None:
    right, wrong = set(pieces_of("pneumothorax")), set(pieces_of("pnuemothorax"))
    assert len(right & wrong) >= 6
    assert max(right | wrong) < 2 * BINS


def test_a_file_that_is_missing_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "MODEL_FILE", tmp_path / "meaning.npz")
    meaning._vectors.cache_clear()
    try:
        with pytest.raises(SetupError, match="missing"):
            meanings(["a lung"])
    finally:
        monkeypatch.undo()
        meaning._vectors.cache_clear()


def test_what_is_taught_is_learned() -> None:
    from assistant.hearing.train_meaning import LENGTH, as_bytes, learn

    words = ["lung heart", "heart lung film", "mole skin", "skin naevus mole"]
    targets = np.zeros((4, LENGTH), np.float32)
    targets[:2, 0] = targets[2:, 1] = 1
    held = [pieces_of(one) for one in words] * 3_000
    learned = as_bytes(learn(held, np.tile(targets, (3_000, 1)), [[held[0], held[1]], [held[2], held[3]]]))

    def come_to(text: str) -> np.ndarray:
        summed = learned[pieces_of(text)].astype(float).sum(axis=0)
        return summed / np.linalg.norm(summed)

    assert come_to("heart") @ come_to("lung") > come_to("heart") @ come_to("naevus") + 0.5
