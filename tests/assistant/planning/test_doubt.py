"""When somebody is asked back, and with which two readings."""

import pytest

from assistant.planning.doubt import TO_ASK_BACK, in_doubt, nearest, two_of


def test_rules_and_ear_that_differ_are_both_named():
    assert in_doubt("quality", [("teach", 0.6), ("quality", 0.2)]) == ("quality", "teach")
    assert in_doubt("read", [("teach", 0.8), ("read", 0.2)]) == ("read", "teach")


def test_where_they_agree_nothing_is_asked_unless_the_ear_is_unsure():
    assert in_doubt("read", [("read", 0.8), ("teach", 0.2)]) == ()
    assert in_doubt("read", [("read", 0.4), ("teach", 0.3)]) == ("read", "teach")


def test_what_is_hardly_heard_is_not_named():
    assert in_doubt("read", [("read", 0.4), ("teach", 0.01)]) == ()


def test_an_ear_that_differs_has_to_be_surer_than_not():
    assert in_doubt("quality", [("teach", 0.45), ("quality", 0.4)]) == ()
    assert in_doubt("read", [("teach", 0.6), ("read", 0.4)]) == ()


def test_nobody_is_asked_which_of_two_like_answers_they_want():
    assert in_doubt("read", [("what_is", 0.9), ("teach", 0.1)]) == ()


def test_without_an_ear_there_is_no_doubt():
    assert in_doubt("read", []) == ()


@pytest.mark.parametrize("intent", ["danger", "harm", "thanks", "unclear"])
def test_what_nobody_is_asked_whether_they_meant_leaves_no_doubt(intent):
    assert in_doubt(intent, [("teach", 0.9)]) == ()
    assert in_doubt("read", [(intent, 0.9), ("teach", 0.05)]) == ()


def test_a_narrower_intent_is_asked_back_as_the_wider_one():
    assert nearest("header") == "facts"
    assert in_doubt("header", [("facts", 0.9), ("teach", 0.1)]) == ()
    assert two_of(["matches", "similar", "unclear", "limit"]) == ("similar", "teach")
    assert {nearest(one) for one in TO_ASK_BACK} == set(TO_ASK_BACK)
