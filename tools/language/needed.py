r"""Letters that a pattern cannot be found without, read from how it is written.

Python takes longer to compile all that Casebook listens for than a turn takes; to look for a few letters in
a message takes next to nothing. Where none of them is in it, the pattern is not there either:
``(?:next|final) slices?\b`` needs “ slice”.
"""

from __future__ import annotations

import re

Needed = frozenset[str]
"""Every text in which a pattern is found holds one of these; empty where nothing is known."""

_TIMES = r"(?:[*+?]|\{\d*,?\d*\})[+?]?"
# What is no letter: escapes, sets and marks, with their repeats.
_NO_LETTER = re.compile(rf"(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[.^$])(?:{_TIMES})?", re.S)
_MAYBE = r"[*?]|\{[0,}]"
# A letter that may be missing, with its repeat, and the repeat of one that may not.
_LOOSE = re.compile(rf"[^()|\0*+?}}](?={_MAYBE}){_TIMES}|(?<![()|\0*+?}}]){_TIMES}")
# A group that holds no other, and its repeat.
_GROUP = re.compile(rf"\((\?(?:[:=!]|<[=!]|P<\w+>|[aims-]+:))?([^()]*)\)({_TIMES})?")
# A group that was read, by its number, or letters in a row.
_FIRST = 0xF0000
_READ = f"{chr(_FIRST)}-{chr(_FIRST + 0xFFFD)}"
_PART = re.compile(f"[{_READ}]|[^\0{_READ}]+")
_MARKED = re.compile(f"[\0{_READ}]")
# Groups of which nothing is known here, and letters that are also ASCII letters where case is ignored.
_UNREAD = re.compile(r"\(\?(?![:=!<P]|[aims-]+:)|\(\?P=|[İıſKÅẞ]")
# Letters of which none is any other but by its case.
_PLAIN = re.compile("[\x00-\x7f¡¿ÁÄÉÍÑÓÖÚÜßáäéíñóöúü‘’“”„–—…]*")


def may_hold(text: str, needed: Needed) -> bool:
    """Whether a text may hold what a pattern needs."""
    if not needed or not (text.isascii() or _PLAIN.fullmatch(text)):
        return True
    small = text.lower()
    return any(one in small for one in needed)


def needed_by(pattern: str) -> Needed:
    """What a pattern needs, case ignored."""
    if _UNREAD.search(pattern):
        return frozenset()
    left = _LOOSE.sub("\0", _NO_LETTER.sub("\0", pattern))
    read: list[tuple[int, Needed]] = []

    def number(group: re.Match[str]) -> str:
        opening, inner, times = group.groups("")
        looks, maybe = opening.endswith(("=", "!")), re.match(_MAYBE, times)
        found = frozenset[str]() if looks or maybe else _of_any(inner, read)
        if not found:
            return "\0"
        read.append((min(map(len, found)), found))
        return chr(_FIRST + len(read) - 1)

    groups = 1
    while groups:
        left, groups = _GROUP.subn(number, left)
    return frozenset() if "(" in left else _of_any(left, read)


def _of_any(branches: str, read: list[tuple[int, Needed]]) -> Needed:
    """What one branch or another needs; nothing is known where one of them may need nothing."""
    apart = branches.lower().split("|")
    if _MARKED.search(branches):
        found = [_of_all(one, read) for one in apart]
        return frozenset().union(*found) if all(found) else frozenset()
    return frozenset(apart) if all(apart) else frozenset()


def _of_all(branch: str, read: list[tuple[int, Needed]]) -> Needed:
    """Of what a branch needs what fewest texts hold: where the shortest letters are longest."""
    best, longest = frozenset[str](), 0
    for part in _PART.findall(branch):
        shortest, needed = read[ord(part) - _FIRST] if part >= _READ[0] else (len(part), {part})
        if shortest > longest:
            best, longest = frozenset(needed), shortest
    return best
