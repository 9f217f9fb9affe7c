"""What leans on what a chat has said already, in three languages."""

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.danger import ended_in
from assistant.planning.glossed import in_english
from assistant.planning.looked_back import INCLUDES, OUTLINE_AGAIN
from assistant.planning.plan import make_tasks
from assistant.planning.polite import is_polite
from store.records import Fact, Measurement
from tests.talking.talk import CT, SKIN, inspected, measured, row, talk

SHARES = {"air and lung": 23, "fat": 19, "soft tissue and fluid": 41, "bone, contrast medium or metal": 17}
ON_SCALE = {**CT, "frames": 1}


def shares(n=1):
    records = (
        Measurement(
            image_id=f"img-{n}", name=name, value=value, unit="%", text=f"{value} % is {name}",
            definition=f"pixels that are {name}",
        )
        for name, value in SHARES.items()
    )  # fmt: skip
    return inspected(row(n, ON_SCALE), *records)


def told(question, *results, text="An answer."):
    return PastTurn(question, (), results, text)


def now(words, *past, rows=None, **more):
    asked = tuple(turn.question for turn in past)
    rows = (row(1, ON_SCALE),) if rows is None else rows
    return in_english(talk(words, *rows, **{"past": past, "before": asked, **more}))


def said(words, *past, **more):
    chat = now(words, *past, **more)
    return compose(make_tasks(chat), chat)


AIR = told("how much air is in it?", shares(), text="The slice is: air and lung 23 %; fat 19 %.")
FOUND = measured("img-1", asymmetry=12.0, border_irregularity=1.4)
LESION = told("how asymmetric is it?", FOUND, text="It is.")


@pytest.mark.parametrize(
    "words", ["only the number", "nur die Zahl bitte", "solo el número", "just the air number"]
)
def test_the_number_alone_is_told_of_the_last_answer(words):
    assert "23 %" in (answer := said(words, AIR)) and "41" not in answer


def test_the_number_that_is_named_is_told_of_the_last_measurement():
    lesion = {"rows": (row(1, SKIN),)}
    assert said("only the number", LESION, **lesion) == "asymmetry 12 %."
    assert said("only the border irregularity number", LESION, **lesion) == "border irregularity 1.4 %."
    fact = Fact(image_id="img-1", name="tube voltage", value="120 kV")
    voltage = told("kVp?", inspected(row(1, ON_SCALE), fact), text="Tube voltage of img-1: 120 kV.")
    assert said("only the number", voltage) == "120 kV."
    assert "what is a voxel?" in said(
        "just the number", told("what is a voxel?", text="A cell. It is small.")
    )


def test_the_number_alone_may_be_asked_for_at_once():
    answer = said("tissue shares? just the air number", results=(shares(),))
    assert "23 %" in answer and "41 %" not in answer


@pytest.mark.parametrize(
    "words", ["what was my first question?", "Was war meine erste Frage?", "¿cuál fue mi primera pregunta?"]
)
def test_the_first_question_is_told_as_it_was_asked(words):
    assert "how much air is in it?" in said(words, AIR, told("thanks"))
    assert "how old is this file?" in said(words, AIR, first="how old is this file?")


@pytest.mark.parametrize(
    "words",
    ["what was the first thing you measured?", "Was hast du zuerst gemessen?", "¿qué mediste primero?"],
)  # fmt: skip
def test_the_first_measurement_is_told_again_or_that_there_was_none(words):
    answer = said(words, told("what is this?", shares()), AIR, LESION)
    assert "how much air is in it?" in answer and "air and lung 23 %" in answer
    assert "23" not in said(words, told("what is this?", shares()))


@pytest.mark.parametrize(
    "words", ["what did you say about the air?", "what did you tell me about air again?"]
)
def test_what_was_said_about_a_thing_is_found_by_its_name(words):
    other = told("and the file?", text="It is a DICOM file.")
    assert "air and lung 23 %" in said(words, AIR, other)
    assert said("Was hast du zur Luft gesagt?", told("Luft?", text="Luft 23 %.")).endswith("Luft 23 %.")
    assert said("¿qué dijiste del aire?", told("¿aire?", text="aire 23 %.")).endswith("aire 23 %.")
    assert "nothing of “spleen”" in said("what did you say about the spleen?", AIR, other)


@pytest.mark.parametrize(
    "words",
    ["does air include outside the body?", "is the table in there?",
     "does that include the air outside the pt",
     "zählt die Luft außerhalb des Körpers mit?", "ist der Tisch da mit drin?", "¿la mesa está incluida?",
     "¿el aire incluye lo de fuera del cuerpo?"],
)  # fmt: skip
def test_what_a_share_takes_in_is_told_where_shares_were_told(words):
    (task,) = make_tasks(now(words, AIR, told("thanks")))
    assert (task.intent, task.images, task.detail) == ("tissue", ("img-1",), INCLUDES)
    assert all(one.detail != INCLUDES for one in make_tasks(now(words)))


@pytest.mark.parametrize(
    "words", ["how much air is in there?", "Wie viel Luft ist drin?", "¿cuánto aire hay?"]
)
def test_how_much_is_not_what_it_takes_in(words):
    assert all(one.detail != INCLUDES for one in make_tasks(now(words, AIR)))


def test_what_a_share_or_measure_takes_in_is_told_by_its_definition():
    air = said("does air include the lung?", AIR, results=(shares(),))
    assert "the table" in air and "pixels that are air and lung" in air and "pixels that are fat" not in air
    lesion = said("what does the border include?", LESION, rows=(row(1, SKIN),), results=(FOUND,))
    assert "how border_irregularity is defined" in lesion and "asymmetry" not in lesion


@pytest.mark.parametrize(
    "words", ["show me that outline again", "zeig mir den Umriss nochmal", "muéstrame ese contorno otra vez"]
)
def test_the_outline_is_shown_again_and_its_numbers_are_not(words):
    lesion = {"rows": (row(1, SKIN),)}
    (task,) = make_tasks(now(words, LESION, **lesion))
    assert (task.intent, task.detail) == ("measure", OUTLINE_AGAIN)
    answer = said(words, LESION, **lesion, results=(measured("img-1", asymmetry=12.0),))
    assert "img-1" in answer and "12" not in answer
    assert all(one.detail != OUTLINE_AGAIN for one in make_tasks(now(words, **lesion)))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("what was water again?", "Water 0 by definition"), ("which HU does liver have?", "liver 50 to 65"),
        ("was war Wasser nochmal?", "Wasser 0 nach Definition"),
        ("¿cuánto era el agua?", "Agua 0 por definición"),
        ("and bone?", "Cancellous bone 200 to 400, cortical bone 700 to 3000"),
    ],
)  # fmt: skip
def test_one_value_of_the_card_is_told_and_not_the_whole_table(words, value):
    before = said("What is the HU of fat and air?", rows=())
    assert "Fat -120 to -50" in before and "Muscle" not in before
    answer = said(words, told("What is the HU of fat and air?", text=before), rows=())
    assert f": {value}." in answer and "Hounsfield" in answer and "120" not in answer


def test_the_whole_table_is_told_where_no_tissue_or_many_are_named():
    for words in (
        "Hounsfield values of tissues",
        "HU table: air, fat, water, liver and bone?",
    ):
        assert "Metal over 3000" in said(words, rows=()), words


@pytest.mark.parametrize(
    "words",
    ["thanks", "ok, thank you so much", "super, danke dir", "vale, gracias", "fair enough", "in one line"],
)
def test_thanks_between_two_turns_leave_what_comes_next_its_question(words):
    assert is_polite(words)
    assert now("and bone?", AIR, told(words)).question == "how much bone is in it?"
    assert not is_polite("thanks, and the border?")


def test_what_goes_on_finds_its_place_in_a_question_before_the_last():
    much = told("is 40 % much?")
    assert now("and bone?", AIR, much).question == "how much bone is in it?"
    assert now("bone", AIR, much).question == "bone"
    assert now("and bone?", told("how much air and fat is in it?")).question == "how much bone is in it?"


@pytest.mark.parametrize(
    "words", ["I meant the second", "nein, ich meinte das zweite", "me refería a la segunda"]
)
def test_a_picture_that_is_set_right_is_asked_the_same(words):
    rows = row(1, SKIN), row(2, SKIN)
    (task,) = make_tasks(now(words, LESION, rows=rows))
    assert (task.intent, task.images) == ("measure", ("img-2",))


DANGER = "My mother can't breathe and her lips are blue"


@pytest.mark.parametrize(
    "words",
    ["she's fine now, ambulance was there", "Der Notarzt war da, es geht ihr wieder gut",
     "ya está bien, vino la ambulancia"],
)  # fmt: skip
def test_once_help_was_there_the_danger_is_told_no_more(words):
    chat = now(words, told(DANGER))
    assert [one.intent for one in make_tasks(chat)] == ["over"]
    after = make_tasks(now("slice thickness?", told(DANGER), told(words)))
    assert [one.intent for one in after] == ["header"]


@pytest.mark.parametrize(
    "words",
    [
        "she is fine now but cannot breathe",
        "the ambulance was not there",
        "she's fine now. do we still need to go?",
        "er spielt wieder. reicht es morgen?",
        "ya llamé. ¿le doy una aspirina?",
    ],
)
def test_what_tells_of_more_danger_or_asks_is_not_taken_for_its_end(words):
    assert not ended_in(now(words, told(DANGER)))
    assert not ended_in(now("she's fine now, ambulance was there", told("I want to kill myself")))
    assert not ended_in(now("she's fine now, ambulance was there", told("what is this?")))


def test_that_help_is_there_beside_another_wish_leaves_the_wish():
    words = "its ok the team has him. how much midazolam for sedation on a vent anyway"
    tasks = make_tasks(now(words, told(DANGER)))
    assert tasks[0].intent == "over" and len(tasks) > 1
    assert not any(one.intent == "danger" for one in tasks)
    assert ended_in(now("its ok the team has him", told(DANGER)))


def test_what_was_said_of_a_thing_is_looked_for_by_what_was_asked_and_of_which_picture():
    listed = told("what can you do?", text="It tells the technical quality.")
    checked = told("how sharp and exposed is it?", inspected(row(1, SKIN)), text="No problem was found.")
    assert "No problem" in said("what did you say about the quality?", listed, checked)
    first = told("and the border?", measured("img-1", border_irregularity=1.4), text="Border 1.4.")
    second = told("and its border?", measured("img-2", border_irregularity=2.0), text="Border 2.")
    rows = {"rows": (row(1, SKIN), row(2, SKIN))}
    assert "1.4" in said("what did you say about the border of the first?", first, second, **rows)
