"""How surely a sentence says what the evidence does not: its tone and its states, weighed.

``learned.npz`` beside this file holds the numbers; ``python -m tests.grounding.fit`` writes it. NumPy only.
A score above 0 is a sentence to mark; it is no probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.grounding.carried import State
from assistant.grounding.units import OPEN, Unit, sets
from tools.language.grams import VERSION, grams
from tools.language.learned import read_learned
from tools.language.rules import heard
from tools.language.terms import wide
from tools.language.textbook import is_general

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL_FILE = Path(__file__).with_name("learned.npz")
TONES = ("calm", "treat", "past", "chance", "teach", "limit", "care", "talk", "claim")
"""What a sentence may be about, as ``prompts/grounding/tones.toml`` names it."""
WRONG, FREE = TONES[:4], TONES[4:8]
"""Tones of what nobody here may say, and of what says nothing of an image."""
_CUT = heard("checking", "tone_cuts")
_SHORTEST = 4
# Ours: a head's output from which a tone is heard at all, and at which it is heard fully.
_FROM, _SPAN, _FULL = -3.5, 3.5, 1.5
# Ours: how much less new words count in a sentence of general tone, and of a general turn of phrase.
_FREE_CUT, _GENERAL_CUT = 0.8, 0.4
_MANY = 3
_UNSAID = frozenset({"new", "asked"})
_OF_TONE = ("+wrong", *(f"+{one}" for one in WRONG), *(f"+new {one}" for one in WRONG))
_NEVER = {"word": frozenset({"other"}), "opposed": frozenset({"astray", "rival", "new"})}

States = Sequence[tuple[Unit, State]]


@dataclass(frozen=True)
class Weighed:
    """A sentence's score, and how much each of its things and its tone add to it."""

    score: float
    units: tuple[tuple[Unit, State, float], ...]
    tone: float


def weigh(text: str, states: States) -> Weighed:
    """Weigh a sentence.

    Args:
        text: the sentence.
        states: how each thing that it says is carried.

    Raises:
        SetupError: the learned file is missing or damaged.
    """
    weights = _weights()
    found = features(text, states)
    score = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in found.items())
    each = [(one, state, _added(one, state, weights, found)) for one, state in states]
    tone = sum(weights.get(name, 0.0) * found[name] for name in _OF_TONE)
    return Weighed(score, tuple(each), tone)


def _added(one: Unit, state: State, weights: Mapping[str, float], found: Mapping[str, float]) -> float:
    name = _name(one, state)
    if name is None:
        return 0.0
    return sum(
        weights.get(key, 0.0) * found.get(key, 0.0) for key in (f"+{name}", f"+{name} use", f"+any {state}")
    )


def features(text: str, states: States) -> dict[str, float]:
    """What is weighed of a sentence, by name; ``+`` can only speak against it, ``-`` only for it."""
    left = unexplained(text, states)
    heard = tones(left)
    found = {f"+{one}": max(tones(part)[one] for part in _parts(left)) for one in WRONG}
    found |= {f"-{one}": heard[one] for one in FREE}
    wrong, claim = max(found[f"+{one}"] for one in WRONG), heard["claim"]
    general = is_general(text)
    use = (1 - _FREE_CUT * min(1.0, max(heard[one] for one in FREE))) * (_GENERAL_CUT if general else 1)
    found |= {"-general": float(general), "-question": float(text.rstrip().endswith("?")), "+wrong": wrong}
    spoken = [(one, state) for one, state in states if one.group in OPEN and one.group != "finding"]
    unsaid = sum(state in _UNSAID and not one.gloss for one, state in spoken)
    new = unsaid / max(1, len(spoken))
    terms = sum(
        one.group == "term" and state in _UNSAID and not one.gloss and one.stands != "open"
        for one, state in states
    )
    found |= {f"+new {one}": new * found[f"+{one}"] for one in WRONG}
    found |= {"+new": new * use, "+new claim": new * claim * use, "+many": min(unsaid, _MANY) * claim * use}
    found |= {"+terms": min(terms, _MANY) * use, "+terms claim": min(terms, _MANY) * use * claim}
    for one, state in states:
        if name := _name(one, state):
            found[f"+{name}"], found[f"+{name} use"] = _GENERAL_CUT if general else 1.0, use
            if one.group not in OPEN or one.group in ("finding", "well"):
                found[f"+any {state}"] = use
    return found


def unexplained(text: str, states: States) -> str:
    """A sentence without the words that the evidence holds, whose tone is what it adds itself."""
    for one, state in states:
        if state == "here":
            text = text[: one.start] + "_" * (one.end - one.start) + text[one.end :]
    return text


def _name(one: Unit, state: State) -> str | None:
    """The name under which a thing in its state is weighed; None where it is not."""
    if state == "here" or one.gloss or one.stands == "open":
        return None
    if one.group in OPEN:
        plain = one.group == "word" or (
            state in _UNSAID and (one.group == "term" or bool(one.senses & wide()))
        )
        return None if plain and state != "other" else f"{one.group} {state}"
    group = "opposed" if one.group in sets() else one.group
    left_out = one.stands == "denied" or state not in _NEVER.get(group, {state})
    return None if left_out else f"{group} {state}"


def _parts(text: str) -> list[str]:
    return [text, *(one for one in _CUT.split(text) if len(one.split()) >= _SHORTEST)]


@lru_cache(maxsize=2048)
def tones(text: str) -> Mapping[str, float]:
    """How much a text has of each tone, from 0 to 1.5."""
    return tones_with(numbers(), text)


def tones_with(learned: Mapping[str, NDArray[Any]], text: str) -> dict[str, float]:
    """The tones of a text by these numbers, as the fit gives them."""
    import numpy as np

    row = learned["bias"].astype(np.float32)
    for places, idf, table in zip(
        grams(text),
        (learned["idf_words"], learned["idf_pieces"]),
        (learned["words"], learned["pieces"]),
        strict=True,
    ):
        weights = idf[places].astype(np.float32)
        norm = float(np.sqrt((weights**2).sum())) or 1.0
        row = row + (weights / norm) @ (table[places].astype(np.float32) * learned["step"])
    heard = np.clip((row - _FROM) / _SPAN, 0.0, _FULL)
    return dict(zip(TONES, heard.tolist(), strict=True))


@cache
def _weights() -> Mapping[str, float]:
    learned = numbers()
    return dict(zip(learned["names"].tolist(), learned["weights"].tolist(), strict=True))


@cache
def numbers() -> Mapping[str, NDArray[Any]]:
    """The arrays of the shipped file.

    Raises:
        SetupError: it is missing, damaged, or of another version of ``grams``.
    """
    return read_learned(MODEL_FILE, VERSION)
