"""The token loop every reader shares: one token at a time, so that text streams and Stop is prompt.

This file knows no model. A reader gives it the scores of the first token and a function that takes a token
and returns the scores of the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from tools.models.systems.reading import Ending, Request, Sampling

if TYPE_CHECKING:
    from torch import Generator, Tensor

Decode = Callable[[Sequence[int]], str]
"""Token ids to text, special tokens left out."""

LOOP_PERIOD = 64
LOOP_REPEATS = 3
LOOP_TOKENS = 24
"""An answer loops when its last 24 tokens or more are one stretch of at most 64 tokens three times over.

Ours: reports list findings in similar words, but no two lines of a list are the same three times in a row.
"""


@dataclass(frozen=True)
class Generated:
    """New tokens, their text with outer blanks removed, and why there are no more."""

    ids: tuple[int, ...]
    text: str
    ending: Ending


def deadline(request: Request) -> float:
    """When `request` must end, on the clock of `time.monotonic`. Take it before the picture is looked at."""
    return time.monotonic() + request.timeout_s


def generate(
    first: Callable[[], Tensor],
    step: Callable[[int], Tensor],
    request: Request,
    *,
    decode: Decode,
    end_ids: frozenset[int],
    until: float,
    stop_texts: tuple[str, ...] = (),
) -> Generated:
    """Generate an answer token by token.

    Args:
        first: returns the scores ``(vocabulary,)`` of the first new token; not called when already stopped.
        step: takes the token just chosen and returns the scores of the next.
        request: its sampling, its `cancelled` and its `on_text` are used.
        decode: token ids to text.
        end_ids: tokens that end the answer; they are not part of it.
        until: from `deadline`.
        stop_texts: words that end the answer; they are not part of it.
    """
    writing = _Writing(request, decode, end_ids, until, stop_texts)
    while writing.ending is None:
        writing.take(step(writing.latest) if writing.ids else first())
    return writing.made


def generate_together(
    first: Callable[[], Tensor],
    step: Callable[[Sequence[int]], Tensor],
    requests: Sequence[Request],
    *,
    decode: Decode,
    end_ids: frozenset[int],
    until: float,
    goes_on: Callable[[Generated], bool],
) -> list[Generated]:
    """Generate several answers, a token of each at a time; each is what `generate` would make alone.

    Args:
        first: returns the first tokens' scores ``(answers, vocabulary)``; not called when already stopped.
        step: takes the token just chosen for each answer and returns the scores of the next.
        requests: one per answer; their sampling, `cancelled` and `on_text` are used.
        decode: token ids to text.
        end_ids: tokens that end an answer; they are not part of it.
        until: from `deadline`.
        goes_on: asked of the first answer when it has ended; where it says no, the others are given up.

    Returns:
        All answers, or the first alone.
    """
    all_ = [_Writing(request, decode, end_ids, until) for request in requests]
    begun = False
    while any(one.ending is None for one in all_):
        scores = step([one.latest for one in all_]) if begun else first()
        begun = True
        for one, its in zip(all_, scores, strict=True):
            if one.ending is None:
                one.take(its)
        if all_[0].ending is not None and not goes_on(all_[0].made):
            return [all_[0].made]
    return [one.made for one in all_]


def loops(ids: Sequence[int]) -> bool:
    """Whether the last tokens repeat one stretch over and over."""
    for period in range(1, LOOP_PERIOD + 1):
        span = max(LOOP_REPEATS * period, LOOP_TOKENS)
        if len(ids) < span:
            continue
        tail = ids[len(ids) - span :]
        if all(tail[place] == tail[place - period] for place in range(period, span)):
            return True
    return False


def _interrupted(request: Request, until: float) -> Ending | None:
    if request.cancelled.is_set():
        return "stopped"
    return "time" if time.monotonic() >= until else None


def _ending(ids: Sequence[int], request: Request, until: float) -> Ending | None:
    if loops(ids):
        return "loop"
    if len(ids) >= request.sampling.max_new_tokens:
        return "length"
    return _interrupted(request, until)


class _Writing:
    """One answer while it is written."""

    def __init__(
        self,
        request: Request,
        decode: Decode,
        end_ids: frozenset[int],
        until: float,
        stop_texts: tuple[str, ...] = (),
    ) -> None:
        self._request, self._end_ids, self._until = request, end_ids, until
        self._choose = _Choice(request.sampling)
        self._stream = _Stream(decode, stop_texts, request.on_text)
        self.ids: list[int] = []
        self.ending: Ending | None = _interrupted(request, until)

    @property
    def latest(self) -> int:
        """The token just chosen; any while there is none."""
        return self.ids[-1] if self.ids else 0

    def take(self, scores: Tensor) -> None:
        """Choose the next token by its scores, ``(vocabulary,)``, and see whether the answer has ended."""
        token = self._choose(scores)
        if token in self._end_ids:
            self.ending = "complete"
            return
        self.ids.append(token)
        over = self._stream.add(token)
        self.ending = "complete" if over else _ending(self.ids, self._request, self._until)

    @cached_property
    def made(self) -> Generated:
        """The answer, once it has ended."""
        text, ending = self._stream.finish().strip(), cast("Ending", self.ending)
        if ending == "complete" and not any(letter.isalnum() for letter in text):
            ending = "empty"
        return Generated(tuple(self.ids), text, ending)


class _Choice:
    """Takes one token by its scores: the best one, or a random one of the better ones."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self._generator: Generator | None = None

    def __call__(self, scores: Tensor) -> int:
        import torch

        if self._sampling.temperature <= 0:
            return int(scores.argmax())
        shares = torch.softmax(scores.float().cpu() / self._sampling.temperature, dim=-1)
        shares = _min_p(_top_p(shares, self._sampling.top_p), self._sampling.min_p)
        return int(torch.multinomial(shares, 1, generator=self._random()))

    def _random(self) -> Generator:
        import torch

        if self._generator is None:
            self._generator = torch.Generator()
            if self._sampling.seed is None:
                self._generator.seed()
            else:
                self._generator.manual_seed(self._sampling.seed)
        return self._generator


def _top_p(shares: Tensor, top_p: float) -> Tensor:
    """`shares` with all but the fewest best tokens that reach `top_p` together set to zero."""
    if top_p >= 1:
        return shares
    ordered, order = shares.sort(descending=True)
    before = ordered.cumsum(0) - ordered
    kept = shares.clone()
    kept[order[before >= top_p]] = 0
    return kept / kept.sum()


def _min_p(shares: Tensor, min_p: float) -> Tensor:
    """`shares` without the tokens below `min_p` times the best one's. Source: Nguyen et al. 2024 (min-p)."""
    return shares.where(shares >= min_p * shares.max(), 0) if min_p > 0 else shares


@dataclass
class _Stream:
    """Gives text away as soon as it cannot change: whole characters, nothing that may be a stop word."""

    decode: Decode
    stop_texts: tuple[str, ...]
    on_text: Callable[[str], None] | None
    ids: list[int] = field(default_factory=list)
    text: str = ""
    start: int = 0
    read: int = 0
    given: int = 0

    def add(self, token: int) -> bool:
        """Take one more token; True when a stop word has come."""
        self.ids.append(token)
        new = self._new_text()
        if not new.endswith("\ufffd"):
            self.text += new
            self.start, self.read = self.read, len(self.ids)
        places = [place for stop in self.stop_texts if (place := self.text.find(stop)) >= 0]
        if places:
            self.text, self.start = self.text[: min(places)], len(self.ids)
            self.read = self.start
        self._give(len(self.text) - self._held())
        return bool(places)

    def finish(self) -> str:
        """The whole text; what was held back is given away."""
        self.text += self._new_text().rstrip("\ufffd")
        self._give(len(self.text))
        return self.text

    def _new_text(self) -> str:
        """Text of the tokens not yet read, decoded after the ones before so that spaces stay right."""
        before = self.decode(self.ids[self.start : self.read])
        return self.decode(self.ids[self.start :])[len(before) :]

    def _held(self) -> int:
        """How many characters at the end may be the start of a stop word."""
        return max(
            (
                size
                for stop in self.stop_texts
                for size in range(1, len(stop))
                if self.text.endswith(stop[:size])
            ),
            default=0,
        )

    def _give(self, end: int) -> None:
        if self.on_text is not None and end > self.given:
            self.on_text(self.text[self.given : end])
        self.given = max(self.given, end)
