"""Heads: what they answer, when they abstain, and how they are kept."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from store.errors import CaseError
from tests.inputs.few_shot_heads import SIZE, Clouds, head
from tools.few_shot.head import HeadShelf, check_name


def test_a_kept_head_answers_as_it_did_before(tmp_path: Path) -> None:
    made, shelf = head(), HeadShelf(tmp_path)
    folder = shelf.keep(made, {"CARD.md": b"card"})
    back = shelf.read("clouds")
    assert back.answer(made.vectors[3]) == made.answer(made.vectors[3])
    assert asdict(back.figures) == asdict(made.figures)
    assert (back.labels, back.ids, back.encoder) == (made.labels, made.ids, made.encoder)
    assert (folder / "CARD.md").read_bytes() == b"card"


def test_scores_are_ordered_and_add_up_to_one() -> None:
    made = head()
    for vector in made.vectors[:6]:
        scores = list(made.answer(vector).scores.values())
        assert scores == sorted(scores, reverse=True)
        assert sum(scores) == pytest.approx(1, abs=1e-5)


def test_a_head_abstains_on_what_looks_unlike_every_training_case() -> None:
    made = head()
    far = -made.vectors.mean(axis=0) / np.linalg.norm(made.vectors.mean(axis=0))
    answer = made.answer(far.astype(np.float32))
    assert answer.scores == {}
    assert answer.similarity < made.near
    assert made.answer(made.vectors[0]).scores


def test_a_head_knows_its_own_training_cases() -> None:
    made = head()
    assert made.answer(made.vectors[0], made.ids[0]).trained_on
    assert not made.answer(made.vectors[0], "f" * 32).trained_on


def test_a_higher_temperature_evens_the_scores_out() -> None:
    made = head()
    warm = replace(made, figures=replace(made.figures, temperature=50 * made.figures.temperature))
    assert max(warm.answer(made.vectors[0]).scores.values()) < max(
        made.answer(made.vectors[0]).scores.values()
    )


def test_heads_are_named_with_the_last_trained_first(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path / "heads")
    assert shelf.names() == []
    for name in ("one", "two"):
        shelf.keep(head(name), {})
    assert shelf.names()[0] == "two"
    shelf.remove("two")
    assert shelf.names() == ["one"]
    with pytest.raises(CaseError, match=r"no classifier 'two'\. Trained: one"):
        shelf.read("two")


def test_training_again_replaces_the_head_and_its_files(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path)
    shelf.keep(head(), {"old.png": b"x"})
    folder = shelf.keep(head(), {"new.png": b"y"})
    assert sorted(path.name for path in folder.iterdir()) == ["head.json", "head.npz", "new.png"]
    assert [path.name for path in tmp_path.iterdir()] == ["clouds"]


@pytest.mark.parametrize("name", ["", "Nevus", "../x", "a b", "-a", ".new", "x" * 41, "ä"])
def test_a_name_that_is_no_plain_word_is_refused(name: str) -> None:
    with pytest.raises(CaseError, match="small letters, digits and hyphens"):
        check_name(name)


@pytest.mark.parametrize("damage", ["no numbers", "cut", "other shape", "objects", "no facts", "list"])
def test_damaged_files_are_told_with_the_way_out(tmp_path: Path, damage: str) -> None:
    shelf = HeadShelf(tmp_path)
    folder = shelf.keep(head(), {})
    numbers, facts = folder / "head.npz", folder / "head.json"
    arrays = dict(np.load(numbers))
    if damage == "no numbers":
        numbers.unlink()
    elif damage == "cut":
        numbers.write_bytes(numbers.read_bytes()[:200])
    elif damage == "other shape":
        np.savez(numbers, **{**arrays, "weights": np.zeros((5, SIZE), np.float32)})
    elif damage == "objects":
        np.savez(numbers, **{**arrays, "bias": np.array([{}, {}], dtype=object)})
    elif damage == "no facts":
        facts.write_text(json.dumps({"labels": []}))
    else:
        facts.write_text("[1]")
    with pytest.raises(CaseError, match=r"damaged.*--remove clouds"):
        shelf.read("clouds")


def test_a_folder_without_facts_is_no_head(tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    shutil.copytree(tmp_path / "half", tmp_path / "Other")
    assert HeadShelf(tmp_path).names() == []


@pytest.mark.process
def test_a_head_needs_no_scikit_learn_to_answer(tmp_path: Path) -> None:
    import subprocess
    import sys

    HeadShelf(tmp_path).keep(head(clouds=Clouds()), {})
    program = (
        "import sys, pathlib; from tools.few_shot.head import HeadShelf; "
        f"h = HeadShelf(pathlib.Path({str(tmp_path)!r})).read('clouds'); "
        "assert h.answer(h.vectors[0]).scores; assert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_only_heads_that_do_better_than_guessing_name_their_domain(tmp_path: Path) -> None:
    shelf = HeadShelf(tmp_path)
    assert shelf.domains() == frozenset()
    shelf.keep(head("guesses", Clouds(apart=0.0)), {})
    assert shelf.domains() == frozenset()
    shelf.keep(head(), {})
    assert shelf.domains() == {"dermatology"}
    (tmp_path / "clouds" / "head.json").write_text("{", "utf-8")
    assert shelf.domains() == frozenset()
