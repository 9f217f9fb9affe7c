"""What a message asks of what was said before, by the words alone."""

from __future__ import annotations

import pytest

from assistant.hearing.examples import examples
from assistant.hearing.harks import harks
from prompts import HARKS


def test_every_kind_has_examples_in_each_language_that_is_answered() -> None:
    known = examples(HARKS)
    for kind in {one.intent for one in known}:
        assert {"en", "de", "es"} <= {one.language for one in known if one.intent == kind}


@pytest.mark.parametrize(
    ("message", "language", "kind"),
    [
        ("just the essentials on one line", "en", "shorter"),
        ("erkläre es für jemanden ohne Vorwissen", "de", "simpler"),
        ("haz una síntesis de nuestra charla", "es", "summary"),
        ("who measured that", "en", "source"),
        ("what is a Bankart lesion", "en", "none"),
        ("wie groß ist der Herd", "de", "none"),
    ],
)
def test_the_likeliest_kind_is_what_was_meant(message: str, language: str, kind: str) -> None:
    scores = harks(message, language)
    assert max(scores, key=lambda one: scores[one]) == kind
    assert sum(scores.values()) == pytest.approx(1)
