"""The safety text every answer carries. Fixed sentences, chosen by rule, never written by a model."""

from __future__ import annotations

from collections.abc import Iterable

from tools.language.retold import retell
from tools.language.sayings import FIRST, say

_BY_DOMAIN = {name: f"disclaimers.{name}" for name in ("dermatology", "radiology", "unknown")}
_SCORES = "disclaimers.scores"


def general(language: str = FIRST) -> str:
    """What holds for every answer."""
    return say("disclaimers.general", language)


def of_casebook() -> tuple[str, ...]:
    """What holds for every answer, for kinds of images and for scores, whatever tools ran."""
    return (general(), say(_SCORES), *map(say, _BY_DOMAIN.values()))


def required(
    domains: Iterable[str],
    tools: Iterable[str],
    *,
    scored: bool,
    models: Iterable[str] = (),
    language: str = FIRST,
) -> tuple[str, ...]:
    """The disclaimers that an answer must carry.

    Args:
        domains: domains of the images the answer is about.
        tools: names of the tools that ran.
        scored: whether any score is shown.
        models: names of the published systems whose words are shown.
        language: that of the answer.

    Returns:
        The general text first, then those of the domains, of each tool's and system's card, and of scores.
    """
    from tools.catalogue import cards
    from tools.models.systems.cards import SYSTEMS

    known = cards()
    texts = [general(language)]
    texts += [say(_BY_DOMAIN[domain], language) for domain in sorted(set(domains)) if domain in _BY_DOMAIN]
    for tool in sorted(set(tools)):
        texts += [retell(text, language) for text in (known[tool].disclaimers if tool in known else ())]
    for model in sorted(set(models)):
        texts += [retell(text, language) for text in (SYSTEMS[model].disclaimers if model in SYSTEMS else ())]
    if scored:
        texts.append(say(_SCORES, language))
    return tuple(dict.fromkeys(texts))
