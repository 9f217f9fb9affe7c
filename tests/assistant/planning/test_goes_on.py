"""A wish for more, a picture that only comes, what is asked back, and what the chat holds only once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, ImageRow, PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.goes_on import readings, untold
from assistant.planning.plan import make_tasks
from store.records import Quality
from tests.talking.talk import CHEST, CT, SKIN, inspected, measured, row, talk
from tools.language.sayings import say as sentence

SEEN = PastTurn("what is this?", ("img-1",), (inspected(row(1, CHEST)),), "An X-ray.")
CHECKED = PastTurn(
    "is it sharp?", (), (inspected(row(1, CHEST)),), sentence("quality.sound", image="img-1", numbers="x")
)


def told(question: str, *rows: ImageRow, language: str = "en", **more: object) -> Conversation:
    return in_english(replace(talk(question, *rows, **more), language=language, spoken=language))  # type: ignore[arg-type]


def wished(now: Conversation) -> list[tuple[str, tuple[str, ...]]]:
    return [(task.intent, task.images) for task in make_tasks(now)]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("go on", "en"),
        ("tell me more", "en"),
        ("anything else?", "en"),
        ("and?", "en"),
        ("und weiter?", "de"),
        ("erzähl mehr", "de"),
        ("Und sonst?", "de"),
        ("¿y?", "es"),
        ("cuéntame más", "es"),
        ("¿algo más?", "es"),
    ],
)
def test_more_is_what_was_not_told_yet(words: str, language: str) -> None:
    assert wished(told(words, row(1, CHEST), past=(SEEN,), language=language)) == [("quality", ("img-1",))]
    once_more = told(words, row(1, CHEST), past=(SEEN, CHECKED), language=language)
    assert wished(once_more) == [("facts", ("img-1",))]


def test_when_all_is_told_it_is_said() -> None:
    filed = PastTurn(
        "the header?",
        (),
        (inspected(row(1, CHEST)),),
        sentence("file.everything", image="img-1", facts="x", width=1, height=1),
    )
    now = told("go on", row(1, CHEST), past=(SEEN, CHECKED, filed))
    assert compose(make_tasks(now), now) == sentence("chat.all_told", image="img-1")


def test_what_can_be_told_depends_on_the_kind_of_picture() -> None:
    seen = PastTurn("what is this?", ("img-1",), (inspected(row(1, SKIN)),), "A photo.")
    assert untold(talk("x", row(1, SKIN), past=(seen,))) == ("measure", "quality", "facts")
    taken = PastTurn(
        "measure", (), (measured("img-1", area=3),), sentence("measures.measured", image="img-1")
    )
    assert untold(talk("x", row(1, SKIN), past=(seen, taken))) == ("quality", "facts")
    assert "tissue" in untold(talk("x", row(1, CT), past=(replace(seen, results=(inspected(row(1, CT)),)),)))


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("and this one, same patient", "en"),
        ("this is a third one, same patient", "en"),
        ("here's another one from the same folder", "en"),
        ("next file", "en"),
        ("und jetzt eins vom selben Patienten", "de"),
        ("und dieses hier, derselbe Patient", "de"),
        ("esta es del mismo paciente", "es"),
        ("y esta otra, mismo paciente", "es"),
    ],
)
def test_a_picture_that_only_comes_is_described_and_compared_with_none(words: str, language: str) -> None:
    rows = (row(1, CHEST), row(2, CHEST))
    now = told(words, *rows, attached=("img-2",), past=(SEEN,), language=language)
    assert wished(now) == [("describe", ("img-2",))]


@pytest.mark.parametrize("words", ["now this one: compare them", "here's another one, is it sharper?"])
def test_what_is_asked_of_a_picture_that_comes_is_answered(words: str) -> None:
    rows = (row(1, CHEST), row(2, CHEST))
    now = told(words, *rows, attached=("img-2",), past=(SEEN,))
    assert ("describe", ("img-2",)) not in wished(now)


def test_whose_picture_it_is_is_still_not_told() -> None:
    rows = (row(1, CHEST), row(2, CHEST))
    now = told("is this the same patient?", *rows, attached=("img-2",), past=(SEEN,))
    assert [intent for intent, _ in wished(now)] == ["identity"]


def test_readings_are_asked_back_that_can_be_and_were_not_asked_before() -> None:
    now = talk("blorp", row(1, CHEST), past=(SEEN,))
    assert readings(("compare", "privacy"), now) == ()
    assert readings(("similar", "compare"), now) == ("similar",)
    back = sentence("asking.either", first=sentence("asking.quality"), second=sentence("asking.facts"))
    again = talk("blorp", row(1, CHEST), past=(SEEN, PastTurn("blorp", (), (), back)))
    assert readings(("quality", "similar"), again) == ("similar",)


def test_words_that_nobody_knows_are_not_answered_with_all_abilities_nor_with_two_at_random() -> None:
    now = told("blorp the frimble", row(1, CHEST), past=(SEEN,))
    assert compose(make_tasks(now), now) == sentence("asking.neither", image="img-1")


@pytest.mark.parametrize("question", ["what can you do, short please", "what can you do?"])
def test_abilities_are_told_in_full_once(question: str) -> None:
    first = told("what can you do?", row(1, CHEST))
    whole = compose(make_tasks(first), first)
    assert whole.startswith("I am Casebook")
    past = (PastTurn("what can you do?", (), (), whole),)
    now = told(question, row(1, CHEST), past=past)
    assert compose(make_tasks(now), now) == sentence("chat.capabilities_short")


@pytest.mark.parametrize(
    "question",
    ["why does the heart look bigger on an AP film?", "how do you tell effusion from consolidation?"],
)
def test_a_lesson_is_no_question_for_our_reasons(question: str) -> None:
    now = told(question, row(1, CHEST), past=(SEEN,))
    assert {intent for intent, _ in wished(now)} <= {"teach", "textbook"}


@pytest.mark.parametrize(
    ("question", "language", "title"),
    [
        ("coffee bean sign?", "en", "Coffee bean: sigmoid or caecal volvulus"),
        ("Kaffeebohnenzeichen?", "de", "Sigma- oder Zökumvolvulus"),
        ("how many ribs for good inspiration?", "en", "Is a chest film technically good"),
    ],
)
def test_a_sign_or_a_number_in_general_is_looked_for_in_the_cards(question, language, title) -> None:
    now = told(question, row(1, CT), past=(SEEN,), language=language)
    assert title in compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("question", "language", "line"),
    [
        ("what HU is fat?", "en", "Fat -120 to -50"),
        ("Wie viele HU hat Fett?", "de", "Fett -120 bis -50"),
        ("¿cuántas UH tiene la grasa?", "es", "Grasa -120 a -50"),
    ],
)
def test_one_number_is_told_in_the_line_that_holds_it(question: str, language: str, line: str) -> None:
    now = told(question, row(1, CHEST), past=(SEEN,), language=language)
    said = compose(make_tasks(now), now)
    assert line in said and "\n" not in said


def test_what_our_numbers_mean_is_told_and_not_refused() -> None:
    sharp = Quality(image_id="img-1", name="sharpness", value=90)
    checked = replace(CHECKED, results=(inspected(row(1, CHEST), sharp),))
    now = told("what does your sharpness number mean?", row(1, CHEST), past=(checked,))
    assert sentence("reasons.why_checks", images="img-1") in compose(make_tasks(now), now)


def test_both_of_a_kind_are_compared_and_not_what_came_last() -> None:
    rows = (row(1, CHEST), row(2, CHEST), row(3, CT))
    now = told("compare both X-rays", *rows, past=(SEEN,))
    assert wished(now) == [("compare", ("img-1", "img-2"))]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("sorry, wrong image", "en"),
        ("oh, falsches Bild", "de"),
        ("me equivoqué de imagen", "es"),
    ],
)
def test_a_picture_that_was_not_the_one_meant_is_left_aside(words: str, language: str) -> None:
    now = told(words, row(1, CHEST), past=(SEEN,), language=language)
    assert compose(make_tasks(now), now) == sentence("back.wrong_picture", language, image="img-1")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("throw that picture out again, wrong patient!", "en"),
        ("lösch das Bild, falscher Patient", "de"),
        ("borra esa imagen, paciente equivocado", "es"),
    ],
)
def test_a_wrong_picture_that_is_to_go_is_a_wish_to_remove_it(words, language):
    now = in_english(talk(words, row(1, CHEST), language=language, spoken=language))
    assert make_tasks(now)[0].intent == "manage"


def test_the_right_picture_that_comes_instead_is_told_of_alone() -> None:
    words = "that one was another pupil's, this one is the right one"
    now = told(words, row(1, CHEST), row(2, CHEST), attached=("img-2",), past=(SEEN,))
    assert wished(now) == [("describe", ("img-2",))]
