"""Compare what an answer says with the evidence of its chat, sentence by sentence.

1. A sentence that only repeats a tool's, or one of Casebook's own definitions or disclaimers, is not asked.
2. Its numbers, the order of look-alikes, comparisons of measures and whom it names as its source are held
   against the records by rule: each is right or wrong.
3. All else it says is taken apart into things (``units``): what is found and where, how severe, on which
   side, of what shape, stated, denied or in doubt. For each is looked up how the evidence carries it
   (``carried``): of this image by the readers that are named, only of another, only with the opposite
   standing, only in doubt …
4. These states and the sentence's tone (does it calm, treat, tell of the past, make a chance of a score; or
   does it teach, limit, advise care?) are weighed (``weigh``) by what was learned from examples. Above 0 it
   is marked: at the things that weigh most, or all of it where its tone does.
5. What only a reading model found is marked in an answer that names no reader at all.

Not caught: a wrong explanation of a word; whose image a pronoun means; which of two findings a word is said
of where one part of a line has both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.answers.answer import Ungrounded, UngroundedKind
from assistant.grounding.carried import Lines, lines_of, states
from assistant.grounding.cases import wrong_cases
from assistant.grounding.claims import Claim, by_sentence
from assistant.grounding.compared import wrong_comparisons
from assistant.grounding.counted import wrong_numbers
from assistant.grounding.facts import Facts
from assistant.grounding.sources import wrong_sources
from assistant.grounding.units import Unit
from assistant.grounding.weigh import Weighed, weigh
from tools.language.evidence import EVIDENCE
from tools.language.lists import whole
from tools.language.sentences import Sentence, image_ids

_KINDS: dict[str, UngroundedKind] = {
    "side": "laterality", "place": "laterality", "level": "laterality", "modality": "modality",
}  # fmt: skip
_REASONS: dict[str, str] = {
    "turned": "The evidence says the opposite.",
    "surer": "The evidence says this in doubt only.",
    "other": "The evidence says this of another image, or another reader does.",
    "apart": "The evidence says this of another part.",
    "astray": "The evidence says this of something else.",
    "rival": "The evidence says something else of this.",
}
_UNSAID = "No evidence of this chat says this."
_TONE = "No tool or reader can say this from a picture."
_NOBODY = "Only a reading model says this, and the answer does not say so."
_SPEAKS = whole(EVIDENCE.speaks)
# Ours: where no reader has said anything, less is enough to mark a sentence.
_UNREAD = -0.5
# Ours: shorter sentences are repeated by chance.
_SHORTEST = 20
# Ours: things that weigh at least this share of the heaviest are marked with it, if they lie this near.
_WITH, _BESIDE = 0.5, 40


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
    known = lines_of(facts.said)
    unnamed = lines_of([one for one in facts.said if one.who != "reader"])
    named = not facts.readers or _SPEAKS.search(text) is not None
    marks = [*_unknown_images(text, facts)]
    for sentence, numbers in by_sentence(text):
        if not _is_repeated(sentence, facts):
            marks += [*by_rule(sentence, numbers, facts), *_weighed(sentence, facts, known)]
            marks += [] if named else _of_nobody(sentence, facts, unnamed)
    return tuple(_apart(sorted(marks, key=lambda mark: (mark.start, -mark.end))))


def by_rule(sentence: Sentence, numbers: Sequence[Claim], facts: Facts) -> Iterator[Ungrounded]:
    """What of a sentence the records contradict: numbers, sources, comparisons, look-alikes."""
    yield from wrong_numbers(sentence, numbers, facts)
    yield from wrong_sources(sentence, facts)
    yield from wrong_comparisons(sentence, facts)
    yield from wrong_cases(sentence, facts)


def _weighed(sentence: Sentence, facts: Facts, known: Lines) -> list[Ungrounded]:
    found = weigh(sentence.text, states(sentence, facts.ids, known))
    return [*_marks(sentence, found)] if found.score > (0.0 if facts.readers else _UNREAD) else []


def _of_nobody(sentence: Sentence, facts: Facts, unnamed: Lines) -> Iterator[Ungrounded]:
    """Findings that only a reading model said, in an answer that names none."""
    for one, state in states(sentence, facts.ids, unnamed):
        if one.group == "finding" and state != "here" and one.stands == "stated" and not one.gloss:
            text = sentence.text[one.start : one.end]
            start = sentence.start + one.start
            yield Ungrounded(text, start, start + len(text), "label", _NOBODY)


def _marks(sentence: Sentence, found: Weighed) -> Iterator[Ungrounded]:
    """Where a sentence is marked: at the things that weigh most, or all of it."""
    most = max((weight for _, _, weight in found.units), default=0.0)
    if most <= found.tone or not most:
        text = sentence.text.strip()
        start = sentence.start + sentence.text.index(text)
        yield Ungrounded(text, start, start + len(text), "label", _TONE)
        return
    for one, state, weight in found.units:
        if weight >= _WITH * most:
            reason = _REASONS.get(state, _UNSAID)
            kind: UngroundedKind = "image" if state == "other" else _kind(one)
            text = sentence.text[one.start : one.end]
            yield Ungrounded(text, sentence.start + one.start, sentence.start + one.end, kind, reason)


def _kind(one: Unit) -> UngroundedKind:
    return _KINDS.get(one.group, "label")


def _is_repeated(sentence: Sentence, facts: Facts) -> bool:
    """Whether a sentence stands word for word in a tool's own words or in a definition of Casebook's."""
    words = _even(sentence.text)
    if len(words) < _SHORTEST:
        return False
    own = (one.text for one in facts.said if one.who == "tool" and one.is_of(sentence.images))
    return any(words in _even(one) for one in (*facts.settled, *own))


def _even(text: str) -> str:
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
