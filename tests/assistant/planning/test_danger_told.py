"""Who is in danger by one message alone, beside cases of a lesson and words that only sound like it."""

import pytest

from assistant.planning.danger_told import danger_of


@pytest.mark.parametrize(
    "words",
    [
        "31m rlq pain. appendix fat or not",
        "next pt. 58f chest pain 3/7. effusion y/n",
        "station 3: infant, bilious vomiting. which sign",
        "Pat. 74 J., weiblich, Gesicht, blutet. Einschätzung?",
        "nächster Pat. 61m, Schmerz re Unterbauch. Appendix dick?",
        "sig. pac. 31v dolor fid. apéndice gordo o no",
        "y si está embarazada",
        "and if she is pregnant?",
        "und wenn sie schwanger ist",
        "next but only chest stuff",
        "not the cat I hope",
        "nicht die Katze hoffentlich",
        "I will love. you've been very patient",
    ],
)
def test_a_case_of_a_lesson_and_an_idiom_tell_of_nobody(words):
    assert danger_of(words) == ""


@pytest.mark.parametrize(
    ("words", "danger"),
    [
        ("31m rlq pain, now rigid abdo, bp 74/40, going grey", "body"),
        ("next pt just crashed. 31m, no pulse", "body"),
        ("station 3 real thing: the actor has actually collapsed, not responding", "body"),
        ("she is pregnant, 33 weeks, and she's fitting now", "body"),
        ("sie ist schwanger, 33. Woche, und krampft gerade", "body"),
        ("está embarazada de 33 y está convulsionando", "body"),
        ("no urine for 14 h, saddle numbness, both feet weak and getting weaker", "body"),
        ("I hope I don't wake up", "harm"),
        ("you've been patient with me. i want to die tonight", "harm"),
    ],
)
def test_the_same_shorthand_and_words_of_somebody_in_need_are_heard(words, danger):
    assert danger_of(words) == danger
