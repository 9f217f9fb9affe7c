from __future__ import annotations

import pytest

from store.errors import CaseError
from store.records import MODALITY_WORDS
from tools.models.encoders.clip_words import LONGEST_TEXT, PROMPTS, checked_labels, checked_texts


def test_every_prompt_is_as_short_as_the_captions_of_the_training() -> None:
    assert all(len(text) < LONGEST_TEXT for _, _, text in PROMPTS)
    assert len({text for _, _, text in PROMPTS}) == len(PROMPTS)


def test_the_prompts_hold_the_labels_of_the_card_and_codes_of_dicom() -> None:
    assert {"Chest X-Ray", "Brain MRI", "Abdominal CT Scan"} <= {text for _, _, text in PROMPTS}
    assert {code for code, _, _ in PROMPTS} == {"DX", "CT", "MR", "US", "MG"} <= set(MODALITY_WORDS)


def test_labels_lose_outer_blanks_and_keep_their_order() -> None:
    assert checked_labels([" effusion ", "no effusion"]) == ["effusion", "no effusion"]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["effusion"], "at least two"),
        ([], "at least two"),
        (["Effusion", "effusion "], "the same"),
        (["effusion", "  "], "empty"),
        (["effusion", "e" * 78], "77 characters"),
        (["left effusion", "normal"], "cannot tell left from right"),
        (["normal", "Right-sided pneumothorax"], "cannot tell left from right"),
        (["normal", "effusion<|endoftext|> x"], "commands"),
    ],
)
def test_labels_that_cannot_be_compared_are_refused(labels: list[str], said: str) -> None:
    with pytest.raises(CaseError, match=said):
        checked_labels(labels)


def test_words_that_only_contain_a_side_are_no_side() -> None:
    assert checked_labels(["bright lesion", "cleft palate"]) == ["bright lesion", "cleft palate"]


def test_a_search_may_name_a_side_and_77_characters_are_read() -> None:
    assert checked_texts(["left lung", "e" * 77]) == ["left lung", "e" * 77]
