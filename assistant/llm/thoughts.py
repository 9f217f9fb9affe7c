"""Leave out what a model writes to itself before it answers: ``<think>…</think>``.

Some templates open such a block themselves, so that only its end is written. Until that end comes, nothing
tells the thoughts from an answer.
"""

from __future__ import annotations

import re

_OPEN = re.compile(r"<think(?:ing)?>", re.I)
_CLOSE = re.compile(r"</think(?:ing)?>", re.I)
_TAGS = ("<think>", "<thinking>", "</think>", "</thinking>")


class Thoughts:
    """Hears a reply piece by piece and hands on what is no thought.

    Args:
        inside: the reply is expected to begin inside a block. If it never ends, it was none.
    """

    def __init__(self, *, inside: bool = False) -> None:
        self._inside = inside
        self._unsure = "" if inside else None
        self._held = ""
        self._trim = False

    @property
    def inside(self) -> bool:
        """Whether a block is open, or a tag may just be beginning."""
        return self._inside or bool(self._held)

    @property
    def never_ended(self) -> bool:
        """Whether the block that the reply was to begin inside has not ended so far."""
        return self._unsure is not None

    def take(self, piece: str) -> str:
        """Hear a piece; returns the words that are certain now. An end without a beginning is left in."""
        self._held += piece
        said = ""
        while tag := (_CLOSE if self._inside else _OPEN).search(self._held):
            said += self._pass(self._held[: tag.start()])
            self._held = self._held[tag.end() :]
            self._inside, self._trim, self._unsure = not self._inside, True, None
        keep = len(self._held) - _begun(self._held)
        said += self._pass(self._held[:keep])
        self._held = self._held[keep:]
        return said

    def rest(self) -> str:
        """What is left at the end; of a block that was begun and not ended, nothing."""
        if self._unsure is not None:
            return self._unsure + self._held
        return "" if self._inside else self._held

    def _pass(self, text: str) -> str:
        if self._inside:
            if self._unsure is not None:
                self._unsure += text
            return ""
        if self._trim:
            text = text.lstrip()
            self._trim = not text
        return text


def parted(text: str) -> tuple[str, str, str]:
    """`text` before, at and after the last end of a block; all of it before, if there is none."""
    ends = list(_CLOSE.finditer(text))
    if not ends:
        return text, "", ""
    return text[: ends[-1].start()], ends[-1][0], text[ends[-1].end() :].lstrip()


def without_thoughts(text: str) -> str:
    """A whole reply without its blocks, also without one that only ends in it."""
    thoughts = Thoughts()
    before, end, after = parted(thoughts.take(text) + thoughts.rest())
    return after if end else before


def closed(prompt: str) -> str:
    """A prompt that opens a block at its very end, with the block ended: the answer is to begin at once."""
    tag = re.search(r"<(think(?:ing)?)>\s*\Z", prompt)
    return f"{prompt.rstrip()}\n\n</{tag[1]}>\n\n" if tag else prompt


def _begun(text: str) -> int:
    """Characters at the end of `text` that may become a tag."""
    low = text[-len("</thinking>") :].lower()
    return max((n for tag in _TAGS for n in range(1, len(tag)) if low.endswith(tag[:n])), default=0)
