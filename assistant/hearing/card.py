"""Writes ``CARD.md``: what the ear learned from, and how well it hears those that it did not learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from numpy.typing import NDArray

from assistant.hearing.examples import Example
from assistant.hearing.figures import Judged, alarms, group_of, share_right
from assistant.hearing.fit import GENERAL, OTHER, PEOPLE
from assistant.hearing.talk import Talk

_SURE = (0.4, 0.6, 0.8)
_GENERAL = (0.5, 0.7)
_TALK = (0.3, 0.4, 0.5)


def write_card(path: Path, known: Sequence[Example], judged: Sequence[Judged], limits: NDArray[Any]) -> None:
    """Write the card.

    Args:
        path: where.
        known: all examples.
        judged: each, heard by an ear without its writer.
        limits: the thresholds of ``PEOPLE``.
    """
    lines = [*_learned(known), *_intents(judged), *_people(judged, limits), *_LIMITS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


_OF_CHOICES = (
    "## Limits\n",
    "The chats were made up, in English, German and Spanish, by few writers. A card that touches the subject",
    "counts as wrong. A score is no probability.",
)


def write_general_card(path: Path, known: Sequence[Example], scores: Sequence[float]) -> None:
    """Write the card of what hears whether a message asks in general.

    Args:
        path: where.
        known: messages of chats, by what they are about.
        scores: how general each is to one without its writer.
    """
    rows = [*zip(known, scores, strict=True)]
    lines = [
        "# What is asked in general\n",
        "Hears whether a textbook answers a message, or whether it asks of a picture, the chat, a person or "
        "Casebook. Linear on the words, and on what the ear makes of them. Written by `make ears`.\n",
        f"{len(known):,} messages of ours out of connected chats (`prompts/chats`), "
        f"{sum(one.intent == GENERAL for one in known):,} of them asked in general.\n",
        "Each row was heard by one that learned from everybody else.\n",
        f"| left out | {' | '.join(f'general, heard from {sure}' for sure in _GENERAL)} "
        f"| {' | '.join(f'others, taken for it from {sure}' for sure in _GENERAL)} |",
        f"|---|{'---|' * (2 * len(_GENERAL))}",
    ]
    for group in sorted({group_of(one) for one in known}):
        here = [(one.intent == GENERAL, score) for one, score in rows if group_of(one) == group]
        lines.append(f"| {group} | {' | '.join([*_from(here, True), *_from(here, False)])} |")
    path.write_text("\n".join([*lines, "", *_OF_WRITERS]) + "\n", encoding="utf-8")


def write_talk_card(path: Path, known: Sequence[Example], heard: Sequence[Talk]) -> None:
    """Write the card of what hears messages that want no tool.

    Args:
        path: where.
        known: messages by their kind.
        heard: what talk each sounds like to one without it.
    """
    lines = [
        "# Talk that wants no tool\n",
        "Hears small talk, what is asked of Casebook itself and what is only told, by the reply that fits. "
        "Linear on the words, and on what the ear makes of them. Written by `make ears`.\n",
        f"{sum(one.intent != OTHER for one in known):,} messages of ours by their kind (`prompts/talk`) and "
        "of other subjects (`prompts/intents`), "
        f"{sum(one.intent == OTHER for one in known):,} that want something else.\n",
        "Each was heard by one that learned from four fifths of the others.\n",
        "| heard from | as what they are | as another | others, taken for talk |",
        "|---|---|---|---|",
    ]
    for least in _TALK:
        said = [(one.intent, two.kind) for one, two in zip(known, heard, strict=True) if _clear(two, least)]
        right, false = sum(a == b for a, b in said), sum(a == OTHER for a, _ in said)
        lines.append(f"| {least} | {right:,} | {len(said) - right - false:,} | {false:,} |")
    path.write_text("\n".join([*lines, "", *_OF_WRITERS]) + "\n", encoding="utf-8")


def _clear(talk: Talk, least: float) -> bool:
    return talk.score >= least and talk.lead > 0


def _from(here: Sequence[tuple[bool, float]], general: bool) -> Iterator[str]:
    of_it = [score for is_so, score in here if is_so == general]
    for sure in _GENERAL:
        yield f"{sum(score >= sure for score in of_it)} of {len(of_it)}"


def _learned(known: Sequence[Example]) -> Iterator[str]:
    yield "# The trained ear\n"
    yield (
        "Hears what a message wants, whether somebody in it is in danger, and in which language it is. "
        "Linear on words, pairs, pieces and kinds of words, what they speak of and what they are kin to in "
        "any language (`kin.npz`); NumPy only. "
        "Written by `make ears`.\n"
    )
    languages = Counter(one.language for one in known)
    several = ", ".join(f"{code} {n:,}" for code, n in languages.most_common())
    yield f"{len(known):,} messages of ours (`prompts/intents`), {len({o.intent for o in known})} intents. "
    yield f"By language: {several}.\n"


def _intents(judged: Sequence[Judged]) -> Iterator[str]:
    yield "## What a message wants\n"
    yield "Each row was heard by an ear that learned from everybody else.\n"
    yield f"| left out | messages | right | {' | '.join(f'of those above {sure}' for sure in _SURE)} |"
    yield f"|---|---|---|{'---|' * len(_SURE)}"
    rows = [one for one in judged if one.example.intent != OTHER]
    for group in sorted({group_of(one.example) for one in rows}):
        here = [one for one in rows if group_of(one.example) == group]
        yield f"| {group} | {len(here):,} | {_percent(share_right(here))} | {' | '.join(_above(here))} |"
    yield ""


def _above(here: Sequence[Judged]) -> Iterator[str]:
    for sure in _SURE:
        above = [one for one in here if one.heard.best[1] >= sure]
        yield f"{_percent(share_right(above))} of {len(above):,}" if above else "none"


def _people(judged: Sequence[Judged], limits: NDArray[Any]) -> Iterator[str]:
    yield "## People\n"
    yield (
        "The thresholds were set on the same messages, so that few of other kinds reach them; those of "
        "dangers on rounds of strangers.\n"
    )
    yield "| | threshold | heard | of others, taken for it |"
    yield "|---|---|---|---|"
    for axis, limit in zip(PEOPLE, limits, strict=True):
        heard, of_it, false, others = alarms(judged, limits, axis)
        yield f"| {axis} | {limit:.2f} | {heard} of {of_it} | {false} of {others:,} |"
    right = sum(one.heard.languages[0][0] == one.example.language for one in judged)
    yield f"\nLanguage: {_percent(right / len(judged))} right.\n"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


_OF_WRITERS = (
    "## Limits\n",
    "The chats were made up, in English, German and Spanish; many of their messages say little without those",
    "before them, which are not heard here. A score is no probability.",
)

_LIMITS = (
    "## Limits\n",
    "The writers made their messages up; nobody in need wrote them, and no native speaker or clinician has",
    "checked them. Many messages in other languages tell the same stories, which flatters the figures of",
    "those rows. A score says how alike a message is to these examples; it is no probability. The planner's",
    "rules are asked beside the ear. How both do on messages that nobody had seen is in README.md.",
)


class Chosen(NamedTuple):
    """What became of a message: where it is from, whether a card answers it, and what was chosen for it."""

    of: str
    answered: bool
    first: bool
    among_three: bool
    score: float


def write_choice_card(path: Path, chosen: Sequence[Chosen], sure: Sequence[float]) -> None:
    """Write the card of what chooses the teaching card that answers a message.

    Args:
        path: where.
        chosen: for each message, by one that has not learned from its writer.
        sure: the scores from which on a card is named, may be the answer, and is it.
    """
    of_scores = " | ".join(f"from {one}: right, wrong" for one in sure)
    lines = [
        "# Which card answers a message\n",
        "Weighs the teaching cards by words and meaning of a message and of what was asked before, and tells "
        "how surely the first is the answer. Written by `python -m assistant.planning.learn_choice`.\n",
        f"{len(chosen):,} messages, {sum(one.answered for one in chosen)} of which a card answers.\n",
        "Each row was chosen by one that learned from everybody else.\n",
        f"| left out | the first answers | one of three does | {of_scores} |",
        f"|---|---|---|{'---|' * len(sure)}",
    ]
    for of in sorted({one.of for one in chosen}):
        here = [one for one in chosen if one.of == of]
        known = [one for one in here if one.answered]
        right = sum(one.first for one in known), sum(one.among_three for one in known)
        cells = [f"{count} of {len(known)}" for count in right]
        for least in sure:
            shown = [one.first for one in here if one.score >= least]
            cells.append(f"{sum(shown)}, {len(shown) - sum(shown)}")
        lines.append(f"| {of} | {' | '.join(cells)} |")
    path.write_text("\n".join([*lines, "", *_OF_CHOICES]) + "\n", encoding="utf-8")
