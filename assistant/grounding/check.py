"""Compare what an answer says with the evidence of its chat, sentence by sentence.

1. A sentence that only repeats a tool's, or one of Casebook's own definitions or disclaimers, is not asked.
2. Its numbers, sides, the order of look-alikes, comparisons of measures and whom it names as its source are
   held against the records by rule: each is right or wrong.
3. All else it says is taken apart into things (``units``): what is found and where, how severe, on which
   side, of what shape, stated, denied or in doubt. For each is looked up how the evidence carries it
   (``carried``): of the image and by the reader that its part of the sentence names (``scope``), only of
   another, only with the opposite standing, only in doubt …
4. Of these states some cannot be true beside the evidence, whatever else is said (``odds``): they are marked.
5. All states and the tone of what the evidence does not hold of the sentence (does it calm, treat, tell of
   the past, make a chance of a score; or does it teach, limit, advise care?) are weighed (``weigh``) by what
   was learned from examples. Above 0 it is marked: at the things that weigh most, or all of it where its
   tone does.
6. What only a reading model found, in an answer that names no reader at all, is no error, but kept from the
   user (`of_nobody`, by ``carried``).

Not caught: most colours, skin classes and who the patient is; a wrong explanation of a word; whose image a
pronoun means; which of two findings a word is said of where one part of a line has both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answers.answer import Ungrounded, UngroundedKind
from assistant.grounding.added import added_advice, added_causes, added_clauses
from assistant.grounding.carried import State, clause_of, states
from assistant.grounding.cases import wrong_cases
from assistant.grounding.claims import Claim, by_sentence
from assistant.grounding.compared import wrong_comparisons
from assistant.grounding.counted import wrong_numbers
from assistant.grounding.described import by_id
from assistant.grounding.facts import Facts
from assistant.grounding.lines import Lines, lines_of
from assistant.grounding.odds import is_at_odds
from assistant.grounding.pointed import wrongly_pointed
from assistant.grounding.scope import anchors
from assistant.grounding.sources import wrong_sources
from assistant.grounding.swapped import swapped_numbers
from assistant.grounding.things import wrong_things
from assistant.grounding.units import Unit
from assistant.grounding.weigh import Weighed, weigh
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.plain_findings import changes
from tools.language.reassurance import reassurances
from tools.language.rules import heard
from tools.language.sentences import Sentence, image_ids
from tools.language.textbook import is_general

_KINDS: dict[str, UngroundedKind] = {
    "side": "laterality", "place": "laterality", "level": "laterality", "modality": "modality",
}  # fmt: skip
_REASONS: dict[str, str] = {
    "turned": "The evidence says the opposite.",
    "surer": "The evidence says this in doubt only.",
    "other": "The evidence says this of another image or case, or another reader does.",
    "apart": "The evidence says this of another part.",
    "astray": "The evidence says this of something else.",
    "rival": "The evidence says something else of this.",
}
# Single words, which the readers need not share.
_LOOSE = frozenset({"word", "term", "part", "modality", "well"})
_QUOTES = ("“", '"', "‘")
_CLAUSE_END = heard("checking", "shared_until")
_NOT_EVERY = "Not every reader of this chat says this."
_UNSAID = "No evidence of this chat says this."
_TONE = "No tool or reader can say this from a picture."
_NOBODY = "Only a reading model says this, and the answer does not say so."
_BY_USER = whole(EVIDENCE.user_told)
_SPEAKS, _QUOTED, _EVERY = map(whole, (EVIDENCE.speaks, EVIDENCE.quoted_here, EVIDENCE.shared_by))
# Ours: where no reader has said anything, less is enough to mark a sentence.
_UNREAD = -0.5
# Ours: shorter sentences are repeated by chance.
_SHORTEST = 20
# Ours: things that weigh at least this share of the heaviest are marked with it.
_WITH = 0.4


def check(text: str, facts: Facts) -> tuple[Ungrounded, ...]:
    """What an answer's text says that is not found in the evidence.

    Args:
        text: the answer.
        facts: the evidence of the chat.

    Returns:
        Marks in the order of the text; none overlaps another.

    Raises:
        SetupError: the learned file is missing or damaged.
    """
    told = by_id(text, facts.images)
    marks = _apart(sorted(_all_marks(told, facts), key=lambda mark: (mark.start, -mark.end)))
    return tuple(replace(mark, text=text[mark.start : mark.end]) for mark in marks)


def _all_marks(text: str, facts: Facts) -> list[Ungrounded]:
    known = lines_of(facts.said)
    marks = [*_unknown_images(text, facts)]
    for sentence, numbers in by_sentence(text):
        if not is_repeated(sentence, facts):
            told = [*by_rule(sentence, numbers, facts), *_weighed(sentence, facts, known)]
            marks += [_with_anchor(sentence, one, facts) for one in told]
            marks += [] if facts.readers else _of_nobody(sentence, facts)
            marks += _calming(sentence, facts)
    return marks


def of_nobody(text: str, facts: Facts) -> list[Ungrounded]:
    """What only a reading model found, where a text names no reader at all."""
    if not facts.readers or _names_a_reader(text, facts):
        return []
    told = by_id(text, facts.images)
    return [
        mark for one, _ in by_sentence(told) if not is_repeated(one, facts) for mark in _of_nobody(one, facts)
    ]


def _names_a_reader(text: str, facts: Facts) -> bool:
    return _SPEAKS.search(text) is not None or any(one.lower() in text.lower() for one in facts.readers)


def by_rule(sentence: Sentence, numbers: Sequence[Claim], facts: Facts) -> Iterator[Ungrounded]:
    """What of a sentence the records contradict: numbers, sides, sources, comparisons, look-alikes."""
    yield from wrong_numbers(sentence, numbers, facts)
    yield from swapped_numbers(sentence, numbers, facts)
    yield from wrong_sources(sentence, facts)
    yield from wrong_comparisons(sentence, facts)
    yield from wrong_cases(sentence, facts)
    yield from wrongly_pointed(sentence, facts)
    yield from wrong_things(sentence, facts)
    yield from added_advice(sentence, facts)
    yield from _not_of_all(sentence, facts)


def _weighed(sentence: Sentence, facts: Facts, known: Lines) -> list[Ungrounded]:
    told = states(sentence, facts.ids, known)
    found = weigh(sentence.text, told)
    added = [*added_causes(sentence, told), *added_clauses(sentence, told)]
    odds = [*at_odds(sentence, told, facts), *added]
    if found.score > (0.0 if facts.readers else _UNREAD):
        return [*_marks(sentence, found, facts), *odds]
    return odds


def at_odds(sentence: Sentence, told: Sequence[tuple[Unit, State]], facts: Facts) -> Iterator[Ungrounded]:
    """What cannot be true beside the evidence, whatever the tone of the sentence."""
    text = sentence.text
    if text.rstrip().endswith("?"):
        return
    for one, state in told:
        clause = clause_of(text, one)
        general = is_general(clause) and not _QUOTED.search(clause)
        if not general and not one.gloss and is_at_odds(one, state, told, text):
            yield _of_unit(sentence, one, state, facts)


def _with_anchor(sentence: Sentence, mark: Ungrounded, facts: Facts) -> Ungrounded:
    """A mark of the wrong image or reader reaches to where its sentence names that one."""
    if mark.kind not in ("image", "source"):
        return mark
    named = sorted(
        (sentence.start + a, sentence.start + b)
        for a, b in anchors(sentence, facts.ids, frozenset(facts.readers))
    )
    before = [a for a, _ in named if a <= mark.start]
    start = max(before, default=mark.start)
    end = mark.end if before else min((b for a, b in named if a >= mark.end), default=mark.end)
    text = sentence.text[start - sentence.start : end - sentence.start]
    return replace(mark, text=text, start=start, end=end)


def _not_of_all(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Where a sentence has every reader say what one of them does not."""
    every = _EVERY.search(sentence.text)
    for name in facts.readers if every else ():
        own = lines_of(tuple(one for one in facts.said if one.who != "reader" or one.name == name))
        found = [one for one in states(sentence, facts.ids, own) if one[0].group not in _LOOSE]
        end = _CLAUSE_END.search(sentence.text + ";", every.end()) if every else None
        told = [(one, state) for one, state in found if end and one.start < end.start()]
        if every and any(state != "here" and one.stands == "stated" for one, state in told):
            start = sentence.start + every.start()
            yield Ungrounded(every[0], start, start + len(every[0]), "source", _NOT_EVERY)
            return


def _of_nobody(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """Findings that only a reading model may state or deny, where none is named, or none has spoken."""
    if not facts.readers and _BY_USER.search(sentence.text):
        return
    if is_general(sentence.text) or sentence.text.rstrip().endswith("?"):
        return
    unnamed = lines_of(facts.unread)
    stood = ("stated",) if facts.readers else ("stated", "denied")
    for one, state in states(sentence, facts.ids, unnamed):
        if one.group in ("finding", "well") and state != "here" and one.stands in stood and not one.gloss:
            text = sentence.text[one.start : one.end]
            start = sentence.start + one.start
            reason = _NOBODY if facts.readers else _UNSAID
            yield Ungrounded(text, start, start + len(text), "label", reason)


def _calming(sentence: Sentence, facts: Facts) -> Iterator[Ungrounded]:
    """What calms; where nobody has read a picture also plain words for that something is well or wrong."""
    if _BY_USER.search(sentence.text):
        return
    if is_general(sentence.text) or sentence.text.rstrip().endswith("?"):
        return
    told = (*reassurances(sentence.text), *(() if facts.readers else changes(sentence.text)))
    for name, first, end in told:
        if facts.readers and (name != "calm" or sentence.text[:first].endswith(_QUOTES)):
            continue
        standing = sentence.standing(first, end)
        if standing == "open" or (standing == "denied" and name != "calm"):
            continue
        start = sentence.start + first
        yield Ungrounded(sentence.text[first:end], start, sentence.start + end, "label", _UNSAID)


def _marks(sentence: Sentence, found: Weighed, facts: Facts) -> Iterator[Ungrounded]:
    """Where a sentence is marked: at the things that weigh most, or all of it."""
    most = max((weight for _, _, weight in found.units), default=0.0)
    if most <= found.tone or not most:
        text = sentence.text.strip()
        start = sentence.start + sentence.text.index(text)
        yield Ungrounded(text, start, start + len(text), "label", _TONE)
        return
    for one, state, weight in found.units:
        if weight >= _WITH * most:
            yield _of_unit(sentence, one, state, facts)


def _of_unit(sentence: Sentence, one: Unit, state: State, facts: Facts) -> Ungrounded:
    kind: UngroundedKind = _KINDS.get(one.group, "label")
    if state == "other" and len(facts.ids) > 1:
        kind = "image"
    elif state == "other" and len(facts.readers) > 1:
        kind = "source"
    text = sentence.text[one.start : one.end]
    # What is too sure is the whole statement.
    text = clause_of(sentence.text, one) if state == "surer" else text
    start = sentence.start + (sentence.text.index(text) if state == "surer" else one.start)
    return Ungrounded(text, start, start + len(text), kind, _REASONS.get(state, _UNSAID))


def is_repeated(sentence: Sentence, facts: Facts) -> bool:
    """Whether a sentence stands word for word in a tool's own words or in a definition of Casebook's."""
    words = as_compared(sentence.text)
    if len(words) < _SHORTEST:
        return False
    own = (one.text for one in facts.said if one.who == "tool" and one.is_of(sentence.images))
    return any(words in as_compared(one) for one in (*facts.settled, *own))


@lru_cache(maxsize=4096)
def as_compared(text: str) -> str:
    """A text in lower case, on one line, without marks around it."""
    return " ".join(text.split()).strip(" -*.").lower()


def _unknown_images(text: str, facts: Facts) -> Iterator[Ungrounded]:
    for found in image_ids(text):
        if f"img-{found[1]}" not in facts.ids:
            there = ", ".join(sorted(facts.ids)) or "none"
            reason = f"There is no such image in this chat; there are: {there}."
            yield Ungrounded(found[0], found.start(), found.end(), "image", reason)


def _apart(marks: Iterable[Ungrounded]) -> Iterator[Ungrounded]:
    end = -1
    for mark in marks:
        if mark.start >= end:
            yield mark
            end = mark.end
