"""With which two readings somebody is asked back."""

from assistant.planning.doubt import TO_ASK_BACK, nearest, two_of


def test_a_narrower_intent_is_asked_back_as_the_wider_one():
    assert nearest("header") == "facts"
    assert two_of(["matches", "similar", "unclear", "limit"]) == ("similar", "teach")
    assert {nearest(one) for one in TO_ASK_BACK} == set(TO_ASK_BACK)


def test_what_nobody_is_asked_whether_they_meant_is_not_named():
    assert two_of(["danger", "harm", "thanks", "unclear", "read"]) == ("read",)
