"""Which questions are offered next."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Answer, Evidence
from assistant.pages.suggestions import suggestions
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.turn.kept import Turn
from store.records import Gate
from tests.talking.talk import CT, SKIN, row, talk
from tools.context import ChatImage
from tools.language.sayings import say, sayings


def image(image_id: str, domain: str, modality: str | None = None, **facts: object) -> ChatImage:
    gate = Gate(image_id=image_id, domain=domain, modality=modality, known_from="pixels")
    return ChatImage(image_id, "key", gate, load=pytest.fail, facts=facts)


def turn(question: str, *tools: str, image_id: str = "img-1") -> Turn:
    evidence = tuple(Evidence(tool, image_id, "m", "1", 0.1, "said") for tool in tools)
    return Turn("t", question, (), "answered", Answer("c", "t", "text", evidence=evidence))


def test_without_images_only_one_question_is_offered() -> None:
    assert suggestions([], []) == ("What can you do?",)


def test_a_skin_image_can_be_measured_and_compared() -> None:
    offered = suggestions([image("img-1", "dermatology")], [])
    assert "Measure the lesion" in offered
    assert "Find similar cases" in offered


def test_what_a_tool_already_answered_is_not_offered_again() -> None:
    offered = suggestions([image("img-1", "dermatology")], [turn("how large is it", "measure_lesion")])
    assert "Measure the lesion" not in offered


def test_what_was_asked_of_an_older_image_is_offered_for_the_new_one() -> None:
    images = [image("img-1", "dermatology"), image("img-2", "dermatology")]
    offered = suggestions(images, [turn("how large is it", "measure_lesion")])
    assert "Measure the lesion" in offered
    assert offered[0] == "Compare img-1 and img-2"


def test_images_of_different_kinds_are_not_offered_for_comparison() -> None:
    images = [image("img-1", "radiology", "CT"), image("img-2", "dermatology")]
    assert not [question for question in suggestions(images, []) if question.startswith("Compare")]


def test_a_ct_volume_offers_a_slice_its_tissues_and_its_header() -> None:
    offered = suggestions(
        [image("img-1", "radiology", "CT", frames=24, file_type="DICOM")], [turn("x", "inspect_image")]
    )
    assert offered[:3] == (
        "Show slice 2",
        "How much is air, fat, soft tissue and bone?",
        "What does the file header say?",
    )


def test_an_unknown_image_offers_to_be_overruled() -> None:
    offered = suggestions([image("img-3", "unknown")], [])
    assert "Treat img-3 as dermoscopy" in offered
    assert "Measure the lesion" not in offered


def test_the_users_classifier_is_offered_for_images_it_can_sort_until_it_was_asked() -> None:
    images = [image("img-1", "dermatology")]
    assert "Which of my labels fits?" in suggestions(images, [], {"dermatology"})
    assert "Which of my labels fits?" not in suggestions(images, [], {"radiology"})
    asked = [turn("what label would fit?", "classify_with_my_labels")]
    assert "Which of my labels fits?" not in suggestions(images, asked, {"dermatology"})


def test_at_most_four_are_offered() -> None:
    images = [image("img-1", "radiology"), image("img-2", "radiology", "CT", frames=9, file_type="DICOM")]
    assert len(suggestions(images, [])) == 4


def test_questions_are_offered_in_the_language_of_the_last_answer() -> None:
    spoken = Turn("1", "Hallo", (), "answered", Answer("c", "1", "Guten Tag.", language="de"))
    assert "Läsion ausmessen" in suggestions([image("img-1", "dermatology")], [spoken])


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_readings_that_an_answer_asks_back_about_are_offered_and_heard(language: str) -> None:
    back = say(
        "asking.either",
        language,
        first=say("asking.measure", language),
        second=say("asking.similar", language),
    )
    answered = Turn("t", "hm", (), "answered", Answer("c", "t", back, language=language))
    offered = suggestions([image("img-1", "dermatology")], [answered])
    assert offered == (say("readings.measure", language), say("readings.similar", language))
    assert suggestions([image("img-1", "dermatology")], [turn("hm")]) != offered


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_reading_is_asked_in_words_that_are_heard_so(language: str) -> None:
    names = [name for name in sayings(language).texts if name.startswith("readings.")]
    for name in names:
        words = say(name, language)
        now = in_english(talk(words, row(1, CT), row(2, SKIN), language=language))
        heard = {task.intent for task in make_tasks(now)}
        assert heard & {name.removeprefix("readings."), "header", "textbook"}, (words, heard)
