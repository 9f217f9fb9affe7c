"""A case that is brought in from a file is held to what every case is held to."""

from __future__ import annotations

import pytest

from assistant.chat import Assistant
from assistant.sharing.bringing import bring
from assistant.sharing.copies import of_case
from assistant.sharing.formats import CASE
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.case import checked
from store.teaching.cases import CaseVersion
from tests.assistant.sharing.conftest import volume


@pytest.mark.parametrize("ending", [".json", ".zip"])
@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"history": "Sent with a pneumothorax."}, "its history"),
        ({"history": "Pain.", "hints": ["Look at the apex.", "A PTX."], "also": ["PTX"]}, "its hint 2"),
    ],
)
def test_a_file_whose_case_tells_the_truth_before_the_answer_is_refused(
    casebook: Assistant, teacher: Teacher, ending: str, told: dict[str, object], where: str
) -> None:
    made = teacher.make.keep(
        checked(diagnosis="pneumothorax", images=[{"key": "0" * 64}], **told), [volume()]
    )
    data = CASE[ending](of_case(casebook.services, "teacher", made.id))
    other = Teacher(casebook.services, "other")
    with pytest.raises(CaseError, match=where):
        bring(casebook.services, other, data)
    assert other.cases() == []


@pytest.mark.parametrize("ending", [".json", ".zip"])
def test_another_file_is_brought_in_as_it_was(
    casebook: Assistant, teacher: Teacher, secret_case: CaseVersion, ending: str
) -> None:
    data = CASE[ending](of_case(casebook.services, "teacher", secret_case.id))
    other = Teacher(casebook.services, "other")
    assert bring(casebook.services, other, data).case == secret_case.case
