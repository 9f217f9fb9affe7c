"""Numbers of a text, with their units and what they count or measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tools.language.anatomy import ANATOMY, stem
from tools.language.findings import LABEL, label_name
from tools.language.lists import Heard
from tools.language.number_words import word_numbers
from tools.language.rules import heard
from tools.language.sentences import image_ids
from tools.language.units import COUNTED, unit, unit_name

_MINUS = heard("checking", "minus")
_NUMBER = Heard(
    lambda: re.compile(
        rf"(?<![\w.,/-])(?P<sign>[−-]|{_MINUS.pattern})?"
        rf"(?P<digits>\d{{1,3}}(?:[,\u202f\u00a0]\d{{3}})+|\d+(?:[.,]\d+)?)"
        rf"(?:(?:st|nd|rd|th)(?=\s(?:slice|frame)))?(?:[\s\u202f-]?(?P<unit>{unit()})(?![\w²]))?(?![\w]|\.\d)|"
        rf"(?<![\d.])\b(?P<word>{'|'.join(word_numbers())})\b(?:[\s-](?P<wunit>{unit()})\b)?",
        re.I,
    )
)
_AFTER_RANGE = re.compile(r"(?<=\d)[–/×x-](?=\d)")
_JOINS = heard("sentences", "joins")
_WORDS = re.compile(r"[A-Za-zÀ-ÿ]{4,}")
# A number's noun, after up to two words that say more about it.
_ADJECTIVES = heard("sentences", "adjectives")
LISTED = frozenset({"image", "case", "slice", "tool", "reader", "question", "label"})
"""Things that a chat has, next to those that are counted in a picture."""
IN_ALL = " in all"
"""Added to a noun where a number says of how many: "two of the six colours"."""
_OF = heard("sentences", "of")
# "4 of 6 neighbours": both numbers count neighbours.
_OF_SO_MANY = heard("sentences", "of_so_many")
# "Of six colours, four are present", "six look-alikes (five)", "Colours: two".
_GOES_ON = heard("sentences", "goes_on")
# "The number of colours of the lesion in img-1 is 3".
_BEFORE = Heard(
    lambda: re.compile(
        rf"\b(?P<of>number of (?:the )?)?(?:{COUNTED.pattern})"
        r"(?(of)[^.;,]{0,40} (?:is|was|are|were) |[*_]*(?:\s?[:(]\s?[*_]*| count ))$",
        re.I,
    )
)
_NAMED = Heard(lambda: re.compile(rf"\b(?:{COUNTED.pattern}) $", re.I))
_GRADE = heard("sentences", "grade")
# "Llama 3.2 Community License" is a name.
_NAME_BEFORE = re.compile(r"\b[A-Z]\w+ $")
_NAME_AFTER = re.compile(r" [A-Z]\w")
# Ours: where a sentence has more numbers than these, nobody can follow what was worked out of which.
_MOST_OPERANDS = 4
_TIMES = heard("sentences", "times")
_AXIS = heard("sentences", "axis")
_CLAUSE = heard("sentences", "clause")
_PART_OF = heard("sentences", "part_of")
# These words of anatomy are of any picture, and of a lesion itself.
_OF_ANY = frozenset({"lesion", "lesions", "shadow", "shadows", "border", "half", "side", "margin", "margins"})
_RULE = heard("sentences", "rule")
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATE = re.compile(rf"(?:st|nd|rd|th)? (?:of )?{_MONTH}\b", re.I)
_DATED = re.compile(rf"\b{_MONTH} $", re.I)
_LOOK_BACK, _FAR_BACK = 32, 64


@dataclass(frozen=True)
class Number:
    """A number as it is written: `decimals` are those shown; `noun` is what it counts, or empty.

    `beside` are the other numbers of its sentence with their units, where they are few. `axis` is the long
    or short one that it is said of, `part` the part of the body that it is a share of, `times` the number
    that follows it in "800 × 533".
    """

    value: float
    decimals: int
    unit: str
    noun: str
    context: frozenset[str]
    beside: tuple[tuple[float, str], ...] = ()
    axis: str = ""
    part: str = ""
    times: float | None = None


def numbers(sentence: str) -> Iterator[tuple[Number, int, int]]:
    """Every number of a sentence that says something, and where it begins and ends in it."""
    text = _AFTER_RANGE.sub(" ", sentence)
    names = {one.start(1) for one in image_ids(text)}
    found = [one for one in _NUMBER.finditer(text) if one.start() not in names and not _is_of_name(text, one)]
    context = frozenset(stem(word) for word in _WORDS.findall(text))
    values = [_value(one) for one in found]
    units = [_unit(text, found[n : n + _MOST_OPERANDS]) for n in range(len(found))]
    few = len(found) <= _MOST_OPERANDS
    last = ""
    for n, one in enumerate(found):
        noun, end = ("", one.end()) if units[n] else _noun(text, one, values[n], last)
        last = noun.removesuffix(IN_ALL) or last
        if _DATE.match(text, one.end()) or _DATED.search(text, 0, one.start()):
            continue
        if units[n] == "GB" or (one["word"] and not (units[n] or noun)):
            continue
        beside = tuple((values[m][0], units[m]) for m in range(len(found)) if few and m != n)
        number = Number(
            *values[n],
            units[n],
            noun,
            context,
            beside,
            axis=_axis(text, found, n),
            part=_part(text, one),
            times=_times(sentence, found, n),
        )
        yield number, one.start(), end


def axis_in(text: str) -> str:
    """The axis that a text speaks of, if it is one alone."""
    found = {one[1].lower() for one in _AXIS.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def _axis(text: str, found: list[re.Match[str]], n: int) -> str:
    """The axis of a number: what follows it in its clause, or else what stands since the number before."""
    # "the short one": that one is no number.
    until = next((one.start() for one in found[n + 1 :] if not one["word"]), len(text))
    after = _CLAUSE.match(text, found[n].end(), until)
    since = found[n - 1].end() if n else 0
    named = axis_in(after[1]) if after else ""
    return named or axis_in(text[since : found[n].start()])


def _part(text: str, number: re.Match[str]) -> str:
    of = _PART_OF.match(text, number.end())
    found = ANATOMY.match(text, of.end()) if of else None
    return found[0].lower() if found and found[0].lower() not in _OF_ANY else ""


def _times(text: str, found: list[re.Match[str]], n: int) -> float | None:
    joined = n + 1 < len(found) and _TIMES.fullmatch(text, found[n].end(), found[n + 1].start())
    return _value(found[n + 1])[0] if joined else None


def _unit(text: str, found: list[re.Match[str]]) -> str:
    """The unit of the first of the numbers: its own, the next one's, or the scale that it is a step of."""
    one = found[0]
    return unit_name(one["unit"] or one["wunit"] or "") or _shared_unit(text, found) or _grade(text, one)


def _noun(text: str, number: re.Match[str], value: tuple[float, int], last: str) -> tuple[str, int]:
    """What a number without a unit counts, and where that ends; `last` is what one before it counted."""
    if named := None if value[1] else _NAMED.search(text, 0, number.start()):
        # "Slice 44 the tool calls" is the slice of that name; "colours 3" are so many.
        many = named[0].endswith("s ") and not number["word"]
        return (str(named.lastgroup) if many else ""), number.end()
    noun, end = _counted(text, number.end())
    if not (noun or value[1]):
        noun = _noun_before(text, number, last)
    of_all = _OF.search(text, max(0, number.start() - _LOOK_BACK), number.start())
    of_rule = noun == "colour" and _RULE.search(text, 0, number.start())
    return noun + (IN_ALL if noun and (of_all or of_rule) and noun not in LISTED else ""), end


def _is_of_name(text: str, number: re.Match[str]) -> bool:
    """Whether a number is the version in a name."""
    before = text[max(0, number.start() - _LOOK_BACK) : number.start()]
    return bool(_NAME_BEFORE.search(before) and _NAME_AFTER.match(text, number.end()))


def _grade(text: str, number: re.Match[str]) -> str:
    """The scale that a number is a step of, as its unit."""
    found = _GRADE.search(text[max(0, number.start() - _LOOK_BACK) : number.start()])
    return found[1].lower().replace("-", "") if found else ""


def _noun_before(text: str, number: re.Match[str], last: str) -> str:
    """What a number counts that was named before it, or that the number before it counts."""
    found = _BEFORE.search(text[max(0, number.start() - _FAR_BACK) : number.start()])
    if found and found.lastgroup not in ("image", "reader"):
        return str(found.lastgroup)
    goes_on = _GOES_ON.match(text, number.end()) and number[0].lower() not in ("1", "one")
    return last if goes_on else ""


def _value(found: re.Match[str]) -> tuple[float, int]:
    """A number and how many decimals of it are shown."""
    if found["word"]:
        return float(word_numbers()[found["word"].lower()]), 0
    digits = re.sub(r"[,\u202f\u00a0](?=\d{3})|[\u202f\u00a0]", "", found["digits"]).replace(",", ".")
    return (-1 if found["sign"] else 1) * float(digits), len(digits.partition(".")[2])


def _counted(text: str, at: int) -> tuple[str, int]:
    """What the number before `at` counts, and where that ends; empty if it counts nothing known."""
    of = _OF_SO_MANY.match(text, at)
    gap = _ADJECTIVES.match(text, of.end() if of else at)
    for pattern in (COUNTED, LABEL):
        for end in _word_ends(gap) if gap else ():
            if found := pattern.match(text, end):
                name = str(found.lastgroup) if pattern is COUNTED else label_name(found)
                return name, at if of else found.end()
    return "", at


def _word_ends(gap: re.Match[str]) -> Iterator[int]:
    """Where the words after a number begin: its noun is among the first three."""
    yield from (gap.start() + m.start() for m in re.finditer(r"(?<=[\s-])(?=[A-Za-z])", gap[0] + "a"))


def _shared_unit(text: str, found: list[re.Match[str]]) -> str:
    """The unit that a number shares with the next: 3 × 4 mm, 3 to 4 mm."""
    for one, following in pairwise(found):
        gap = text[one.end() : following.start()]
        if not (_JOINS.fullmatch(gap) or gap == " "):
            return ""
        if unit := unit_name(following["unit"] or following["wunit"] or ""):
            return unit
    return ""
