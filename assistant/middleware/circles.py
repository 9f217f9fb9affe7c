"""Whether a text goes round in circles: the same words again and again, or one sentence many times.

A text may come piece by piece; what was read once is not read again.
"""

from __future__ import annotations

import re
from collections import Counter, deque

# Ours: at least three times, and long enough that it is no list or rhyme.
_TIMES, _WORDS, _UNIT, _LINES = 3, 24, 40, 4
# Ours: a sentence of fewer words is said again in sound lists ("No change.").
_LONG = 6
# Ours: a word that ends in one piece of at most 20 characters 20 times, by its last 500 characters.
_RUN, _RUN_CHARS = re.compile(r"(\w\S{0,19}?)\1{19,}$"), 500
_SENTENCE = re.compile(r"[.!?]\s|\n")


class Circles:
    """A growing text, as much of it as is needed to see whether it goes round in circles."""

    def __init__(self) -> None:
        self._word = ""
        self._words: deque[str] = deque(maxlen=_TIMES * _UNIT)
        self._line = ""
        self._lines: Counter[str] = Counter()

    def add(self, text: str) -> bool:
        """Read on; returns whether the text as far as it has come goes round in circles."""
        unread = self._word + text
        words = unread.split()
        self._word = words.pop() if words and not unread[-1].isspace() else ""
        self._words.extend(words)
        *lines, self._line = _SENTENCE.split(self._line + text)
        self._lines.update(line for line in map(str.strip, lines) if _is_long(line))
        runs = _RUN.search(self._word[-_RUN_CHARS:]) is not None
        return runs or self._repeats_words() or self._repeats_lines()

    def _repeats_words(self) -> bool:
        words = [*self._words, self._word] if self._word else list(self._words)
        for unit in range(1, min(_UNIT, len(words) // _TIMES) + 1):
            times = max(_TIMES, -(-_WORDS // unit))
            # The last word may be cut off.
            cut = words[-1 - unit].startswith(words[-1])
            read = [*words[:-1], words[-1 - unit]] if cut else words
            if read[-unit * times :] == read[-unit:] * times:
                return True
        return False

    def _repeats_lines(self) -> bool:
        last = self._line.strip()
        # The last one may be cut off.
        goes_on = [n for line, n in self._lines.items() if _is_long(last) and line.startswith(last)]
        return max((*self._lines.values(), *(n + 1 for n in goes_on)), default=0) >= _LINES


def is_loop(text: str) -> bool:
    """Whether a whole text goes round in circles."""
    return Circles().add(text)


def _is_long(line: str) -> bool:
    return len(line.split()) >= _LONG
