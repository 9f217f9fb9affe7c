"""What a message asks of what was said before."""

from __future__ import annotations

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.harked import hark
from assistant.planning.plan import make_tasks
from tests.talking.talk import talk


def past(language: str = "en") -> tuple[PastTurn, ...]:
    question = {"en": "what is the silhouette sign?", "de": "was ist das Silhouettenzeichen?",
                "es": "¿qué es el signo de la silueta?"}[language]  # fmt: skip
    now = talk(question, language=language)
    return (PastTurn(question, (), (), compose(make_tasks(now), now)),)


def answer(words: str, language: str = "en", *more: PastTurn) -> str:
    now = talk(words, language=language, past=(*past(language), *more))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("words", "language", "kind"),
    [
        ("half as many words please", "en", "shorter"),
        ("nur Stichworte bitte", "de", "shorter"),
        ("pásamelo más breve para la ficha", "es", "shorter"),
        ("and how would I tell my gran that", "en", ""),
        ("everything we did in two lines for my folder", "en", "summary"),
        ("fass unser Gespräch in drei Punkten zusammen", "de", "summary"),
        ("qué fue lo primero que pregunté", "es", "first"),
        ("did I get it right", "en", "right"),
        ("bullets instead of that block", "en", "listed"),
        ("bitte als Aufzählung statt so", "de", "listed"),
        ("point 2 is a bit woolly", "en", "part"),
        ("el punto 3 no lo veo claro", "es", "part"),
        ("sorry, had to run, where had we got to", "en", "where"),
        ("was hast du gelesen und was selbst gerechnet", "de", "by_source"),
        ("have you outlined the mole or the plaster", "en", "traced"),
        ("then compute it anew", "en", "redo"),
        ("y por qué te niegas a eso", "es", "refusal"),
        ("why is the left side whiter", "en", ""),
        ("list the causes of a white lung", "en", ""),
        ("is the second one rotated", "en", ""),
        ("woher haben Sie das denn", "de", "source"),
        ("what is a pneumothorax in one line", "en", ""),
        ("ist das zweite schärfer", "de", ""),
    ],
)
def test_what_is_asked_of_what_was_said_is_told_from_what_only_sounds_so(
    words: str, language: str, kind: str
) -> None:
    assert hark(talk(words, language=language, past=past(language))) == kind


def test_without_anything_said_before_nothing_is_asked_of_it() -> None:
    assert hark(talk("shorter please")) == ""


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("give me that in two sentences", "en"),
        ("in zwei Sätzen bitte", "de"),
        ("en dos frases, por favor", "es"),
    ],
)
def test_so_many_lines_are_told_as_are_wished(words: str, language: str) -> None:
    assert answer(words, language).count("\n- ") == 2


def test_a_summary_tells_what_was_found_and_leaves_out_what_was_not() -> None:
    idle = PastTurn("and the weather?", (), (), "I am not sure what you mean. Do you want me a, or b?")
    said = answer("sum up our chat please", "en", idle)
    assert "silhouette" in said.casefold()
    assert "weather" not in said


def test_where_nothing_was_asked_nothing_is_marked() -> None:
    assert "lingula" in answer("was that right?", "en", PastTurn("lingula", (), (), past()[0].text))


def test_a_card_shown_before_the_last_is_named_by_its_topic_with_its_source() -> None:
    other = talk("what is a pneumothorax on a chest film?")
    last = PastTurn(other.question, (), (), compose(make_tasks(other), other))
    said = answer("where did you get the silhouette thing from", "en", last)
    assert "Felson" in said


def test_a_form_wished_of_a_new_question_is_none_of_the_last_answer() -> None:
    assert "silhouette" not in answer("Hounsfield scale in one sentence").casefold()


READ = PastTurn(
    "how to read it", (), (), "- Check the side marker first.\n- Then look at the bones.\n- Then the rest."
)


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        ("no 2 was vague", "en", "Then look at the bones."),
        ("the last one is unclear to me", "en", "Then the rest."),
        ("Punkt 1 verstehe ich nicht", "de", "Check the side marker first."),
        ("la segunda no me convence", "es", "Then look at the bones."),
        ("the part about the bones isn't clear to me", "en", "Then look at the bones."),
    ],
)
def test_one_part_of_an_answer_is_told_again(words: str, language: str, said: str) -> None:
    told = answer(words, language, READ)
    assert said in told
    assert told.count("- ") == 0


def test_a_part_that_an_answer_does_not_have_is_none() -> None:
    assert "side marker" not in answer("the fifth is unclear", "en", READ)


@pytest.mark.parametrize(
    "words", ["the first answer again please", "your first answer was clearer, once more"]
)
def test_an_answer_is_told_again_by_its_place(words: str) -> None:
    assert "silhouette" in answer(words, "en", READ).casefold()


def test_all_of_an_answer_is_told_as_a_list() -> None:
    assert answer("as a list, not a paragraph", "en").count("\n- ") >= 2


@pytest.mark.parametrize(
    ("words", "language", "most"),
    [("30 words max", "en", 30), ("in zwölf Wörtern bitte", "de", 12), ("dilo en 20 palabras", "es", 20)],
)
def test_no_more_words_are_told_than_are_wished(words: str, language: str, most: int) -> None:
    assert len(answer(words, language).partition("\n\n")[0].split()) <= most


def test_after_a_refusal_its_reason_is_told() -> None:
    refused = PastTurn("write my essay", (), (), "That is outside what I do.")
    assert "instead of guessing" in answer("why do you ignore it", "en", refused)


@pytest.mark.parametrize(
    ("words", "language"),
    [("again in 3 bullets", "en"), ("nochmal in 3 stichpunkten", "de"), ("otra vez en 3 puntos", "es")],
)
def test_points_alone_are_a_form_of_the_last_answer(words, language):
    past = (PastTurn("what is a nodule?", (), (), "A nodule is small. It is round. It is white."),)
    (task,) = make_tasks(in_english(talk(words, past=past, language=language, spoken=language)))
    assert (task.intent, task.detail in ("shorter", "listed")) == ("recall", True)
