"""What is said of a reader's answer: whole or not, random, of two readers, repeated or not."""

from __future__ import annotations

import numpy as np
import pytest

from store.errors import CaseError, SetupError
from store.records import Fact, Finding, Measurement
from tests.scripted.readers import Answer, ScriptedReaders
from tools.models.asking import Answered, Question, ask_readers, is_general
from tools.models.systems.reading import Ending, Reading, Request

PIXELS = np.zeros((8, 8, 3), np.uint8)


def ask(
    readers: ScriptedReaders,
    *names: str,
    question: str = "Is there a fracture?",
    samples: int = 0,
    **more: object,
) -> Answered:
    request = Request(pixels=PIXELS, image_key="k", question=question)
    return ask_readers(readers, names, Question(request, "img-1", samples), **more)  # type: ignore[arg-type]


def one(*answers: Answer, **more: object) -> ScriptedReaders:
    return ScriptedReaders({"radiographer": list(answers)}, **more)  # type: ignore[arg-type]


def two(first: Answer, second: Answer) -> ScriptedReaders:
    return ScriptedReaders({"radiographer": [first], "babydoctor": [second]})


def test_the_reader_is_given_picture_and_question_and_is_quoted() -> None:
    readers = one("No fracture is seen.")
    said = ask(readers, "radiographer")
    (_, request) = readers.asked[0]
    assert request.pixels is PIXELS
    assert request.question == "Is there a fracture?"
    assert request.sampling.temperature == 0
    assert said.content == "radiographer says of img-1: “No fracture is seen.”"
    assert (said.model, said.revision) == ("radiographer", "abc123")


def test_the_records_hold_the_finding_and_how_it_came_about() -> None:
    records = ask(one("No fracture is seen."), "radiographer").records
    (finding,) = [record for record in records if isinstance(record, Finding)]
    assert (finding.label, finding.text, finding.model, finding.score) == (
        "no",
        "No fracture is seen.",
        "radiographer",
        None,
    )
    facts = {record.name: record.value for record in records if isinstance(record, Fact)}
    assert facts["radiographer: prompt"] == "prompt"
    assert facts["radiographer: template"] == "plain"
    assert facts["radiographer: revision"] == "abc123"
    assert facts["radiographer: ended"] == "complete, after 3 tokens"
    assert "English" in facts["radiographer: language"]


def test_a_stand_in_says_so_in_plain_words() -> None:
    said = ask(one("xq zz", stand_in=True), "radiographer")
    assert "random weights: its words mean nothing" in said.content
    assert any(isinstance(r, Fact) and "random" in r.value for r in said.records)


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("length", "limit of 7 tokens"),
        ("stopped", "stopped before"),
        ("time", "time was up"),
        ("loop", "repeat itself"),
    ],
)
def test_an_answer_that_is_not_whole_is_quoted_with_why(ending: Ending, words: str) -> None:
    said = ask(one(Reading("There is a", ending, 7, "p", "t")), "radiographer")
    assert "“There is a”" in said.content
    assert words in said.content


def test_an_answer_that_is_not_whole_is_not_drawn_again_and_that_is_said() -> None:
    readers = one(Reading("There is a", "length", 7, "p", "t"))
    said = ask(readers, "radiographer", samples=5)
    assert len(readers.asked) == 1
    assert said.content.endswith("So it was not asked again, and whether it agrees with itself is unknown.")


def test_an_empty_answer_is_no_finding() -> None:
    said = ask(one(Reading("", "empty", 1, "p", "t")), "radiographer")
    assert "said nothing of img-1" in said.content
    assert not any(isinstance(record, Finding) for record in said.records)


def test_two_readers_that_agree_may_be_wrong_together() -> None:
    said = ask(two("Yes, there is.", "There is a fracture."), "radiographer", "babydoctor")
    assert "radiographer says of img-1: “Yes, there is.”" in said.content
    assert "babydoctor says of img-1: “There is a fracture.”" in said.content
    assert "Both come to the same: “yes”. They may be wrong together." in said.content
    assert said.model == "radiographer and babydoctor"


def test_two_readers_that_differ_are_both_quoted_and_it_is_said() -> None:
    said = ask(two("Yes.", "No fracture is seen."), "radiographer", "babydoctor")
    assert "The readers differ: radiographer “yes” and babydoctor “no”." in said.content


def test_free_text_of_two_readers_is_not_compared_by_rule() -> None:
    question = "Describe the lungs."
    said = ask(
        two("Clear lungs on both sides are shown here.", "x " * 9),
        "radiographer",
        "babydoctor",
        question=question,
    )
    assert "cannot be told by rule" in said.content
    assert "differ" not in said.content


def test_two_readers_are_asked_the_same() -> None:
    readers = two("Yes.", "No.")
    ask(readers, "radiographer", "babydoctor")
    (_, first), (_, second) = readers.asked
    assert (first.question, first.image_key) == (second.question, second.image_key)


def test_one_reader_that_cannot_run_does_not_silence_the_other() -> None:
    said = ask(two("Yes.", SetupError("It needs 16 GB.")), "radiographer", "babydoctor")
    assert "radiographer says of img-1: “Yes.”" in said.content
    assert "babydoctor could not be asked: It needs 16 GB." in said.content
    assert "Both" not in said.content


def test_when_no_reader_can_be_asked_the_reason_goes_on() -> None:
    with pytest.raises(CaseError, match="English"):
        ask(two(CaseError("English only."), SetupError("no")), "radiographer", "babydoctor")


def test_a_turn_that_never_came_is_said() -> None:
    said = ask(one(None), "radiographer")
    assert "radiographer was not asked" in said.content
    assert said.records == ()


def test_a_reader_that_repeats_itself_says_so_without_calling_it_a_probability() -> None:
    readers = one("Yes.", "yes, there is", "Yes", "No.", "Yes.", "yes", agreement=0.8)
    said = ask(readers, "radiographer", samples=5)
    assert "says of img-1: “Yes.”" in said.content
    assert "agrees with itself: 4 of 5 further answers come to the same" in said.content
    (share,) = [record for record in said.records if isinstance(record, Measurement)]
    assert (share.value, share.unit) == (80, "%")
    assert "not how likely" in (share.caution or "")
    for word in ("probab", "confidence"):
        assert word not in said.content.lower()
    assert [r.sampling.temperature for _, r in readers.asked] == [0, *[0.7] * 5]
    assert [r.sampling.seed for _, r in readers.asked] == [None, 1, 2, 3, 4, 5]


def test_below_the_threshold_no_answer_is_given_and_none_is_shown_on_the_way() -> None:
    shown: list[str] = []
    readers = one("Yes.", "No.", "No.", "Yes.", "No.", "A hand.", agreement=0.8)
    said = ask(readers, "radiographer", samples=5, begin=lambda _: shown.append)
    assert "radiographer gives no answer about img-1." in said.content
    assert "1 of 5 further answers come to the same as its first, and 80% are asked for" in said.content
    assert "“Yes.”" not in said.content
    assert shown == []
    assert not any(isinstance(record, Finding) for record in said.records)
    facts = {r.name: r.value for r in said.records if isinstance(r, Fact)}
    assert facts["radiographer: answer not given"] == "Yes."
    assert facts["radiographer: further answer 5"] == "A hand."


def test_free_text_is_shown_in_the_evidence_and_not_scored() -> None:
    readers = one("Clear lungs on both sides are shown here.", agreement=0.8)
    said = ask(readers, "radiographer", question="Describe the lungs.", samples=3)
    assert "free text, which Casebook does not score" in said.content
    assert not any(isinstance(record, Measurement) for record in said.records)
    assert sum(isinstance(r, Fact) and "further answer" in r.name for r in said.records) == 3


def test_further_answers_end_when_the_turn_does() -> None:
    readers = one("Yes.", "Yes.", Reading("Ye", "time", 1, "p", "t"))
    said = ask(readers, "radiographer", samples=5)
    assert len(readers.asked) == 3
    assert "1 of 1 further answers" in said.content


def test_the_text_streams_under_the_readers_name() -> None:
    heard: dict[str, list[str]] = {}

    def begin(name: str) -> object:
        return heard.setdefault(name, []).append

    waits: list[str] = []
    ask(two("Yes it is.", "No."), "radiographer", "babydoctor", begin=begin, on_wait=waits.append)
    assert heard == {"radiographer": ["Yes ", "it ", "is. "], "babydoctor": ["No. "]}
    assert waits == ["Loading radiographer", "Loading babydoctor"]


@pytest.mark.parametrize(
    ("question", "general"),
    [
        ("Please describe this image.", True),
        ("What do you see in img-1?", True),
        ("describe the skin lesion", True),
        ("", True),
        ("Describe the border.", False),
        ("Is it melanoma?", False),
        ("Where is it located?", False),
    ],
)
def test_a_question_that_names_nothing_is_general(question: str, general: bool) -> None:
    assert is_general(question) is general


def test_the_derm_captioner_takes_its_authors_questions_for_a_general_one_only() -> None:
    readers = ScriptedReaders({"derm-captioner": ["Yes."], "radiographer": ["Yes."]})
    for name in ("derm-captioner", "radiographer"):
        for question in ("describe it", "Is it melanoma?"):
            ask(readers, name, question=question)
    assert [request.template for _, request in readers.asked] == ["staged", None, None, None]
    assert [request.question for _, request in readers.asked] == ["describe it", "Is it melanoma?"] * 2
