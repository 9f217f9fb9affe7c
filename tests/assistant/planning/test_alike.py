"""Equal answers about many images are told once."""

from __future__ import annotations

from assistant.planning.alike import told_once
from assistant.planning.compose import compose
from assistant.planning.plan import make_tasks
from tests.talking.talk import CT, inspected, row, talk


def test_equal_answers_are_told_once_with_their_images():
    answers = [(f"img-{n}", f"img-{n} is a CT.") for n in range(2, 22)]
    assert told_once(answers) == ["For each of img-2 to img-21: it is a CT."]


def test_images_that_do_not_follow_one_another_are_all_named():
    answers = [(name, "It is a CT.") for name in ("img-1", "img-3", "img-4")]
    assert told_once([*answers, ("img-5", "It is an X-ray.")]) == [
        "For each of img-1, img-3 and img-4: It is a CT.",
        "It is an X-ray.",
    ]


def test_two_answers_stay_two():
    assert told_once([("img-1", "img-1 is a CT."), ("img-2", "img-2 is a CT.")]) == [
        "img-1 is a CT.",
        "img-2 is a CT.",
    ]


def test_an_id_is_no_part_of_a_longer_one():
    answers = [(name, f"{name} is like img-10.") for name in ("img-1", "img-2", "img-3")]
    assert told_once(answers) == ["For each of img-1 to img-3: it is like img-10."]


def test_twenty_scans_of_a_kind_give_one_answer():
    rows = tuple(row(n, CT) for n in range(1, 21))
    attached = tuple(one.id for one in rows)
    now = talk("what are these?", *rows, results=tuple(inspected(one) for one in rows), attached=attached)
    said = compose(make_tasks(now), now)
    assert said.count("CT of the abdomen") == 1
    assert "img-1 to img-20" in said
