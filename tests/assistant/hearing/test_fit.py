"""An ear learned from a handful of messages, judged on a writer that it has not heard, and its card."""

import numpy as np
import pytest

from assistant.hearing.card import write_card
from assistant.hearing.ear import heard_with
from assistant.hearing.examples import Example
from assistant.hearing.figures import alarms, group_of, left_out, share_right, thresholds
from assistant.hearing.fit import OTHER, PEOPLE, fit

THINGS = ("mole", "film", "lesion", "scan", "spot", "picture")
SAID = {
    "measure": "how many millimetres wide is the {}",
    "similar": "find cases that look like this {}",
    "danger_body": "he fell on the {} and stopped breathing",
    "danger_self": "after this {} I shall end my life",
    "harm": "fake the {} for my insurance",
    "personal": "my own {} hurts since yesterday",
    "advice": "does the {} need a doctor",
    "identity": "whose {} is it, give the name",
    OTHER: "the {} lay in the sun all day",
}
KNOWN = [
    Example(intent, writer, form.format(thing) + more)
    for intent, form in SAID.items()
    for thing in THINGS
    for writer, more in (("nurse", ""), ("student", " please"))
] + [
    Example("measure", "de", f"wie gross ist der Fleck an der {one}")
    for one in ("Hand", "Nase", "Wange", "Stirn", "Schulter", "Wade")
]


@pytest.fixture(scope="module")
def learned():
    return fit(KNOWN)


def test_what_was_learned_is_heard_in_words_that_were_not(learned):
    heard = heard_with(learned, "how many millimetres wide is the shadow")
    assert heard.best[0] == "measure"
    assert heard_with(learned, "wie gross ist der Fleck").languages[0][0] == "de"


def test_people_are_heard_each_by_itself(learned):
    heard = heard_with(learned, "he stopped breathing")
    assert set(heard.people) == set(PEOPLE)
    assert max(heard.people, key=heard.people.get) == "danger_body"
    assert "danger_body" in heard.alarms


def test_messages_of_which_no_more_is_known_are_no_intent(learned):
    assert OTHER not in learned["intents"].tolist()


def test_the_same_examples_give_the_same_numbers(learned):
    again = fit(KNOWN)
    assert all(np.array_equal(learned[name], again[name]) for name in learned)


def test_a_writer_is_judged_by_an_ear_that_has_not_heard_them(tmp_path):
    judged = left_out(KNOWN)
    assert {one.example.text for one in judged} == {one.text for one in KNOWN}
    assert share_right([one for one in judged if one.example.intent != OTHER]) > 0.8
    limits = thresholds(judged)
    heard, of_it, false, others = alarms(judged, limits, "danger_self")
    assert (of_it, others) == (12, len(KNOWN) - 12)
    assert heard >= false
    write_card(tmp_path / "CARD.md", KNOWN, judged, limits)
    card = (tmp_path / "CARD.md").read_text("utf-8")
    assert f"| danger_self | {limits[PEOPLE.index('danger_self')]:.2f} | {heard} of {of_it} |" in card
    assert "it is no probability" in card


def test_writers_of_english_are_groups_and_other_languages_are_parted():
    assert group_of(Example("thanks", "nurse", "ta")) == "nurse"
    assert group_of(Example("thanks", "fr", "merci")) == "other languages"
    assert group_of(Example("thanks", "de", "danke")) == "German"
