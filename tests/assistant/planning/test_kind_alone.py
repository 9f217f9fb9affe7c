"""What kind of picture it is, asked in long and in short words, is answered by that and by no more."""

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, SKIN, asked, row, talk

PHOTO = {**SKIN, "known_from": "pixels", "score": 0.9}
MR = {"domain": "radiology", "modality": "MR", "known_from": "pixels", "score": 0.7}


def now(words, *rows, past=(), **more):
    return in_english(talk(words, *rows, past=tuple(past), **more))


def tasks(words, *rows, **more):
    return [(one.intent, one.images) for one in make_tasks(now(words, *rows, **more))]


@pytest.mark.parametrize(
    "words",
    [
        "Hello. We were told that you know about birthmarks. What sort of image is this, please?",
        "my colleague sent this from the clinic. what kind of picture is it?",
        "Mir wurde gesagt, Sie kennen Muttermale. Was für ein Bild ist das?",
        "was is des fürn bild",
    ],
)
def test_what_is_told_beside_a_question_for_the_kind_asks_for_nothing(words):
    assert tasks(words, row(1, PHOTO), attached=("img-1",)) == [("what_is", ("img-1",))]


@pytest.mark.parametrize(
    "words",
    ["I was told this is melanoma. What kind of picture is it?", "Describe it. What kind of picture is it?"],
)
def test_a_finding_told_or_an_order_stays_beside_it(words):
    assert len(tasks(words, row(1, PHOTO), attached=("img-1",))) == 2


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("sure its no ultrasound?", "img-1 looks like an MRI"),
        ("sicher, dass das kein CT ist?", "img-1 sieht aus wie"),
        ("bist du sicher, dass es ein Ultraschall ist?", "Danach sieht es nicht aus."),
        ("¿estás segura de que no es una radiografía?", "img-1 parece"),
        ("this plate, is it an x-ray too", "It does not look so."),
    ],
)
def test_whether_it_is_surely_of_a_kind_is_answered_by_its_kind(words, begins):
    told = now(words, row(1, MR), past=[asked("what is it?", "img-1")])
    assert compose(make_tasks(told), told).startswith(begins)


@pytest.mark.parametrize("words", ["sure it's not a fracture?", "are you sure that it is a normal CT?"])
def test_a_finding_is_never_denied_by_the_kind(words):
    assert tasks(words, row(1, MR), past=[asked("what is it?", "img-1")]) != [("what_is", ("img-1",))]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("which images did I upload so far?", "This chat has 2 images."),
        ("Wie viele Aufnahmen habe ich bisher geschickt?", "Dieser Chat enthält 2 Bilder."),
        ("¿cuántas imágenes te envié y qué eran?", "Este chat tiene 2 imágenes."),
    ],
)
def test_the_pictures_that_came_are_counted_and_named(words, says):
    told = now(words, row(1, PHOTO), row(2, CHEST), past=[PastTurn("hi", ("img-1", "img-2"))])
    answer = compose(make_tasks(told), told)
    assert answer.startswith(says)
    assert "img-1 (" in answer
    assert "img-2 (" in answer


@pytest.mark.parametrize(
    "words",
    [
        "what can you do for an anatomy lesson with no AI model in you?",
        "what could you offer without a reading model?",
        "was können Sie für ein Seminar ohne Lesemodell tun?",
        "¿qué puede hacer para un taller sin modelo?",
    ],
)
def test_what_it_can_do_for_a_lesson_or_without_a_model_is_told_in_short(words):
    told = now(words)
    assert [one.intent for one in make_tasks(told)] == ["capabilities"]
    assert compose(make_tasks(told), told) == told.say("chat.capabilities_short")
