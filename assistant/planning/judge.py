"""What a clause asks for: by the planner's rules, by the trained ear, and who of the two is followed.

The rules know names, numbers and sides; the ear knows how people talk. They err in different places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from assistant.planning.alarms import SURE, hear, named
from assistant.planning.doubt import two_of
from assistant.planning.possible import COMPLAINTS, OF_WHAT_WAS_SAID, asks, is_possible, surely
from assistant.planning.reference import names_image
from assistant.planning.scene import weighed
from assistant.planning.words import ELSEWHERE, Intent, firm_intents, intent_of
from tools.language.anatomy import INNER
from tools.language.findings import FINDINGS
from tools.language.kind_questions import kind_question
from tools.language.label_names import names_a_finding
from tools.language.pictures import names_picture
from tools.language.rules import heard as rule
from tools.language.wellness import names_finding

if TYPE_CHECKING:
    from assistant.hearing.ear import Heard
    from assistant.planning.conversation import Conversation

BESIDE = 0.45
"""From this score on the ear is followed where a rule heard something else: it is far oftener right."""
LOOSE = 0.35
"""The same where no rule heard anything. Below, the user is asked back with the two likeliest."""
CLEAR = 0.65
"""From this score on a whole message is believed where its parts say little."""
ANSWERED = ("en", "de", "es")
"""Languages that the planner answers in."""
# What the rules say more closely than the ear, so that it is no contradiction.
_CLOSER: dict[str, tuple[Intent, ...]] = {
    "file_facts": ("facts", "header"),
    "teach": ("textbook", "teach", "glossary", "photographing", "limit"),
    "read": ("rank", "measure"),
    "capabilities": ("reader_quality", "add_cases"),
    "compare": ("measure", "quality", "facts", "header"),
    "measure": ("compare",),
    "glossary": ("what_is",),
}

# What is made of words that nobody understood, because there is a picture.
_LOOSE: tuple[Intent, ...] = ("read", "describe", "unclear")
# What a clause that points at a picture, or asks for a reading, has to be heard as more surely.
_NOT_OF_IT: tuple[Intent, ...] = ("personal", "tissue")
# Ours: a firm rule's, in so many words, stand beside nothing.
_SHORT = 7
# Ours: so few words tell an ear little: it has to be surer by so much, beside a rule by twice as much.
_FEW, _FEW_WORDS = 3, 0.1
HALF = 0.5
"""From this score on the ear is more likely right than not."""
# Ours: a complaint that a rule hears by single words, while the ear hears hardly any.
_HARDLY, _LEAST, _MAYBE, _CERTAIN = 0.05, 0.25, 0.3, 0.95
# Ours: what is less likely is not asked back either.
_PLAUSIBLE = 0.1
# What a yes/no question that names a kind of picture, and more than the kind, may ask besides what is seen.
_BESIDE_THE_KIND: tuple[Intent, ...] = ("danger", "harm", "personal", "identity", "capabilities", "similar")
_LIKE_THE_KIND: tuple[Intent, ...] = ("facts", "quality", "which_is", "treat_as", "describe", "tissue")
_OF_WHAT_IS_SEEN: tuple[Intent, ...] = ("what_is", "read", "describe")
_OF_THE_KIND: tuple[Intent, ...] = ("what_is", "facts", *_LOOSE)
_POINTING = rule("judging", "pointing")
_OF_A_SPOT = rule("soon", "personal")
_EXISTS, _AGENT = rule("judging", "exists"), rule("judging", "agent")
_IS_IT_WELL, _STATE = rule("judging", "is_it_well"), rule("judging", "of_a_state")
_ASKS_WHAT_IT_SHOWS, _BEFORE = rule("pictures", "what_it_shows"), rule("judging", "told_before")
# A letter alone is an answer, or nothing.
_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Asked:
    """What a clause asks for.

    Attributes:
        intent: what.
        match: the words of the rule that said so, if it was a rule.
        either: the two likeliest, where neither rules nor ear know.
    """

    intent: Intent
    match: re.Match[str] | None = None
    either: tuple[Intent, ...] = ()


def asked(clause: str, talk: Conversation | None = None) -> Asked:
    """What a clause asks for by its own words; `talk` tells which pictures there are."""
    ruled, match = intent_of(clause)
    return judged(clause, ruled, match, talk=talk)


def judged(
    clause: str,
    ruled: Intent,
    match: re.Match[str] | None = None,
    *,
    known: Intent | None = None,
    talk: Conversation | None = None,
) -> Asked:
    """What a clause asks for, after the rules have spoken.

    Args:
        clause: a part of the question.
        ruled: what the rules hear.
        match: the words of the rule.
        known: what the chat around it makes of it, where it tells more than the words.
        talk: the conversation, which tells which pictures there are.
    """
    settled = known or ruled
    # The ear knows the languages that people write, and not the words that rules make of them.
    written = talk.written.get(clause, clause) if talk else clause
    kept = settled != ruled and settled not in _LOOSE
    if kept or not _WORD.search(written) or _asks_for_a_kind(clause):
        return Asked(settled, match)
    heard = hear(written)
    told = settled == "personal" and _OF_A_SPOT.search(clause) is not None
    if settled == "personal" and heard.people["personal"] < _HARDLY and not told:
        settled, match = "unclear", None  # a rule hears complaints by single words
    (name, said, share), whole, possible = _likeliest(heard, settled, clause, talk)
    if said == "advice" and "harm" in heard.alarms and heard.people["harm"] > heard.people["advice"]:
        return Asked("harm")  # how to cut it off at home
    said = said if match else _meant(said, written)
    if said == "advice" and heard.people["personal"] >= HALF:
        said = "personal"  # whether a relative has to see a doctor
    agree = said == settled or settled in _CLOSER.get(name, ()) or _of_several(settled, name, match, talk)
    # What is not wanted was left out before.
    firm = match and (said == "declined" or _is_firm(settled, clause) or (told and said != "danger"))
    firm = firm or _is_settled(settled, said, clause, written, talk)
    if agree or firm or _is_ruled_out(ruled, said, clause, heard):
        return Asked(settled, match)
    of_picture = _is_said_of_a_picture(settled, clause, talk)
    few = _FEW_WORDS * (1 + bool(match)) if len(clause.split()) <= _FEW + bool(match) else 0.0
    surer = said in OF_WHAT_WAS_SAID or (of_picture and said in _NOT_OF_IT)
    least = CLEAR if surer else _LEAST
    if share >= least and share / whole >= (BESIDE if match else LOOSE) + few:
        return Asked(said)
    if match or of_picture:
        return Asked(settled, match)
    of_it = (said == "advice" and share >= _MAYBE) or (
        said == "read" and _STATE.match(clause) and names_a_finding(clause)
    )
    return Asked(said) if of_it and talk and talk.ids else Asked("unclear", either=two_of(possible))


def _of_several(settled: Intent, name: str, match: re.Match[str] | None, talk: Conversation | None) -> bool:
    """Whether pictures are to be compared by what the ear hears: “compare technically”."""
    several = talk is not None and len(talk.ids) > 1
    return settled == "compare" and match is not None and several and name in ("quality", "file_facts")


def _likeliest(
    heard: Heard, settled: Intent, clause: str, talk: Conversation | None
) -> tuple[tuple[str, Intent, float], float, Iterator[Intent]]:
    """What the ear hears likeliest of what can be, the share of all that can, and in turn all of that.

    Most is not possible, and telling so costs more than hearing: it is asked only of what is as likely.
    """
    weights = weighed([*named(heard)], talk)
    meant = {name: said for name, said, _ in weights}

    def can_be(said: Intent) -> bool:
        return said == settled or is_possible(said, clause, talk)

    possible = (one for one in weights if can_be(one[1]))
    likeliest = next(possible, None)
    if likeliest is None:
        return ("", settled, 0.0), 1.0, iter(())
    share = likeliest[2]
    # What cannot be leaves its share to the rest.
    louder = [(name, score) for name, score in heard.intents if score > share]
    out = sum(score for name, score in louder if name not in meant or not can_be(meant[name]))
    heard_too = (said for _, said, score in chain([likeliest], possible) if score >= _PLAUSIBLE)
    return likeliest, max(1 - out, share or 1.0), heard_too


def _meant(said: Intent, clause: str) -> Intent:
    """“Is it ok?” asks for more than whether the picture is sharp."""
    return "read" if said == "quality" and _IS_IT_WELL.search(clause) else said


def _is_firm(settled: Intent, clause: str) -> bool:
    """Whether the words of a rule are so much its own that the ear is not asked."""
    short = settled in firm_intents("short") and len(clause.split()) <= _SHORT
    return short or settled in firm_intents("always")


def _is_said_of_a_picture(settled: Intent, clause: str, talk: Conversation | None) -> bool:
    """Whether words that nobody knows ask of a picture, or tell of one: “this is from January”."""
    pointed = _POINTING.search(clause) or names_picture(clause) or (talk and names_image(clause, talk))
    if settled == "read":
        return asks(clause) or bool(pointed)
    return settled == "describe" and not asks(clause) and bool(pointed)


def _asks_for_a_kind(clause: str) -> bool | None:
    """Whether a yes/no question for a kind of picture asks for nothing else; None where it is none."""
    question = kind_question(clause)
    return not question.rest if question is not None and question.names else None


def _is_ruled_out(ruled: Intent, said: Intent, clause: str, heard: Heard) -> bool:
    """Whether the rules are to be believed: they hear of people what the ear hardly denies, or a finding."""
    if ruled == "read" and said == "measure":
        return names_finding(clause)  # “so irregular, doesn't that mean melanoma?”
    return ruled in heard.alarms or (ruled == "harm" and heard.people["harm"] > 0.002 and said != "danger")


def _is_settled(settled: Intent, said: Intent, clause: str, written: str, talk: Conversation | None) -> bool:
    """Whether what rules and chat make of a clause holds against an ear that hears only the words."""
    if settled == "unclear" and (len(clause.split()) == 1 or ELSEWHERE.search(clause)):
        return not (hear(written).alarms & COMPLAINTS or surely(written) == said)
    if talk is None or not talk.ids:
        return False
    shown = settled in _OF_WHAT_IS_SEEN and said not in (*_OF_WHAT_IS_SEEN, "danger", "personal")
    if settled == "why":
        return said not in ("danger", "harm", "personal") and any(turn.results for turn in talk.past)
    shown = shown and _ASKS_WHAT_IT_SHOWS.search(clause) is not None
    # “MR for tomorrow's meeting” comes with it.
    shown = shown or (settled == "read" and said == "unclear" and bool(talk.attached))
    # “Go back to the first image” moves to no slice.
    elsewhere = hear(written).best[0] == "slice" != said and names_image(clause, talk)
    if shown or (settled in _LOOSE and (elsewhere or _is_of_it(said, clause, written, talk))):
        return True
    if said in ("capabilities", "recall") and settled not in (*_LOOSE, "why"):
        # “Can you measure it?” is a wish, and so is “what was the diameter again?”.
        return not (said == "recall" and _is_recalled(settled, clause, talk))
    # A yes to “is the CT fine?” would be said of the kind alone.
    doubted = said in _LIKE_THE_KIND and surely(written, _CERTAIN) != said
    like = doubted or (said not in (*_BESIDE_THE_KIND, "what_is") and not surely(written))
    return settled in _OF_THE_KIND and like and _asks_for_a_kind(clause) is False


def _is_of_it(said: Intent, clause: str, written: str, talk: Conversation) -> bool:
    """Whether a clause asks of a picture, in words that somebody may say without one too."""
    if said in ("why", "quality"):
        return (_EXISTS if said == "why" else _AGENT).search(clause) is not None
    if said == "privacy":  # “are the vessels identifiable?”
        of_body = (FINDINGS.search(clause) or INNER.search(clause)) and _STATE.match(clause)
        return bool(of_body) and not (names_picture(clause) or surely(written, SURE) == said)
    if said in ("teach", "glossary"):
        return bool(talk.attached or names_picture(clause)) and _POINTING.search(clause) is not None
    return False


def _is_recalled(settled: Intent, clause: str, talk: Conversation) -> bool:
    """Whether what was said before is asked for: of the same matter, or where nothing was said."""
    like = not talk.past or any(intent_of(turn.question)[0] == settled for turn in talk.past)
    return like and _BEFORE.search(clause) is not None
