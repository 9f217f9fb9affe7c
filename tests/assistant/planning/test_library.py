"""Wishes about the case library in a chat: which are heard, what is called, what is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from store.records import Quiz
from tests.talking.talk import SKIN, asked, neighbours, row, talk

QUIZ = Quiz(collection="c", seed=1, cases=("one", "two"), options=("melanoma", "nevus"))


def called(now: Conversation) -> list[tuple[str, dict[str, object]]]:
    return [(call.tool, call.args) for call in calls_for(make_tasks(now), now)]


def in_quiz(said: str, quiz: Quiz = QUIZ, *between: PastTurn) -> Conversation:
    turn = PastTurn("quiz me", (), (Result("quiz", "", "Case 1 of 2.", (quiz,), question="quiz me"),))
    return Conversation(said, past=(turn, *between))


@pytest.mark.parametrize(
    "said",
    [
        "how many cases do you have",
        "only melanomas",
        "five random moles",
        "which labels are in the library",
        "show me all the melanomas",
        "how many naevi are there?",
        "a random dermatofibroma",
    ],
)
def test_the_library_is_asked_in_the_words_of_the_user(said: str) -> None:
    assert called(talk(said)) == [("browse_library", {"question": said})]


def test_how_many_are_held_is_of_the_library_though_there_is_an_image() -> None:
    said = "how many naevi do you have?"
    assert called(talk(said, row(1, SKIN))) == [("browse_library", {"question": said})]


def test_a_choice_right_after_look_alikes_is_among_them() -> None:
    past = PastTurn("find similar cases", ("img-1",), (neighbours("img-1"),))
    now = talk("only melanomas", row(1, SKIN), past=(past,))
    assert called(now) == [("find_similar_cases", {"image_id": "img-1", "question": "only melanomas"})]
    elsewhere = talk("only melanomas of the library", row(1, SKIN), past=(past,))
    assert called(elsewhere)[0][0] == "browse_library"


def test_a_label_in_a_wish_for_look_alikes_reaches_the_search() -> None:
    said = "show me a naevus that looks like it"
    assert called(talk(said, row(1, SKIN))) == [
        ("find_similar_cases", {"image_id": "img-1", "question": said})
    ]


def test_an_order_to_save_takes_the_image_meant_and_the_label() -> None:
    now = talk("save img-1 as seborrhoeic keratosis", row(1, SKIN), row(2, SKIN))
    assert called(now) == [("save_case", {"image_id": "img-1", "label": "seborrhoeic keratosis"})]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("save this", "say under which label"),
        ("did you save it as melanoma?", "only your own order"),
        ("don't save this as melanoma", "nothing was changed"),
    ],
)
def test_what_is_no_whole_order_saves_nothing(said: str, answer: str) -> None:
    now = talk(said, row(1, SKIN))
    assert called(now) == []
    assert answer in compose(make_tasks(now), now)


def test_without_an_image_there_is_nothing_to_save() -> None:
    now = talk("save this as melanoma")
    assert called(now) == []
    assert "no image" in compose(make_tasks(now), now).lower()


@pytest.mark.parametrize(
    "said", ["b", "I think it's a mole", "melanoma", "next", "reveal", "stop", "I don't know"]
)
def test_moves_in_a_quiz_reach_it(said: str) -> None:
    assert called(in_quiz(said)) == [("quiz", {"question": said})]


def test_a_quiz_waits_while_something_else_is_asked() -> None:
    meant = PastTurn("what is a naevus?", ())
    assert called(in_quiz("what is a naevus?")) == []
    assert called(in_quiz("nevus", QUIZ, meant)) == [("quiz", {"question": "nevus"})]


def test_without_a_quiz_or_after_its_end_the_same_words_mean_something_else() -> None:
    assert called(talk("next")) == []
    assert called(in_quiz("b", QUIZ.model_copy(update={"over": True}))) == []


@pytest.mark.parametrize(
    "said", ["Keine Idee, sag's mir", "creo que la B", "Nächster Fall bitte", "no more, thanks"]
)
def test_moves_are_heard_before_a_wish_that_something_be_left_undone(said: str) -> None:
    assert called(replace(in_quiz(said), said=said)) == [("quiz", {"question": said})]


def test_after_the_end_only_the_score_is_of_the_quiz() -> None:
    over = QUIZ.model_copy(update={"over": True})
    assert called(in_quiz("how did we do?", over)) == [("quiz", {"question": "how did we do?"})]
    assert called(in_quiz("what was right?", over)) == []


@pytest.mark.parametrize("said", ["don't tell me the answer yet", "my exam is tomorrow"])
def test_words_of_a_quiz_begin_no_other_in_one_that_runs(said: str) -> None:
    assert called(in_quiz(said)) == []


def test_two_moves_in_one_message_are_the_first() -> None:
    assert called(in_quiz("I think it's a nevus. Next")) == [("quiz", {"question": "I think it's a nevus"})]


def test_giving_up_in_a_quiz_is_no_cry_for_help_and_a_cry_for_help_is_heard() -> None:
    assert [one.intent for one in make_tasks(in_quiz("stop"))] == ["library"]
    stopped = Result("quiz", "", "Over.", (QUIZ.model_copy(update={"over": True}),), question="stop")
    assert [one.intent for one in make_tasks(in_quiz("hello", QUIZ, PastTurn("stop", (), (stopped,))))] != [
        "danger"
    ]
    assert make_tasks(in_quiz("I want to kill myself"))[0].intent == "danger"
    said = PastTurn("I want to kill myself", ())
    assert make_tasks(in_quiz("b", QUIZ, said))[0].intent == "danger"


def test_what_the_tool_says_is_the_answer() -> None:
    done = Result(
        "browse_library", "", "The case library holds 3 cases.", question="how many cases do you have"
    )
    now = talk("how many cases do you have", results=(done,))
    assert called(now) == []
    assert compose(make_tasks(now), now) == "The case library holds 3 cases."


def test_of_two_pictures_talked_about_together_the_newest_is_saved():
    both = asked("is it worse?", "img-2", "img-1")
    (task,) = make_tasks(talk("save it as mama 2", row(1, SKIN), row(2, SKIN), past=(both,)))
    assert (task.detail, task.images) == ("save", ("img-2",))


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("put that mole in the library as blue naevus", "blue naevus"),
        ("what is my score, and add this lesion to the library as class A", "class A"),
    ],
)
def test_putting_a_lesion_into_the_library_is_an_order_beside_another_wish_too(said: str, label: str) -> None:
    assert called(talk(said, row(1, SKIN))) == [("save_case", {"image_id": "img-1", "label": label})]


@pytest.mark.parametrize(
    ("said", "language", "label"),
    [
        ("guarda esta como lesion rara", "es", "lesion rara"),
        ("speicher das als grosse Laesion", "de", "grosse Laesion"),
        ("save this as Lesion X pls", "en", "Lesion X"),
    ],
)
def test_a_label_is_kept_as_it_was_written(said, language, label):
    now = in_english(talk(said, row(1, SKIN), language=language, spoken=language))
    assert called(now) == [("save_case", {"image_id": "img-1", "label": label})]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no clue tbh", "reveal"),
        ("gimme a hint", "hint"),
        ("what was the question", "repeat"),
        ("how many are left", "score"),
        ("too hard lol", "easier"),
        ("same topic but 5 more", "another subject"),
    ],
)
def test_what_an_ear_hears_in_a_quiz_reaches_it_in_words_that_it_knows(said: str, told: str) -> None:
    assert called(in_quiz(said)) == [("quiz", {"question": told})]


def test_an_answer_set_right_reaches_the_quiz() -> None:
    answered = QUIZ.model_copy(update={"open": False})
    assert called(in_quiz("wait i meant b", answered)) == [("quiz", {"question": "I meant B"})]
