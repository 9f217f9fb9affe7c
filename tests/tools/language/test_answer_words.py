"""The words by which answers are read, a row for each list."""

from __future__ import annotations

import pytest

from tools.language.attributes import attributes
from tools.language.doubt import is_doubtful, is_softened, is_strong
from tools.language.fractions import shares
from tools.language.speakers import quoted_models, quoted_others
from tools.language.terms import mentions, wide
from tools.language.textbook import is_at_hand, is_general


@pytest.mark.parametrize(
    ("text", "axis", "name"),
    [("a tiny cyst", "severity", "small"), ("several cysts", "amount", "many"),
     ("an old scar", "age", "chronic"), ("a ragged edge", "shape", "irregular"),
     ("a violet spot", "colour", "purple"), ("apical", "place", "upper"),
     ("three weeks ago", "history", "duration"), ("without any doubt", "certainty", "sure"),
     ("a bone window", "picture", "window"), ("at L4/5", "level", "l4/5")],
)  # fmt: skip
def test_what_is_said_of_findings_has_its_axis_and_one_name(text: str, axis: str, name: str) -> None:
    assert (axis, name) in [(one, called) for one, called, _, _ in attributes(text)]


def test_doubt_reaches_what_stands_near_it() -> None:
    text = "Possible nodule, and a rib fracture."
    assert is_doubtful(text, 9, 15)
    assert not is_doubtful(text, text.index("rib"), len(text) - 1)
    assert is_softened("It looks like a cyst.") and not is_softened("It is a cyst.")
    assert is_strong("It is likely.") and not is_strong("It is unlikely.")


def test_a_textbook_sentence_is_told_from_one_about_an_image() -> None:
    assert is_general("Cysts are usually round.")
    assert is_general("A cyst is a sac of fluid.")
    assert not is_general("This image shows what is usually a cyst.")
    assert is_at_hand("There is a cyst here: img-1.")


def test_speakers_are_heard_where_they_speak() -> None:
    assert [who for who, _, _ in quoted_others("A dermatologist agreed.")] == ["A dermatologist"]
    assert not list(quoted_others("Only a dermatologist can say."))
    assert [who for who, _, _ in quoted_models("babydoctor says so.")] == ["babydoctor"]
    assert not list(quoted_models("babydoctor was not asked."))


def test_shares_in_words_have_their_value() -> None:
    assert [round(one, 2) for one, _, _ in shares("Half of it, two thirds of the rest")] == [0.5, 0.67]
    assert not list(shares("the second half"))


def test_names_of_the_vocabulary_are_found_the_longest_first() -> None:
    found = [one for one in mentions("A basal cell carcinoma, not PE, near the windpipe.")]
    assert [sorted(one.ids) for one in found] == [
        ["basal-cell-carcinoma"],
        ["pulmonary-embolism"],
        ["trachea"],
    ]
    assert [one.found for one in found] == [True, True, False]
    assert not list(mentions("a pe of cash in one network"))
    assert "lung" in wide()
