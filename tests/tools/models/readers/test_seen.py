"""What is remembered of pictures: few, bounded in bytes, told apart by their pixels."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from tools.models.readers.seen import SeenImages, picture_key
from tools.models.systems.reading import Request


def test_the_least_recently_used_picture_leaves_first():
    seen = SeenImages(images=2)
    seen.put("a", 1, 10)
    seen.put("b", 2, 10)
    assert seen.get("a") == 1
    seen.put("c", 3, 10)
    assert [seen.get(key) for key in "abc"] == [1, None, 3]


def test_bytes_are_bounded():
    seen = SeenImages(images=10, nbytes=100)
    for key in "abcd":
        seen.put(key, key, 40)
    assert [seen.get(key) for key in "abcd"] == [None, None, "c", "d"]
    assert seen.nbytes == 80
    seen.put("c", "again", 50)
    assert (seen.get("c"), seen.nbytes) == ("again", 90)


def test_one_that_is_over_the_bound_alone_is_not_kept():
    seen = SeenImages(nbytes=100)
    seen.put("a", 1, 101)
    assert seen.get("a") is None
    assert seen.nbytes == 0


def test_clear_forgets_everything():
    seen = SeenImages()
    seen.put("a", 1, 5)
    seen.clear()
    assert (seen.get("a"), seen.nbytes) == (None, 0)


def test_threads_do_not_disturb_it():
    seen = SeenImages(images=3)

    def work(start):
        for number in range(500):
            seen.put(str((start + number) % 7), number, 1)
            seen.get(str(number % 7))

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.nbytes == 3


def test_two_slices_of_one_file_are_two_pictures():
    first, second = np.zeros((4, 6, 3), np.uint8), np.zeros((4, 6, 3), np.uint8)
    second[0, 0, 0] = 1
    turned = first.reshape(6, 4, 3)
    keys = [picture_key(Request(pixels, "k", "q")) for pixels in (first, second, turned)]
    assert len(set(keys)) == 3
    assert picture_key(Request(first.copy(), "k", "other")) == keys[0]
    assert picture_key(Request(first, "other", "q")) != keys[0]


def test_a_picture_is_looked_at_once_and_then_remembered():
    seen, state = SeenImages(nbytes=100), np.zeros(10, np.uint8)
    assert seen.look("a", lambda: state) == (state, False)
    assert seen.look("a", lambda: pytest.fail("looked again")) == (state, True)
    assert seen.nbytes == 10


def test_what_is_too_large_to_remember_is_looked_at_again():
    seen, states = SeenImages(nbytes=5), [np.zeros(10, np.uint8), np.ones(10, np.uint8)]
    looked = [seen.look("a", lambda state=state: state) for state in states]
    assert [(state[0], reused) for state, reused in looked] == [(0, False), (1, False)]
    assert seen.nbytes == 0
