"""Whether the evidence states what a sentence puts together, and not merely its words.

A sentence is taken into parts, and one clause of the evidence or of the planner's answer has to state each:
all that the part speaks of, denied where the clause denies it, in the clause's order, and by the reader that
the sentence names for it. What something is said to be it has to be there. Parts without a verb of their own
go on with the same record. What speaks of Casebook, its tools, library or models has to be in a clause's own
words, one after the other. What shows or is shown (the picture, the lesion) may be called so.

Not caught: whose something is where one clause names several; what verbs do that the evidence does not use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.attributed import speakers
from assistant.grounding.clauses import (
    ENDS,
    FREE,
    RELATIONS,
    VERB,
    Clause,
    Piece,
    clauses_of,
    piece,
    pieces,
    stems,
)
from assistant.grounding.facts import Facts
from assistant.grounding.units import Unit, sets
from tools.language.lists import whole
from tools.language.modalities import MODALITY
from tools.language.sentences import Sentence, image_ids

_THING = whole((*RELATIONS.things, *RELATIONS.own))
_IS_SO, _TOLD_OF = whole(RELATIONS.is_so), whole(RELATIONS.told_of)
_BEHIND, _FAR_BEHIND = (
    re.compile(rf"\b(?:{'|'.join(words)})(?: \w+){{0,{most}}}\W*$", re.I)
    for words, most in ((RELATIONS.shown_in, 1), (RELATIONS.prepositions, 3))
)
_VERB, _BETWEEN, _ARTICLE = (
    "|".join(words) for words in (RELATIONS.is_a, RELATIONS.between, RELATIONS.article)
)
_IS_A = re.compile(rf"\b(?:{_VERB})(?: (?:{_BETWEEN}))* (?=(?:{_ARTICLE})\b)", re.I)
_SUBJECT = re.compile(rf"\W*(?:(?:{'|'.join(RELATIONS.subject)})\W*)*", re.I)
_EVERY_WORD = re.compile(r"[^\W\d_]+(?:['’]t)?")
_COUNT = re.compile(r"(?<!img-)\b\d")
# Whose words, where they have no verb, say what the picture, or a look-alike, is.
_NAMING = frozenset({"reader", "facts", "library"})
_LOOSE = frozenset({"part", "term", "word"})
_MARK = re.compile(r"[,;:]")
_ORDERED = frozenset({"word", "term"})


def is_related(sentence: Sentence, facts: Facts, floor: str) -> bool:
    """Whether the evidence states what a sentence puts together.

    Args:
        sentence: a sentence whose words are all in the evidence.
        facts: the evidence of the chat.
        floor: the planner's answer; empty for none.
    """
    told = speakers(sentence.text, facts)
    known = clauses_of(facts.said, floor)
    names = {re.escape(one.name) for one in facts.said if one.name and one.who != "user"}
    own = whole((*RELATIONS.own, *sorted(names)))
    spans = pieces(told.text)
    # By how many parts are stated: the records that may have stated the last of them.
    reached: list[frozenset[int] | None] = [frozenset()]
    for last in range(1, len(spans) + 1):
        found: list[frozenset[int]] = []
        for first, before in enumerate(reached):
            if before is not None:
                start, end = spans[first][0], spans[last - 1][1]
                one = piece(sentence, told.text, start, end, facts)
                mine = [clause for clause in known if told.may_state(clause, start, end)]
                found += [stated] if (stated := _stated(one, before, mine, own)) is not None else []
        reached.append(frozenset().union(*found) if found else None)
    return reached[-1] is not None


def _stated(
    one: Piece, before: frozenset[int], known: Sequence[Clause], own: re.Pattern[str]
) -> frozenset[int] | None:
    """The records that state a part, of those that stated the part before; None where none does."""
    if not (one.units or one.is_all or _THING.search(one.text) or _IS_A.search(one.text)):
        return before
    mine = (clause for clause in known if not one.images or clause.image_id in ("", *one.images))
    found = [clause for clause in mine if _states(clause, one, own)]
    stands_alone = one.has_verb or any(image_ids(one.text))
    stated = frozenset(
        clause.said
        for clause in found
        if not before or stands_alone or clause.said in before or (clause.who == "reader" and _finds(one))
    )
    return stated or None


def _states(clause: Clause, one: Piece, own: re.Pattern[str]) -> bool:
    return (
        (clause.who != "facts" or _begins_free(one))
        and all(_is_held(unit, clause) or _is_free(unit, one) for unit in one.units)
        and (bool(one.units) or one.stems <= clause.stems or not one.is_all)
        and all(stems(found[0]) <= clause.stems for found in _THING.finditer(one.text))
        and (_finds(one) or all(stems(found[0]) <= clause.stems for found in _TOLD_OF.finditer(one.text)))
        and _denies_alike(clause, one)
        and _in_order(clause, one)
        and all(_is_one(found, clause, one) for found in _IS_A.finditer(one.text))
        and (not own.search(one.text) or _in_own_words(clause, one))
    )


def _is_held(unit: Unit, clause: Clause) -> bool:
    return clause.line.has(unit) or (unit.group in sets() and clause.line.names(unit))


def _is_free(unit: Unit, one: Piece) -> bool:
    """Whether it only names the picture or what it shows: as a subject, or behind “of” or “in”."""
    start, end = unit.start - one.start, unit.end - one.start
    if unit.group == "modality":
        return True
    if any(found.end() <= start for found in _IS_A.finditer(one.text)):
        return False
    if not (FREE.fullmatch(one.text[start:end]) or one.text[start:end].lower() in one.shown):
        return False
    before = FREE.sub("", MODALITY.sub("", one.text[:start]))
    if FREE.match(one.text, end + 1) or MODALITY.match(one.text, end + 1):
        return True
    return _SUBJECT.fullmatch(before) is not None or _BEHIND.search(before) is not None


def _denies_alike(clause: Clause, one: Piece) -> bool:
    """Whether a part denies what the clause denies of it, and leaves open what it leaves open."""
    for how in ("denied", "open"):
        mine = {word.stem for word in one.words if word.stands == how} & clause.stems
        theirs = {word.stem for word in clause.words if word.stands == how} & one.stems
        if (mine or theirs) and not mine & theirs:
            return False
    return True


def _in_order(clause: Clause, one: Piece) -> bool:
    """Whether the words that name no finding stand in the clause's order, save behind prepositions."""
    if not VERB.search(clause.text):
        return True
    places = [
        min((other.start for other in clause.line.units if other.senses & unit.senses), default=-1)
        for unit in one.units
        if unit.group in _ORDERED
        and not FREE.fullmatch(unit.name)
        and not _is_behind(unit, one)
        and not _is_measured(unit, one)
    ]
    known = [place for place in places if place >= 0]
    return known == sorted(known)


def _is_one(found: re.Match[str], clause: Clause, one: Piece) -> bool:
    """Whether what a part says that something is, it is by the clause."""
    end = ENDS.search(one.text, found.end())
    last = end.start() if end else len(one.text)
    name = stems(FREE.sub("", one.text[found.end() : last]))
    units = [unit for unit in one.units if found.end() <= unit.start - one.start < last]
    said = frozenset().union(
        *(stems(one.text[unit.start - one.start : unit.end - one.start]) for unit in units)
    )
    if not name - said <= clause.stems:
        return False
    subject = stems(FREE.sub("", MODALITY.sub("", one.text[: found.start()])))
    if clause.who in _NAMING and not VERB.search(clause.text) and not subject:
        is_named = clause.who != "reader" or any(unit.group not in _LOOSE for unit in units)
        return is_named or name <= stems(ENDS.split(clause.text)[0])
    return any(
        name <= stems(clause.text[link.end() :]) and _is_of(subject, one, ahead)
        for link in _IS_SO.finditer(clause.text)
        for ahead in (_MARK.split(clause.text[: link.start()])[-1],)
    )


def _is_of(subject: frozenset[str], one: Piece, ahead: str) -> bool:
    """Whether a part is about what stands before an “is” of the clause; the picture, by itself."""
    if subject:
        return subject <= stems(ahead)
    return not stems(FREE.sub("", ahead)) and (
        not _COUNT.search(ahead) or _COUNT.search(one.text) is not None
    )


def _in_own_words(clause: Clause, one: Piece) -> bool:
    """Whether the words of a part stand in the clause, one after the other."""
    there = iter([word.lower() for word in _EVERY_WORD.findall(clause.text)])
    mine = [word.lower() for word in _EVERY_WORD.findall(one.text)]
    return all(word in there for word in mine if word not in RELATIONS.article)


def _begins_free(one: Piece) -> bool:
    """Whether a part is about the picture itself: nothing else stands before its verb."""
    verb = VERB.search(one.text)
    return verb is None or not stems(FREE.sub("", MODALITY.sub("", one.text[: verb.start()])))


def _finds(one: Piece) -> bool:
    return any(unit.group in ("finding", "well") for unit in one.units)


def _is_behind(unit: Unit, one: Piece) -> bool:
    return _FAR_BEHIND.search(one.text[: unit.start - one.start]) is not None


def _is_measured(unit: Unit, one: Piece) -> bool:
    """Whether it is what a number before it counts."""
    return one.text[: unit.start - one.start].rstrip()[-1:].isdigit()
