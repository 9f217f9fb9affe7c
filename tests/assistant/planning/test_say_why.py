"""Why, how sure and which part: who says what the last answer claimed, in one to three sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from store.records import Measurement, Quality, View
from tests.talking.talk import CHEST, CT, SKIN, inspected, measured, refused, row, talk
from tools.language.sayings import say as sentence

WHATS_THIS = PastTurn("what is this?", ("img-1",), (inspected(row(1, CT)),), "The file says: a CT.")
SHARES = tuple(
    Measurement(image_id="img-1", name=name, value=25, unit="%", text=f"{name} 25 %.", source="A book")
    for name in ("fat", "bone")
)


def answer(question: str, kind: dict[str, object], *past: PastTurn, language: str = "en") -> str:
    now = talk(question, row(1, kind), past=past)
    told: Conversation = in_english(replace(now, language=language, spoken=language))
    return compose(make_tasks(told), told)


@pytest.mark.parametrize(
    "question",
    ["why?", "how sure are you?", "what did you base that on?", "are you certain it's a CT?", "says who?"],
)
def test_the_kind_that_a_file_states_is_told_in_a_sentence_and_not_with_all_else(question: str) -> None:
    shown = replace(WHATS_THIS, results=(inspected(row(1, CT), *SHARES),))
    said = answer(question, CT, shown)
    assert said == sentence("reasons.why_kind_file", image="img-1", kind="a CT of the abdomen")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Warum?", "de"),
        ("Woher wissen Sie das?", "de"),
        ("Sind Sie sicher, dass es ein Röntgenbild ist?", "de"),
        ("wer sagt das?", "de"),
        ("¿por qué?", "es"),
        ("¿está seguro de que es una radiografía?", "es"),
        ("¿quién lo dice?", "es"),
        ("¿de dónde sale eso?", "es"),
    ],
)
def test_an_estimate_is_called_one_in_each_language(question: str, language: str) -> None:
    shown = replace(WHATS_THIS, results=(inspected(row(1, CHEST)),))
    said = answer(question, CHEST, shown, language=language)
    assert "img-1" in said and "0,88" in said and "\n" not in said
    assert {"de": "geschätzt", "es": "estim"}[language] in said


def test_a_measure_is_told_with_its_number_outline_definition_and_source() -> None:
    taken = PastTurn(
        "measure it", (), (inspected(row(1, SKIN)), measured("img-1", asymmetry=12, area=3)), "x"
    )
    said = answer("why is it asymmetric?", SKIN, taken)
    assert said.startswith("Asymmetry: 12 % in img-1") and "outline that I found" in said
    assert "how asymmetry is defined" in said and "A book, 1999" in said and "area" not in said
    whole = answer("how do you know?", SKIN, taken)
    assert "A book" not in whole and "by a published definition" in whole


def test_a_measure_that_is_named_is_found_behind_later_answers() -> None:
    taken = PastTurn("measure it", (), (inspected(row(1, SKIN)), measured("img-1", asymmetry=12)), "x")
    said = answer(
        "how sure are you of the asymmetry?", SKIN, taken, replace(WHATS_THIS, text="A skin image.")
    )
    assert said.startswith("I cannot put a probability on it") and "12 %" in said


@pytest.mark.parametrize("question", ["which part of it?", "which part is blurred?", "and where exactly?"])
def test_which_part_is_answered_with_what_was_counted(question: str) -> None:
    blurred = Quality(image_id="img-1", name="sharpness", value=3, problem="It looks blurred.")
    said = sentence("quality.limits", image="img-1", problems="It looks blurred.", numbers="sharpness 3")
    checked = PastTurn("is it sharp?", (), (inspected(row(1, CHEST), blurred),), said)
    assert answer(question, CHEST, checked) == sentence("reasons.whole_picture")
    taken = PastTurn("measure it", (), (measured("img-1", asymmetry=12),), "x")
    assert answer("which part of it?", SKIN, taken) == sentence("reasons.whole_outline")


def test_what_did_not_run_has_its_reason() -> None:
    failed = PastTurn("measure it", (), (refused("measure_lesion", "img-1", "No area stands out."),), "x")
    assert answer("why not?", SKIN, failed) == "I cannot measure img-1. No area stands out."


def test_a_reason_is_not_itself_asked_for_its_reason() -> None:
    first = answer("why?", CT, WHATS_THIS)
    again = answer("are you sure?", CT, WHATS_THIS, PastTurn("why?", (), (), first))
    assert again == first


@pytest.mark.parametrize(
    ("question", "language"),
    [("show all evidence", "en"), ("Zeigen Sie alle Belege", "de"), ("muéstrame toda la evidencia", "es")],
)
def test_all_evidence_is_the_list(question: str, language: str) -> None:
    said = answer(question, CT, WHATS_THIS, language=language)
    assert said.startswith(sentence("reasons.rests_on", language)) and "\n- " in said


def test_a_fixed_sentence_is_called_one() -> None:
    level = PastTurn("which vertebra is that?", (), (), sentence("chat.material"))
    assert answer("says who?", CT, WHATS_THIS, level) == sentence("reasons.why_rules")


def test_a_sentence_for_somebodys_sake_says_that_it_cannot_and_is_not_made_for_it() -> None:
    advice = PastTurn("should I see a doctor?", (), (), sentence("care.advice"))
    assert answer("says who?", CT, WHATS_THIS, advice) == sentence("reasons.why_notice")


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_window_that_was_shown_rests_on_the_tool_that_showed_it(language: str) -> None:
    view = View(image_id="img-1", index=0, frame_count=1, level=-600, width=1500)
    shown = PastTurn("lung window", (), (Result("show_slice", "img-1", "Now showing img-1.", (view,)),), "x")
    said = answer({"en": "why?", "de": "warum?", "es": "¿por qué?"}[language], CT, shown, language=language)
    assert "show_slice" in said and "img-1" in said
