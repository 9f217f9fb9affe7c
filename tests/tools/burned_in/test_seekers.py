"""Several finders as one, and one that does not look at a picture twice."""

import numpy as np

from tools.burned_in.boxes import Box
from tools.burned_in.seekers import Remembering, Together


class Counting:
    """Stands in for a model: finds one place, and counts how often it looked."""

    def __init__(self, kind: str) -> None:
        self.kind, self.looks = kind, 0

    def find(self, picture, *, read=False):
        self.looks += 1
        return [Box(np.zeros((4, 2)), f"{self.kind} read" if read else self.kind)]

    def find_again(self, picture):
        self.looks += 1
        return [Box(np.zeros((4, 2)), f"{self.kind} again")]


def kinds(boxes) -> list[str]:
    return [box.kind for box in boxes]


def picture(value: int = 0, size: int = 8) -> np.ndarray:
    return np.full((size, size), value, np.uint8)


def test_together_find_what_each_finds():
    both = Together([Counting("text"), Counting("face")])
    assert kinds(both.find(picture(), read=True)) == ["text read", "face read"]
    assert kinds(both.find_again(picture())) == ["text again", "face again"]
    assert Together([]).find(picture()) == []


def test_a_picture_is_looked_at_once_and_every_other_anew():
    inner = Counting("text")
    one = Remembering(inner)
    assert kinds(one.find(picture())) == kinds(one.find(picture())) == ["text"]
    assert inner.looks == 1
    one.find(picture(1))
    one.find(picture().reshape(4, 16))  # the same bytes in another shape
    assert kinds(one.find(picture(), read=True)) == ["text read"]
    assert inner.looks == 4


def test_what_is_remembered_is_not_changed_by_whoever_got_it():
    one = Remembering(Counting("text"))
    one.find(picture()).clear()
    assert kinds(one.find(picture())) == ["text"]


def test_after_masking_it_is_looked_at_again():
    inner = Counting("text")
    one = Remembering(inner)
    one.find_again(picture())
    one.find_again(picture())
    assert inner.looks == 2


def test_old_pictures_are_forgotten():
    inner = Counting("text")
    one = Remembering(inner)
    for value in range(200):
        one.find(picture(value))
    one.find(picture(0))
    assert inner.looks == 201
