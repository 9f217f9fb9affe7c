"""What a message wants in a quiz, by the words alone."""

from __future__ import annotations

import pytest

from assistant.hearing.examples import examples
from assistant.hearing.quiz_moves import quiz_moves
from prompts import QUIZ


def test_every_kind_has_examples_in_each_language_that_is_answered() -> None:
    known = examples(QUIZ)
    for kind in {one.intent for one in known}:
        assert {"en", "de", "es"} <= {one.language for one in known if one.intent == kind}
        assert sum(one.intent == kind for one in known) >= 40


@pytest.mark.parametrize(
    ("message", "language", "kind"),
    [
        ("umm really no clue", "en", "reveal"),
        ("gib mir bitte einen kleinen hinweis", "de", "hint"),
        ("¿me repites la pregunta?", "es", "repeat"),
        ("could these be easier", "en", "level"),
        ("wie viele hatte ich denn richtig", "de", "score"),
        ("explícame por qué es esa", "es", "explain"),
        ("how does an mri scanner work", "en", "none"),
        ("was ist ein Hämangiom", "de", "none"),
        ("cuántas vértebras cervicales hay", "es", "none"),
    ],
)
def test_the_likeliest_kind_is_what_was_meant(message: str, language: str, kind: str) -> None:
    scores = quiz_moves(message, language)
    assert max(scores, key=lambda one: scores[one]) == kind
