"""Limits that cards name: found after a number or in general, told with source, and what they are not."""

from __future__ import annotations

import re

import pytest

from assistant.planning.compose import compose
from assistant.planning.glossed import in_english
from assistant.planning.limits import limits
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, CT, asked, row, talk
from tools.language.sayings import languages
from tools.language.teaching_cards import cards, told_in

DERMOSCOPY = {"domain": "dermatology", "modality": "DMS", "score": 0.9}
BREAST = {"domain": "radiology", "modality": "US", "body_part": "breast", "score": 0.9}


def answer(question: str, kind: dict[str, object] | None = None) -> str:
    rows = (row(1, kind),) if kind else ()
    past = (asked("what is it?", "img-1"),) if kind else ()
    now = in_english(talk(question, *rows, past=past))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize("one", limits().limit, ids=lambda one: f"{one.card} {one.line}")
def test_every_limit_is_one_line_of_its_card_in_every_language(one) -> None:  # type: ignore[no-untyped-def]
    card = next(card for card in cards() if card.id == one.card)
    lines = card.text.splitlines()
    (place,) = [at for at, line in enumerate(lines) if re.search(one.line, line)]
    digits = set(re.findall(r"\d+", lines[place]))
    for language in languages():
        told = told_in(card, language) or card
        assert len(told.text.splitlines()) == len(lines), language
        assert digits & set(re.findall(r"\d+", told.text.splitlines()[place])), language


@pytest.mark.parametrize(
    ("question", "kind", "line", "source"),
    [
        ("would 9 mm be much for a naevus?", DERMOSCOPY, "Diameter over 6 mm", "Abbasi"),
        ("is 8 mm a lot?", DERMOSCOPY, "Diameter over 6 mm", "Abbasi"),
        ("is a cardiothoracic ratio of 0.6 high?", CHEST, "Above about 0.5", ""),
        ("from what width is the appendix abnormal?", None, "about 6 mm", ""),
        ("what is the normal value of the spleen on CT, in HU?", CT, "spleen 40 to 50", "Bushberg"),
        ("Ab wann ist eine Wirbelsäule eine Skoliose, gibt es einen Grenzwert?", None, "10 Grad", ""),
        ("Sind 8 mm viel?", DERMOSCOPY, "6 mm", "Abbasi"),
        ("¿8 mm es mucho para un lunar?", DERMOSCOPY, "6 mm", "Abbasi"),
        ("¿A partir de qué anchura es ancho el colédoco?", None, "6 mm", ""),
    ],
)
def test_a_limit_is_told_with_the_words_and_the_source_of_its_card(
    question: str, kind: dict[str, object] | None, line: str, source: str
) -> None:
    said = answer(question, kind)
    assert line in said
    assert source in said
    assert re.search(r"convention|Vereinbarung|convención", said)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("is 0.3 a lot?", DERMOSCOPY),
        ("is 8 mm a lot?", CHEST),
        ("is 15 degrees of dorsal tilt a lot?", CHEST),
        ("¿Un nódulo de 9 mm es grande?", BREAST),
    ],
)
def test_where_no_card_names_one_no_limit_is_told(question: str, kind: dict[str, object]) -> None:
    assert re.search(r"no limit|ningún límite", answer(question, kind))


@pytest.mark.parametrize(
    "question",
    ["is the heart enlarged?", "Ist das Herz zu groß?", "is the cardiac silhouette within limits?"],
)
def test_what_the_picture_shows_is_no_question_for_a_limit(question: str) -> None:
    now = in_english(talk(question, row(1, CHEST), past=(asked("what is it?", "img-1"),)))
    assert [task.intent for task in make_tasks(now)] == ["read"]
