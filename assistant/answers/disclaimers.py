"""The safety text every answer carries. Fixed sentences, chosen by rule, never written by a model."""

from __future__ import annotations

from collections.abc import Iterable

GENERAL = (
    "For research and education only. Casebook is not a medical device and this is not a diagnosis; "
    "for any health concern, see a clinician."
)
BY_DOMAIN = {
    "dermatology": (
        "Skin images: light, camera and skin tone change what is seen and measured, and methods for skin "
        "images are less tested on darker skin and on people from regions rarely found in published data."
    ),
    "radiology": (
        "Radiology images: one picture or slice is not a study. A reading needs the full series, prior "
        "studies and the clinical question."
    ),
    "unknown": "Casebook could not tell what kind of picture this is, so nothing was read from it.",
}
SCORES = "Scores are uncalibrated: they order possibilities and are not probabilities of disease."


def required(
    domains: Iterable[str], tools: Iterable[str], *, scored: bool, models: Iterable[str] = ()
) -> tuple[str, ...]:
    """The disclaimers that an answer must carry.

    Args:
        domains: domains of the images the answer is about.
        tools: names of the tools that ran.
        scored: whether any score is shown.
        models: names of the published systems whose words are shown.

    Returns:
        The general text first, then those of the domains, of each tool's and system's card, and of scores.
    """
    from tools.catalogue import cards
    from tools.models.systems.cards import SYSTEMS

    known = cards()
    texts = [GENERAL]
    texts += [BY_DOMAIN[domain] for domain in sorted(set(domains)) if domain in BY_DOMAIN]
    for tool in sorted(set(tools)):
        texts += known[tool].disclaimers if tool in known else ()
    for model in sorted(set(models)):
        texts += SYSTEMS[model].disclaimers if model in SYSTEMS else ()
    if scored:
        texts.append(SCORES)
    return tuple(dict.fromkeys(texts))
