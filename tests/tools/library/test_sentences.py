"""What is said of the case library, and that an answer in another language says it again."""

from __future__ import annotations

import re

import pytest

from store.records import Holdings, LibraryCase, Quiz
from tools.language.retold import retell
from tools.language.sayings import FIRST, languages
from tools.library import sentences

LABELS = {"naevus": 1200, "melanoma": 3}
MANY = {f"label {n}": n for n in range(1, 20)}
HELD = Holdings(size=1203, among=1203, labels=LABELS, collections={"moles": 1200, "more": 3}, chosen="")
CHOSEN = Holdings(size=3, among=1203, labels={"melanoma": 3}, collections={"moles": 3}, chosen="“melanoma”")
CASE = LibraryCase(case_id="a", key="", label="naevus", caption="A mole.", source="a book", licence="CC0")
QUIZ = Quiz(seed=7, cases=("a", "b"), collection="moles", chosen="", labels=(), number=1,
            options=("naevus", "melanoma"), answered=1, right=1)  # fmt: skip

TOLD = {
    "held": sentences.number_of(HELD),
    "held, many labels": sentences.number_of(HELD.model_copy(update={"labels": MANY})),
    "chosen": sentences.number_of(CHOSEN),
    "shown": sentences.shown(HELD.model_copy(update={"order": "newest first"}), [CASE]),
    "shown at random": sentences.shown(CHOSEN.model_copy(update={"order": "at random", "seed": 7}), [CASE]),
    "none": sentences.none_fit("“cyst”", (), LABELS),
    "not used": sentences.not_used(["zebra"]),
    "saved": sentences.saved("img-1", "naevus", "naevus"),
    "saved under the library's word": sentences.saved("img-1", "nevus", "mole"),
    "there": sentences.already_there("img-1", "naevus"),
    "empty": sentences.told("empty"),
    "no order": sentences.told("no_order"),
    "question": sentences.question(QUIZ),
    "which": sentences.which(QUIZ),
    "begun": sentences.begun(QUIZ),
    "right": sentences.verdict(CASE, "naevus", right=True),
    "wrong": sentences.verdict(CASE, "melanoma", right=False),
    "score": sentences.score(QUIZ),
    "ended": sentences.ended(QUIZ),
    "too few": sentences.too_few("“skin”", 1),
}
_AS_IT_IS = re.compile(r"`[^`]*`|“[^”]*”|„[^“]*“|[A-Z]\) \w+|CASEBOOK_\w+")
_ENGLISH = {"the", "case", "cases", "library", "label", "labels", "with", "that", "and", "was", "right"}


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
@pytest.mark.parametrize("name", TOLD)
def test_what_the_library_says_is_said_again_in_every_language(name: str, language: str) -> None:
    told = retell(TOLD[name], language)
    assert not set(re.findall(r"[a-z]+", _AS_IT_IS.sub("", told))) & _ENGLISH - {"label", "labels"}, told


def test_numbers_and_labels_stay_what_they_are() -> None:
    assert sentences.number_of(HELD) == (
        "The case library holds 1,203 cases. By label: 1,200 “naevus”, 3 “melanoma”. By collection: 1,200 in "
        "moles, 3 in more. The labels are those that the cases were imported with."
    )
    told = retell(TOLD["held"], "de")
    assert "1\u202f203 Fälle" in told and "1\u202f200 „naevus“, 3 „melanoma“" in told
    assert sentences.counted(MANY).endswith("8 “label 8” and 7 more labels")
