"""The model card says what was measured, and what was not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.inputs.few_shot_heads import Clouds, head
from tools.few_shot.card import calibration_sentence, card, cautions, trust
from tools.language.retold import retell


def test_the_card_names_labels_figures_and_limits() -> None:
    made = head()
    text = card(made)
    assert text.startswith("# clouds\n")
    assert "| nevus | 24 | 12 |" in text
    assert f"Balanced accuracy {100 * made.figures.balanced_accuracy:.0f} %" in text
    assert "fewer than 75 groups, so roughly: nevus, wart" in text
    assert f"less alike than {made.near:.2f}" in text
    assert "not a diagnosis" in text
    assert "probab" not in text


def test_a_head_no_better_than_guessing_is_called_so() -> None:
    assert "includes guessing" in card(head(clouds=Clouds(apart=0.0)))
    assert "includes guessing" not in card(head())


def test_scores_are_called_calibrated_only_when_it_was_shown() -> None:
    made = head()
    assert "uncalibrated: a calibration curve takes 200 right and 200 wrong" in calibration_sentence(made)
    shown = replace(made, figures=replace(made.figures, calibrated=True))
    assert "calibrated on this collection, n=48" in calibration_sentence(shown)
    many = tuple(tuple(1000 for _ in row) for row in made.figures.confusion)
    off = replace(made, figures=replace(made.figures, confusion=many, cases=(2000, 2000)))
    assert "leaves the diagonal" in calibration_sentence(off)


def test_a_label_cannot_break_the_table() -> None:
    made = replace(head(), labels=("a|b", "c"))
    assert "| a\\|b | 24 |" in card(made)


def test_a_head_that_never_erred_is_not_said_to_be_certain() -> None:
    said = " ".join(card(head(clouds=Clouds(apart=20.0))).split())
    # Twelve groups of each label, 24 in all: 24 / (24 + 1.96²).
    assert "Balanced accuracy 100 % (95 % interval 86 to 100 %)" in said
    assert "Wilson's where every answer is right" in said


@pytest.mark.parametrize("language", ["de", "es"])
def test_what_is_measured_and_cautioned_is_told_whole_in_the_language(language: str) -> None:
    made, chance = head(), head(clouds=Clouds(apart=0.0))
    shown = replace(made, figures=replace(made.figures, calibrated=True))
    many = tuple(tuple(1000 for _ in row) for row in made.figures.confusion)
    off = replace(made, figures=replace(made.figures, confusion=many, cases=(2000, 2000)))
    for one in (made, chance, shown, off):
        for text in (trust(one), *cautions(one)):
            said = retell(text, language)
            assert not re.search(r"\b(?:the|are|of|its|answers|takes|groups)\b", said), said
