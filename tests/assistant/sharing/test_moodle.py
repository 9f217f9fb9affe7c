"""A quiz in Moodle XML, parsed back."""

from __future__ import annotations

import base64
import io

import pytest
from lxml import etree
from PIL import Image as PillowImage

from assistant.sharing.copies import CaseCopy
from assistant.sharing.moodle import write_moodle
from store.errors import CaseError


def questions(data: bytes) -> list[etree._Element]:
    return etree.fromstring(data).findall("question[@type='multichoice']")


def test_each_case_is_a_question_with_one_right_answer_and_nothing_abnormal_among_them(
    secret: CaseCopy, normal: CaseCopy
) -> None:
    one, two = questions(write_moodle("Tuesday", [secret, normal]))
    for question, right in ((one, "Zorbulosis"), (two, "Nothing abnormal")):
        answers = {a.findtext("text"): a.get("fraction") for a in question.findall("answer")}
        assert [text for text, fraction in answers.items() if fraction == "100"] == [right]
        assert set(answers.values()) == {"100", "0"}
        assert "Nothing abnormal" in answers
        assert question.findtext("single") == "true"
    assert "Zorbulosis" in [a.findtext("text") for a in two.findall("answer")]
    assert "Differentialsecret" in [a.findtext("text") for a in one.findall("answer")]


def test_name_and_body_of_a_question_hold_no_answer_and_its_feedback_all_of_it(secret: CaseCopy) -> None:
    (one,) = questions(write_moodle("Tuesday", [secret]))
    body = one.findtext("questiontext/text")
    before = f"{one.findtext('name/text')} {body}"
    assert not any(word in before for word in ("secret", "Zorbulosis", "veil"))
    assert "A mole that grew.<br><br>" in body
    assert "<p>female, 0.1 years</p>" in body
    assert 'alt="Picture 1"' in body
    after = one.findtext("generalfeedback/text")
    for word in ("Zorbulosis", "Findingsecret", "Captionsecret", "Discussionsecret", "Termsecret",
                 "not a medical device", "&lt;b&gt;&amp;amp;"):  # fmt: skip
        assert word in after, word


def test_the_pictures_of_a_question_lie_in_it_under_the_names_that_it_uses(secret: CaseCopy) -> None:
    (one,) = questions(write_moodle("Tuesday", [secret]))
    files = one.findall("questiontext/file")
    assert len(files) == 5
    for file in files:
        assert f"@@PLUGINFILE@@/{file.get('name')}" in one.findtext("questiontext/text")
        with PillowImage.open(io.BytesIO(base64.b64decode(file.text))) as picture:
            assert picture.format == "JPEG"


def test_the_regions_of_a_case_are_outlined_in_the_feedback_alone(outlined_case: CaseCopy) -> None:
    (one,) = questions(write_moodle("Tuesday", [outlined_case]))
    (file,) = one.findall("generalfeedback/file")
    after = one.findtext("generalfeedback/text")
    assert f"@@PLUGINFILE@@/{file.get('name')}" in after
    assert "1: Regionsecret" in after
    assert "Regionsecret" not in one.findtext("questiontext/text")


def test_a_slash_in_the_title_makes_no_other_category(secret: CaseCopy) -> None:
    data = write_moodle("CT/MR", [secret])
    assert (
        etree.fromstring(data).findtext("question[@type='category']/category/text") == "$course$/top/CT//MR"
    )


def test_a_quiz_of_nothing_is_refused() -> None:
    with pytest.raises(CaseError, match="at least one case"):
        write_moodle("Tuesday", [])
