"""What somebody is in danger of by one message alone: by the ear, what it denies left out, or by rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from assistant.hearing.ear import Heard
from assistant.hearing.parts import sentences_of
from assistant.planning.alarms import hear
from assistant.planning.clauses import clauses
from assistant.planning.judge import HALF
from assistant.planning.region_words import only_measures
from assistant.planning.words import intent_of
from tools.language.rules import heard
from tools.language.symptoms import without_denied
from tools.language.teaching_cards import language_of_title

Danger = Literal["body", "harm", ""]
"""What somebody is in danger of: their body failing, harm by their own or another's hand, or nothing."""

_GOES_ON, _OF_BODY = heard("people", "goes_on"), heard("people", "of_the_body")
_TELLS_A_STORY, _LONG_AGO, _QUOTED = (
    heard("people", name) for name in ("tells_a_story", "long_ago", "quoted")
)
_OF_NO_PERSON, _SOMEBODY = heard("people", "of_no_person"), heard("people", "somebody")
_VIGNETTE, _HAPPENS_NOW = heard("people", "vignette"), heard("people", "happens_now")
_DANGERS: dict[str, Danger] = {"danger_self": "harm", "danger_body": "body"}
# Ours: a sentence of a message tells less than the whole, so it has to be clearer, and the whole may not
# quite deny it. In a letter, which has many sentences, one may be less clear, still less if the whole alarms.
_CLEAR_PART, _NOT_DENIED, _HEARD, _LONG_LETTER = 0.92, 0.1, 0.3, 70
_CLEAR_IN_LETTER, _CLEAR_OF_ALARM, _HARDLY_IN_LETTER = 0.85, 0.6, 0.005
_TAUGHT = ("teach", "none")
_NO_ALARM = ("teach", "file_facts", "slice", "display", "quality")
# Ours: a share of all that a message may mean.
_MEANT = 0.8
# Ours: below this on its own, what a message may mean is what nothing else fits: “purple monkey”. The same
# command counts the strangers' dangers that are heard, and the harmless messages that are taken for one.
_HARDLY_HEARD = 0.2
_FEW_WORDS = 4
# Ours: an alarm of an earlier message is remembered from this score on. How many of the strangers' dangers
# are, and how many other messages, `python -m tests.bench.strangers` counts.
_CLEAR_BEFORE = 0.25


@lru_cache(maxsize=256)
def danger_of(message: str) -> Danger:
    """What somebody is in danger of by one message alone: by the ear, what it denies left out, or by rule.

    A teaching card's title, word for word, asks for the card and tells of nobody; so do “and the blood?”, a
    message of nothing but places and values in a picture, and a case of a lesson: “31m rlq pain”.
    """
    if (
        only_measures(message)
        or language_of_title(message)
        or (len(message.split()) <= _FEW_WORDS and _GOES_ON.search(message))
    ):
        return ""
    if _OF_NO_PERSON.search(message):
        return ""
    if found := _by_ear(message):
        return "" if found == "body" and _is_vignette(message) else found
    if _ruled(message):
        return "harm"
    matter, sure = hear(message).best
    return "body" if _OF_BODY.search(message) and (matter not in _TAUGHT or sure < HALF) else ""


def _is_vignette(message: str) -> bool:
    """Whether a message puts a case for a lesson, and nobody in it is in need now."""
    return bool(_VIGNETTE.search(message)) and not (_HAPPENS_NOW.search(message) or _SOMEBODY.search(message))


def _ruled(message: str) -> bool:
    """Whether a rule hears danger in words that the ear does not take for another matter, or for denied."""
    loudest, matter = max(_scores(message).values()), hear(message).best[0]
    denied = loudest < _NOT_DENIED or matter == "teach" or (matter == "none" and loudest < _HEARD)
    if len(message.split()) <= _FEW_WORDS:
        denied = False  # of so few words an ear knows less than a rule
    return not denied and any(intent_of(one)[0] == "danger" for one in clauses(without_denied(message)))


def _by_ear(message: str) -> Danger:
    """What the ear hears in a message, or in one of its sentences."""
    if len(message.split()) > _LONG_LETTER:
        return _in_letter(message)
    if found := _alarm(message):
        return found
    parts = sentences_of(message)
    score, name = max((_loudest(parts, name), name) for name in _DANGERS)
    matter, sure = hear(message).best
    denied = max(_scores(message).values()) < _NOT_DENIED or (matter in _TAUGHT and sure >= HALF)
    return _DANGERS[name] if score >= _CLEAR_PART and not denied else ""


def _in_letter(letter: str) -> Danger:
    """What a long letter tells in one sentence of its own, neither quoted nor of long ago.

    The whole is about all that stands beside it, so it can neither raise an alarm alone nor deny one.
    """
    parts = [one for one in sentences_of(_QUOTED.sub(" ", letter)) if not _LONG_AGO.search(one)]
    if is_story := _TELLS_A_STORY.search(letter):
        parts = [one for one in parts if not _TELLS_A_STORY.search(one)]
    whole, alarm = _scores(letter), _alarm(letter)
    told = {name: _loudest(parts, name) for name in _DANGERS if whole[name] >= _HARDLY_IN_LETTER}
    name = max(told, key=lambda one: told[one], default="danger_body")
    by_alarm = _CLEAR_OF_ALARM if alarm == _DANGERS[name] else _CLEAR_IN_LETTER
    enough = _CLEAR_PART if is_story else by_alarm
    return _DANGERS[name] if told.get(name, 0.0) >= enough else ""


def _loudest(parts: Sequence[str], name: str) -> float:
    """How much a danger is heard in the one of some sentences that sounds most like it."""
    return max((_scores(part)[name] for part in parts), default=0.0)


def _alarm(message: str) -> Danger:
    scores = _scores(message)
    alarms = hear(message).alarms & hear(without_denied(message)).alarms
    matter, sure = hear(message).best
    # What sounds more like a lesson than like an alarm is one: an examination question tells of dying people.
    # So is what is asked of a file or its view: “so the right side is his left?”.
    louder = sure if matter in _NO_ALARM else 0.0
    heard = [name for name in scores if name in alarms and scores[name] >= louder]
    return _DANGERS[max(heard, key=lambda name: scores[name])] if heard else _by_what_is_meant(message)


def _by_what_is_meant(message: str) -> Danger:
    """The danger that a message means more than anything else, where no alarm is raised: “I have …”."""
    both = [dict(hear(one).intents) for one in (message, without_denied(message))]
    shares = {name: min(one.get(name, 0.0) for one in both) for name in _DANGERS}
    name = max(shares, key=lambda one: shares[one])
    few = name == "danger_self" and len(message.split()) <= _FEW_WORDS
    meant = sum(shares.values()) >= _MEANT and max(_scores(message).values()) >= _HARDLY_HEARD
    return _DANGERS[name] if meant and not few else ""


def _scores(message: str) -> dict[str, float]:
    """How much a message sounds like each danger, said and without what it denies, the lower of the two."""
    both: tuple[Heard, Heard] = (hear(message), hear(without_denied(message)))
    return {name: min(one.people[name] for one in both) for name in _DANGERS}


@lru_cache(maxsize=256)  # of every message it is asked again in the turns after it
def clear_danger(message: str) -> Danger:
    """The danger of an earlier message, if it was clear: a false alarm is over with its answer."""
    clear = max(_scores(message).values()) >= _CLEAR_BEFORE or _ruled(message)
    return danger_of(message) if clear else ""
