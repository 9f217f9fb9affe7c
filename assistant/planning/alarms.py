"""Which alarms of the ear count: few words that name neither death nor harm need a surer ear.

“I'm done”, “end it” and “finish” end a game as well as a life, and the ear has only the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import cast

from assistant.hearing import ear
from assistant.hearing.ear import Heard
from assistant.planning.words import Intent
from tools.language.rules import heard
from tools.language.sayings import languages
from tools.models.systems.cards import SYSTEMS

_NAMES_HARM, _IDIOM = heard("people", "names_harm"), heard("people", "idiom")
# Ours: words that are so few, and a score and a share that no ending of a game or a chat reaches.
_FEW_WORDS, _SURER = 3, 0.97
_HARM = "danger_self"
_NAMES: dict[str, Intent] = {"file_facts": "facts", "none": "unclear"}

SURE = 0.6
"""From this score on 95 of 100 were right on writers left out."""


@cache
def reader_named() -> re.Pattern[str]:
    """The names of the published systems: no baby is ill where BabyDoctor is to be asked."""
    return re.compile("|".join(map(re.escape, SYSTEMS)), re.I)


@lru_cache(maxsize=8)  # of a whole message it is asked with each of its clauses
def hear(message: str) -> Heard:
    """What a message sounds like to the ear, an alarm of harm in few words only where it is sure.

    In a language without rules the ear is all there is, and is believed as it stands.
    """
    said = ear.hear(_IDIOM.sub(" ", reader_named().sub("the reader", message)))
    if re.fullmatch(r"\W*[^\W\d_]{1,3}\W*", message, re.A):
        return replace(said, alarms=frozenset())  # “ja”, “MI” and “VF” are answers, or what is looked for
    if len(message.split()) > _FEW_WORDS or said.languages[0][0] not in languages():
        return said
    sure = min(said.people[_HARM], dict(said.intents)[_HARM]) >= _SURER
    return said if sure or _NAMES_HARM.search(message) else replace(said, alarms=said.alarms - {_HARM})


def named(said: Heard) -> Iterator[tuple[str, Intent, float]]:
    """What the ear hears in its own words and the planner's, with the score, the likeliest first.

    A danger that raises no alarm is a complaint where it is likely, and left out where it is not.
    """
    for name, score in said.intents:
        if not name.startswith("danger"):
            yield name, _NAMES.get(name, cast(Intent, name)), score
        elif name in said.alarms:
            yield name, "danger", score
        elif score >= SURE or "personal" in said.alarms:
            yield name, "personal", score
