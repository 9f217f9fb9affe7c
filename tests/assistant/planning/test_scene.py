"""What is heard is weighed by the picture that is there."""

import pytest

from assistant.planning.scene import scene_of, weighed
from prompts import words_file
from tests.bench.wished import counted, written
from tests.talking.talk import CHEST, CT, SKIN, row, talk

HEARD = (("slice", "slice", 0.4), ("measure", "measure", 0.4), ("none", "unclear", 0.1))


def test_what_is_seldom_wished_with_a_picture_weighs_less():
    assert weighed(HEARD, talk("x", row(1, SKIN)))[0][1] == "measure"
    assert weighed(HEARD, talk("x", row(1, CT)))[0][1] == "slice"


@pytest.mark.parametrize("images", [(), (row(1, CHEST),), (row(1, SKIN), row(2, CT))])
def test_the_scores_add_up_to_what_they_did(images):
    assert sum(score for *_, score in weighed(HEARD, talk("x", *images))) == pytest.approx(0.9)


def test_without_a_chat_nothing_is_weighed():
    assert weighed(HEARD, None) == HEARD


def test_a_chat_is_of_the_kind_of_its_only_picture():
    assert [scene_of(talk("x", *rows).images) for rows in ((), (row(1, CT),), (row(1, CT), row(2, CT)))] == [
        "none",
        "CT",
        "several",
    ]
    assert scene_of((row(1, SKIN),)) == "skin"


def test_the_file_holds_what_the_rounds_of_strangers_count():
    assert words_file("wished").read_text("utf-8") == written(counted())
