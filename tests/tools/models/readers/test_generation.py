"""The token loop: what it says, when it ends and why."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.packages import needs
from tools.models.readers.generation import deadline, generate, loops
from tools.models.systems.reading import Request, Sampling

if TYPE_CHECKING:
    from torch import Tensor

pytestmark = needs("torch")

WORDS = ["<end>", "The", " lungs", " are", " clear", ".", " ", "\n", "###", "#", " b", "é"]
PIXELS = np.zeros((2, 2, 3), np.uint8)


def scores(token: int) -> Tensor:
    import torch

    return torch.nn.functional.one_hot(torch.tensor(token), len(WORDS)).float()


def decode(ids) -> str:
    return "".join(WORDS[token] for token in ids)


def run(plan, *, slow=0.0, stop_texts=(), decode=decode, **request):
    """Generate with a model that says `plan`."""
    asked = Request(PIXELS, "k", "q", **request)
    steps = iter(plan)
    given = []

    def following(token=None):
        given.append(token)
        time.sleep(slow)
        return scores(next(steps))

    made = generate(
        following,
        following,
        asked,
        decode=decode,
        end_ids=frozenset({0}),
        until=deadline(asked),
        stop_texts=stop_texts,
    )
    return made, given


def test_an_answer_is_the_tokens_before_the_end():
    made, given = run([1, 2, 3, 4, 5, 0])
    assert (made.text, made.ending, made.ids) == ("The lungs are clear.", "complete", (1, 2, 3, 4, 5))
    assert given == [None, 1, 2, 3, 4, 5]


def test_it_ends_at_the_longest_length():
    made, given = run([1, 2, 3, 4, 5], sampling=Sampling(max_new_tokens=3))
    assert (made.text, made.ending, len(given)) == ("The lungs are", "length", 3)


@pytest.mark.parametrize("plan", [[0], [6, 7, 0], [5, 5, 0]])
def test_an_answer_without_a_letter_is_empty(plan):
    assert run(plan)[0].ending == "empty"


def test_stop_takes_effect_before_the_next_token():
    cancelled = threading.Event()
    made, given = run(
        [1, 2, 3, 4], cancelled=cancelled, on_text=lambda text: cancelled.set() if "lungs" in text else None
    )
    assert (made.text, made.ending, len(given)) == ("The lungs", "stopped", 2)


def test_a_request_stopped_before_it_starts_runs_nothing():
    cancelled = threading.Event()
    cancelled.set()
    made, given = run([1, 2], cancelled=cancelled)
    assert (made.text, made.ending, given) == ("", "stopped", [])


def test_the_time_limit_ends_it():
    made, given = run([1, 2, 3, 4] * 50, slow=0.03, timeout_s=0.1)
    assert made.ending == "time"
    assert 2 <= len(given) <= 4


def test_a_loop_is_noticed_and_ends_it():
    made, given = run([1] + [2, 3, 4] * 100)
    assert made.ending == "loop"
    assert len(given) == 25
    sentence = [1, 2, 3, 4, 5, 6, 10, 3, 4, 7] * 3
    assert loops([9, *sentence])
    assert not loops(sentence[:-1])


def test_a_list_of_similar_lines_is_no_loop():
    ids = [token for number in range(200) for token in (1, 2, number + 50, 3)]
    assert not any(loops(ids[:end]) for end in range(len(ids)))


def test_text_streams_in_pieces_that_add_up():
    pieces = []
    made, _ = run([6, 1, 2, 3, 4, 5, 6, 0], on_text=pieces.append)
    assert pieces[:3] == [" ", "The", " lungs"]
    assert "".join(pieces).strip() == made.text == "The lungs are clear."


def test_half_a_letter_waits_for_its_other_half():
    import torch

    halves = {20: b"\xc3", 21: b"\xa9", 22: b"a"}
    pieces = []

    def decode_bytes(ids):
        return b"".join(halves[token] for token in ids).decode(errors="replace")

    steps = iter([20, 21, 22, 20, 0])
    asked = Request(PIXELS, "k", "q", on_text=pieces.append)

    def following(*_):
        return torch.nn.functional.one_hot(torch.tensor(next(steps)), 30).float()

    made = generate(
        following, following, asked, decode=decode_bytes, end_ids=frozenset({0}), until=deadline(asked)
    )
    assert pieces == ["é", "a"]
    assert made.text == "éa"


def test_a_stop_word_ends_the_answer_and_is_never_shown():
    pieces = []
    made, _ = run([1, 2, 8, 4, 0], stop_texts=("###",), on_text=pieces.append)
    assert (made.text, made.ending) == ("The lungs", "complete")
    assert "#" not in "".join(pieces)
    made, _ = run([1, 9, 9, 9, 4, 0], stop_texts=("###",), on_text=pieces.append)
    assert made.text == "The"
    assert "#" not in "".join(pieces)


def test_what_only_begins_like_a_stop_word_is_shown():
    pieces = []
    made, _ = run([1, 9, 9, 10, 0], stop_texts=("###",), on_text=pieces.append)
    assert made.text == "".join(pieces) == "The## b"


def sampled(sampling: Sampling, shares: list[float], count: int = 400) -> set[int]:
    import torch

    logits = torch.tensor(shares).log()
    asked = Request(PIXELS, "k", "q", sampling=sampling)
    ids: list[int] = []
    while len(ids) < count:
        made = generate(
            lambda: logits,
            lambda _: logits,
            asked,
            decode=lambda ids: "x" * len(ids),
            end_ids=frozenset(),
            until=deadline(asked),
        )
        ids += made.ids
    return set(ids)


def test_sampling_leaves_out_what_top_p_and_min_p_say():
    shares = [0.5, 0.25, 0.15, 0.06, 0.04]
    warm = {"temperature": 1.0, "max_new_tokens": 40}
    assert sampled(Sampling(**warm), shares) == {0, 1, 2, 3, 4}
    assert sampled(Sampling(**warm, top_p=0.8), shares) == {0, 1, 2}
    assert sampled(Sampling(**warm, min_p=0.2), shares) == {0, 1, 2}
    assert sampled(Sampling(**warm, min_p=0.4), shares) == {0, 1}
    assert sampled(Sampling(max_new_tokens=40), shares) == {0}


def test_a_seed_gives_the_same_answer_again_and_none_a_fresh_one():
    import torch

    def once(seed):
        sampling = Sampling(max_new_tokens=40, temperature=1.5, seed=seed)
        asked = Request(PIXELS, "k", "q", sampling=sampling)
        flat = torch.zeros(1000)
        return generate(
            lambda: flat,
            lambda _: flat,
            asked,
            decode=str,
            end_ids=frozenset(),
            until=deadline(asked),
        ).ids

    assert once(3) == once(3) != once(4)
    assert once(None) != once(None)
