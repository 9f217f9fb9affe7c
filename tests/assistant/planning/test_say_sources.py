"""What was asked lately, and which answers are from a file, the pixels or a card."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn, Result
from assistant.planning.plan import make_tasks
from store.records import Fact, Gate
from tests.talking.talk import CT, measured, row, talk


def _from_file() -> PastTurn:
    fact = Fact(image_id="img-1", name="slice thickness", value="5 mm")
    kind = Gate(image_id="img-1", domain="radiology", modality="CT", known_from="file header")
    inspected = Result("inspect_image", "img-1", "inspected", (kind, fact))
    return PastTurn("slice thickness?", (), (inspected,), "Slice thickness of img-1: 5 mm (from the file).")


def _lesson() -> PastTurn:
    now = talk("what is the silhouette sign?")
    return PastTurn(now.question, (), (), compose(make_tasks(now), now))


def said(words: str, *past: PastTurn, language: str = "en") -> str:
    now = talk(words, row(1, CT), past=past, language=language)
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("which of these did you read off and which did you estimate", "en"),
        ("was davon hast du abgelesen und was geschätzt", "de"),
        ("qué de eso ha leído y qué ha estimado", "es"),
    ],
)
def test_each_answer_is_told_with_what_it_is_from(words: str, language: str) -> None:
    lines = said(words, _from_file(), _lesson(), language=language).splitlines()
    assert sum("slice thickness?" in line for line in lines) == 1
    assert sum("silhouette sign" in line for line in lines) == 1
    assert "img-1" in lines[-1]


def test_what_was_measured_is_from_the_pixels() -> None:
    result = measured("img-1", border_irregularity=12.0)
    told = PastTurn("how irregular is it?", (), (result,), "The border irregularity is 12 %.")
    assert "Computed from the pixels: “how irregular is it?”." in said(
        "what did you estimate and what is from the file", told
    )


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("what did I ask before that", "en"),
        ("was hatte ich davor gefragt", "de"),
        ("que te habia preguntado antes de esto", "es"),
    ],
)
def test_the_latest_questions_are_told_without_thanks(words: str, language: str) -> None:
    thanks = PastTurn("thanks", (), (), "You are welcome.")
    told = said(words, _from_file(), _lesson(), thanks, language=language)
    assert told.index("slice thickness?") < told.index("silhouette sign")
    assert "thanks" not in told
