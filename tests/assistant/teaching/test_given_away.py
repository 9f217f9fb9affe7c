"""A session that would tell the truth before the answer is refused."""

import pytest

from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.case import checked
from store.teaching.options import SessionOptions
from tests.assistant.teaching.conftest import dark


@pytest.mark.parametrize(
    ("title", "told", "where"),
    [
        ("Naevi for all: the mole", {}, "the session's title"),
        ("Tuesday", {"history": "A known naevus of the back."}, "its history"),
        ("Tuesday", {"history": "Sent for a birth-spot.", "also": ["birth spot"]}, "its history"),
        (
            "Basaliome am Morgen",
            {"diagnosis": "basal cell carcinoma", "also": ["basalioma"]},
            "the session's title",
        ),
        ("Tuesday", {"diagnosis": "basal cell carcinoma", "history": "Basalzellkarzinom?"}, "its history"),
        ("Tuesday", {"diagnosis": "Right pneumothorax", "history": "Collapsed lung before."}, "its history"),
        ("Tuesday", {"hints": ["Look at the border.", "It is a MOLE."]}, "its hint 2"),
    ],
)
def test_words_that_name_the_truth_are_refused_with_their_place(
    teacher: Teacher, title: str, told: dict[str, object], where: str
) -> None:
    fields = {"diagnosis": "naevus", "images": [{"key": "0" * 64}]} | told
    made = teacher.make.keep(checked(**fields), [dark(1)])
    with pytest.raises(CaseError, match=where):
        teacher.new_session(title, [made])
    assert teacher.sessions() == []
    assert teacher.new_session(title, [made], SessionOptions(known=True))


def test_other_words_are_no_matter(teacher: Teacher) -> None:
    fields = {"diagnosis": "naevus", "images": [{"key": "0" * 64}], "history": "Itches for a week."}
    made = teacher.make.keep(checked(**fields, hints=["Look at the border."]), [dark(1)])
    assert teacher.new_session("Tuesday", [made])


def test_a_normal_may_be_called_so_in_its_history(teacher: Teacher) -> None:
    fields = {"diagnosis": "normal", "kind": "normal", "images": [{"key": "0" * 64}]}
    made = teacher.make.keep(checked(**fields, history="Normal blood count."), [dark(1)])
    assert teacher.new_session("Tuesday", [made])
