"""Whether one image has more or less of something than another, as an answer says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from assistant.answers.answer import Ungrounded
from assistant.grounding.amounts import piece_at
from assistant.grounding.facts import Facts
from assistant.grounding.lines import lines_of
from assistant.grounding.units import OPEN, units
from tools.language.anatomy import stem
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.numbers import Number
from tools.language.sentences import Sentence

Way = Literal["more", "less"]
_UNEVEN = frozenset(map(stem, ("lopsided", "uneven", "irregular", "crooked")))

_HOW = re.compile(
    rf"\b(?:(?P<more>{'|'.join(EVIDENCE.more)})|(?P<less>{'|'.join(EVIDENCE.less)}))\b"
    r"(?! (?:side|axis|edge|end)\b)",
    re.I,
)
_SIZED = whole(EVIDENCE.sized)
_OF_TWO = re.compile(rf"[^.;,]{{0,40}}\b(?:{'|'.join(EVIDENCE.of_two)})\b", re.I)
_MORE_THAN = re.compile(
    r"\b(?:more|(?P<less>less|fewer)) (?P<one>\w+(?: \w+)?) than (?P<other>\w+(?: \w+)?)", re.I
)
_MARK = re.compile(r"[,;:]")
_OUTWEIGHS = re.compile(
    rf"(?P<one>\w+(?: \w+)?)(?: (?:clearly|slightly|also|far|just))? (?:{'|'.join(EVIDENCE.outweighs)}) "
    r"(?:the )?(?P<other>\w+(?: \w+)?)",
    re.I,
)
# How much there is, by the words for it.
_RANKS = {"small": 1, "mild": 1, "moderate": 2, "large": 3, "severe": 3}
_TURNED = whole(EVIDENCE.turned)
_REASON = "The measurements of this chat say the opposite, or nothing of both."


def wrong_comparisons(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Comparisons that the measurements, or what readers say of how much there is, turn round.

    Of how large something is, also those of which nothing is said of both.

    Args:
        sentence: a sentence of an answer.
        facts: the evidence of the chat.
    """
    found = list(_HOW.finditer(sentence.text))
    named = [(at, ids[0]) for at, ids in sentence.image_groups() if len(ids) == 1]
    if sentence.text.rstrip().endswith("?"):
        return
    yield from _of_shares(sentence, facts)
    if len(found) != 1 or not named:
        return
    how = found[0]
    subject = next((name for at, name in reversed(named) if at < how.start()), named[0][1])
    rest = [*dict.fromkeys(name for _, name in named if name != subject)]
    others = rest or sorted(facts.ids - {subject})
    way: Way = "more" if how["more"] else "less"
    if _TURNED.match(sentence.text, how.end() + 1):
        way = "less" if way == "more" else "more"
    sized = _SIZED.fullmatch(how[0]) is not None
    clause = _clause(sentence.text, how.start())
    each = [_told(clause, subject, other, facts, sized) for other in others]
    unsaid = sized and bool(_OF_TWO.match(sentence.text[how.end() :])) and not _is_quoted(facts)
    if any((told and way not in told) or (unsaid and not told) for told in each):
        start = sentence.start + how.start()
        yield Ungrounded(how[0], start, sentence.start + how.end(), "image", _REASON)


def _is_quoted(facts: Facts) -> bool:
    """Whether a reader compares two things itself."""
    return any(_SIZED.search(one.text) for one in facts.said if one.who == "reader")


def _of_shares(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Where of two measures of one image the smaller one is said to be the larger."""
    text = sentence.text
    for found in (*_MORE_THAN.finditer(text), *_OUTWEIGHS.finditer(text)):
        for image in sorted(facts.ids):
            here = _measures(image, facts)
            one, other = (_named_by(found[name], here) for name in ("one", "other"))
            if sentence.images and image not in sentence.images:
                continue
            turned = found.groupdict().get("less") is not None
            if one and other and one != other and (here[one] < here[other]) != turned:
                start = sentence.start + found.start()
                yield Ungrounded(found[0], start, start + len(found[0]), "number", _REASON)
                return


def _named_by(text: str, measures: Mapping[str, float]) -> str | None:
    """The measure that a text names; None for none, or for several."""
    words = frozenset(stem(one) for one in re.findall(r"[a-z]+", text.lower()))
    those = [name for name in measures if words & {stem(one) for one in re.findall(r"[a-z]+", name)}]
    return those[0] if len(those) == 1 else None


def _measures(image: str, facts: Facts) -> dict[str, float]:
    """What tools measured of an image, by the words before each number where no record names it."""
    found = dict(facts.measures.get(image, {}))
    for one in facts.numbers if not found else ():
        if one.said.who == "tool" and one.said.image_id == image and isinstance(one.claim.what, Number):
            since, _ = piece_at(one.claim)
            before = one.claim.sentence.text[since : one.claim.start - one.claim.sentence.start]
            name = re.split(r"[:(]", before)[-1].strip().lower()
            if re.fullmatch(r"[a-z]{3,}(?:[ /][a-z]+){0,2}", name):
                found.setdefault(name, one.claim.what.value)
    return found


def _clause(text: str, at: int) -> str:
    """The part of a sentence between its marks that a place lies in."""
    since = max((one.end() for one in _MARK.finditer(text, 0, at)), default=0)
    until = _MARK.search(text, at)
    return text[since : until.start() if until else len(text)]


def _told(text: str, one: str, other: str, facts: Facts, sized: bool) -> set[Way]:
    """How the first image stands to the other in what the sentence names, by what is said of both."""
    here, there = _measures(one, facts), _measures(other, facts)
    words = frozenset(stem(one) for one in re.findall(r"[a-z]+", text.lower()))
    both = [name for name in here if name in there]
    named = [name for name in both if any(stem(one) in words for one in name.split())]
    meant = named or [name for name in both if _is_meant(name, words)]
    if not meant and sized:
        meant = [name for name in both if name in EVIDENCE.sizes]
    told: set[Way] = {
        "more" if here[name] > there[name] else "less" for name in meant if here[name] != there[name]
    }
    if meant or not sized:
        return told
    ranks = (_rank(text, one, facts), _rank(text, other, facts))
    return _between(*ranks)


def _between(one: float | None, other: float | None) -> set[Way]:
    if one is None or other is None or one == other:
        return {"more"} if one and other == 0 else {"less"} if one == 0 and other else set()
    return {"more"} if one > other else {"less"}


def _rank(text: str, image: str, facts: Facts) -> float | None:
    """How much there is of what a sentence names, as readers say of an image; None for unknown."""
    said = lines_of(tuple(said for said in facts.said if said.who == "reader" and said.image_id == image))
    things = [one for one in units(text) if one.group == "finding" or one.name == "heart"]
    lines = [line for line in said.all if not things or any(line.has(one) for one in things)]
    stated = [
        line for line in lines if any(one.stands == "stated" and one.group in OPEN for one in line.units)
    ]
    told = {
        _RANKS[name] for line in stated for group, name in line.axes if group == "severity" and name in _RANKS
    }
    if told:
        return max(told) if len(told) == 1 else None
    return None if stated or not things else 0


def _is_meant(name: str, words: frozenset[str]) -> bool:
    """Whether a sentence names a measure, or what it is the lack of: asymmetry by “symmetric”."""
    long = [word for word in name.split() if len(word) > len("size")]
    return any(
        stem(word) in words
        or stem(word.removeprefix("a")) in words
        or (word == "asymmetry" and words & _UNEVEN)
        for word in long
    )
