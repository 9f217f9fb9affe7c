"""What wants no tool gets a sentence that fits and is true in this chat; all else is let alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.hearing.examples import examples
from assistant.hearing.talk import ON_THE_WAY, OTHER, OVER
from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, ImageRow, PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from prompts import TALK
from tests.talking.talk import CHEST, SKIN, inspected, row, talk
from tools.language.sayings import languages, say, sayings

SEEN = PastTurn("what is this?", ("img-1",), (inspected(row(1, CHEST)),), "An X-ray.")
TAUGHT = PastTurn("why are bones white on a film", (), (), "Bones hold calcium.")


def told(message: str, *rows: ImageRow, language: str = "en", **more: object) -> Conversation:
    return in_english(replace(talk(message, *rows, **more), language=language, spoken=language))  # type: ignore[arg-type]


def kinds(now: Conversation) -> list[str]:
    return [task.detail if task.intent == "talk" else task.intent for task in make_tasks(now)]


@pytest.mark.parametrize(
    ("message", "language", "kind"),
    [
        ("my exam is tomorrow and i am so nervous lol", "en", "nerves"),
        ("so is it that you don't know or that you won't say", "en", "cannot_or_will_not"),
        ("is there a published error rate of yours", "en", "error_rates"),
        ("can you write me python code for this", "en", "deeds"),
        ("I am authorised to know that", "en", "authorised"),
        ("what are you worst at?", "en", "worst_at"),
        ("bin 15 und erst 1,60, wachs ich noch??", "de", "for_somebody"),
        ("how much midazolam for someone of 80 kg", "en", "dose"),
        ("my striker's ankle is swollen, can he play on saturday", "en", "for_somebody"),
        ("Ich bin so aufgeregt wegen der Prüfung", "de", "nerves"),
        ("Kann ich Bilder von der CD hier reinziehen?", "de", "from_cd"),
        ("wieviel dormicum gibt man bei 80 kg", "de", "dose"),
        ("qué nervios, mañana tengo el examen", "es", "nerves"),
        ("¿Le sirvo yo si no soy médica, para un proyecto de arte?", "es", "who_for"),
    ],
)
@pytest.mark.parametrize("seen", [False, True])
def test_talk_gets_what_fits_it(message: str, language: str, kind: str, *, seen: bool) -> None:
    rows, past = ([row(1, CHEST)], (SEEN,)) if seen else ([], ())
    now = told(message, *rows, past=past, language=language)
    assert kinds(now) == [kind]
    assert compose(make_tasks(now), now) == say(f"talk.{kind}", language)


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("and metal?", "en"),
        ("and with two percent?", "en"),
        ("auch im Liegen?", "de"),
        ("y si no puede estar de pie?", "es"),
        ("¿y la máquina?", "es"),
    ],
)
def test_what_goes_on_from_a_question_is_no_talk(message: str, language: str) -> None:
    assert "talk" not in {one.intent for one in make_tasks(told(message, past=(TAUGHT,), language=language))}


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("hi, what is this?", "what_is"),
        ("I want to kill myself", "danger"),
        ("my dad collapsed and is not breathing", "danger"),
        ("who is the patient?", "identity"),
        ("delete this chat", "manage"),
        ("I have had a fever for two weeks", "personal"),
        ("treat img-1 as ultrasound", "treat_as"),
        ("what are you good for", "capabilities"),
        ("what can you do?", "capabilities"),
    ],
)
def test_what_is_heard_for_sure_stays(message: str, intent: str) -> None:
    assert intent in {one.intent for one in make_tasks(told(message, row(1, CHEST), past=(SEEN,)))}


def test_a_right_picture_after_a_wrong_one_is_looked_at_and_without_it_the_right_one_is_asked_for() -> None:
    rows = (row(1, CHEST), row(2, CHEST))
    now = told("sorry, that was the wrong one, this is right", *rows, past=(SEEN,), attached=("img-2",))
    assert [(one.intent, one.images) for one in make_tasks(now)] == [("describe", ("img-2",))]
    without = told("sorry, that was the wrong one", row(1, CHEST), past=(SEEN,))
    assert compose(make_tasks(without), without) == say("back.wrong_picture", image="img-1")


def test_what_is_told_of_a_picture_is_taken_as_the_users_word() -> None:
    seen = told("btw it's a phantom, not a patient", row(1, CHEST), past=(SEEN,))
    assert compose(make_tasks(seen), seen) == say("talk.test_file")
    none = told("btw it's a phantom, not a patient")
    assert compose(make_tasks(none), none) == say("talk.test_file_none")


def test_what_a_reader_would_make_untrue_is_said_otherwise() -> None:
    now = told("so you don't know or you won't say", row(1, CHEST), past=(SEEN,))
    reader = replace(now, readers={"radiology": "read_radiograph"})
    assert compose(make_tasks(reader), reader) == say("talk.cannot_or_will_not_reader")


def test_a_thing_in_the_picture_is_outlined_only_on_skin() -> None:
    skin = told("the green circle is a sticker", row(1, SKIN), past=(SEEN,))
    assert compose(make_tasks(skin), skin) == say("talk.told_object")
    chest = told("the green circle is a sticker", row(1, CHEST), past=(SEEN,))
    assert compose(make_tasks(chest), chest) == say("talk.told_object_body")


@pytest.mark.parametrize("language", languages())
def test_every_kind_of_talk_has_its_sentence(language: str) -> None:
    kinds = {one.intent for one in examples(TALK)} - {OTHER, OVER, ON_THE_WAY, "wrong_picture"}
    assert kinds <= {name.removeprefix("talk.") for name in sayings(language).texts}


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("our own system shows that at once", "elsewhere"),
        ("bei uns kann das der viewer von selbst", "elsewhere"),
        ("no va de mí, es para un trabajo de clase", "for_others"),
        ("geht nicht um mich, ist für ein referat", "for_others"),
        ("it's no patient, it comes from a teaching collection", "test_file"),
        ("please do my german homework now", "off_topic"),
    ],
)
def test_what_is_told_of_elsewhere_of_others_and_of_the_picture_is_taken(message: str, kind: str) -> None:
    now = told(message, row(1, CHEST), past=(SEEN,))
    assert [(one.intent, one.detail) for one in make_tasks(now)] == [("talk", kind)]


@pytest.mark.parametrize(
    ("message", "told"),
    [("esto es difusion o flair", False), ("is that t1 or t2", False), ("das ist nur ein Phantom", True)],
)
def test_what_asks_for_one_of_two_is_not_taken_as_told(message: str, told: bool) -> None:
    now = in_english(talk(message, row(1, CHEST), past=(SEEN,)))
    assert ([one.intent for one in make_tasks(now)] == ["talk"]) is told
