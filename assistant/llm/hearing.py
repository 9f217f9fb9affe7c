"""Tell calls from words, and both from thoughts, while a reply comes in piece by piece."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.llm.protocol import Call, read_calls
from assistant.llm.thoughts import Thoughts, parted

# Models that nothing holds to our form like to put JSON into a block of code.
_FENCE = re.compile(r"\A```\w*\n|\n```\Z")
_CALL = re.compile(r"(?:```\w*\s*)?\{")
_MAYBE_FENCE = re.compile(r"`{1,2}\Z|```\w{0,12}\s*\Z")


class Heard:
    """A reply so far.

    Args:
        stops: texts that end it.
        may_call: whether what looks like a call is one.
        thinks: the model's replies are known to begin with thoughts.

    Attributes:
        calling: whether it is calls rather than words; None while that is open.
        ended: a stop was reached.
        thinks: also set once thoughts ended that had been heard as words, and no more once a reply had none.
    """

    def __init__(self, stops: Sequence[str], *, may_call: bool, thinks: bool = False) -> None:
        self._thoughts = Thoughts(inside=thinks)
        self.thinks = thinks
        self._stops = tuple(stops)
        self._may_call = may_call
        self._held = ""
        self.calling: bool | None = None
        self.ended = False

    def take(self, piece: str) -> str:
        """Hear a piece; returns the words that are certain now."""
        if self.calling or (not self._thoughts.inside and self._begins_call(self._held + piece)):
            return self._take(piece)  # what an argument holds is no thought
        before, end, after = parted(self._thoughts.take(piece))
        words = self._take(before)
        if not end:
            return words
        # What came so far were thoughts; the reply begins here.
        words, self._held, self.calling, self.thinks = f"{words}{self._held}{end}", "", None, True
        return words + self._take(after)

    def rest(self) -> tuple[str, list[Call]]:
        """What is left at the end: words, or calls."""
        self.thinks &= not self._thoughts.never_ended
        words = self._take(self._thoughts.rest())
        calls = self._calls(self._held) if self.calling else []
        if self.calling and not calls and (late := parted(self._held))[1]:
            # What looked like a call were thoughts; the reply begins behind them.
            self.thinks, self._held = True, late[2]
            calls = self._calls(late[2])
        return ("" if calls else words + self._held, calls)

    def _take(self, piece: str) -> str:
        self._held += piece
        if self.calling is None:
            self._held = self._held.lstrip()
            if not self._held:
                return ""
            if self._may_call and _MAYBE_FENCE.match(self._held):
                return ""
            self.calling = self._begins_call(self._held)
        return "" if self.calling else self._certain()

    def _calls(self, text: str) -> list[Call]:
        return read_calls(_FENCE.sub("", text.strip()))

    def _begins_call(self, text: str) -> bool:
        return self._may_call and self.calling is not False and _CALL.match(text.lstrip()) is not None

    def _certain(self) -> str:
        """The words before a stop, and before what may become one."""
        at = min((i for stop in self._stops if (i := self._held.find(stop)) >= 0), default=None)
        if at is not None:
            words, self._held, self.ended = self._held[:at], "", True
            return words
        beginnings = (n for stop in self._stops for n in range(1, len(stop)) if self._held.endswith(stop[:n]))
        keep = len(self._held) - max(beginnings, default=0)
        words, self._held = self._held[:keep], self._held[keep:]
        return words
