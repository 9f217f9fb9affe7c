"""Marks of a learner and regions of a case: kept, hidden, compared, overruled."""

from __future__ import annotations

import pytest

from assistant.chat import Assistant
from assistant.teaching.answer import answered
from assistant.teaching.learner import Learner, join, resume
from assistant.teaching.teacher import Teacher
from assistant.teaching.unknown import Unknown
from assistant.teaching.way import Revealed
from store.errors import CaseError
from store.teaching.cases import CaseVersion
from store.teaching.region import Region

TRUE = {"shape": "ellipse", "points": [[20, 20], [60, 60]], "caption": "Placesecret"}
MARK = Region(shape="rectangle", points=((20, 20), (60, 60)), caption="here")


@pytest.fixture
def reader(casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion) -> Learner:
    """A learner of a session on a case with one region."""
    case = teacher.make.change(unknown_case.id, regions=[TRUE])
    session = teacher.new_session("Tuesday", [case])
    return join(casebook.services, "bob", session.join_code, "Bob")


def test_regions_are_hidden_until_the_commit_and_then_compared(reader: Learner) -> None:
    before = reader.here()
    assert isinstance(before, Unknown)
    assert "Placesecret" not in repr(before)
    reader.mark([MARK])
    after = reader.commit(answered("", [("naevus", 50)], marks=reader.marks))
    assert after.case.regions[0].caption == "Placesecret"
    assert after.feedback is not None
    (place,) = after.feedback.places
    assert place.outcome == "found"
    assert place.iou == pytest.approx(0.785, abs=0.02)


def test_marks_are_kept_beside_what_is_written_and_found_again(casebook: Assistant, reader: Learner) -> None:
    reader.draft(answered("A veil.", []))
    reader.mark([MARK])
    again = resume(casebook.services, "bob")
    assert again is not None
    here = again.here()
    assert isinstance(here, Unknown)
    assert (here.draft.description, here.draft.marks) == ("A veil.", (MARK,))
    reader.mark([])
    assert reader.marks == ()


def test_a_mark_outside_of_the_picture_is_refused(reader: Learner) -> None:
    for odd in (
        MARK.model_copy(update={"points": ((0, 0), (5000, 10))}),
        MARK.model_copy(update={"slice": 2}),
        MARK.model_copy(update={"image": 2}),
    ):
        with pytest.raises(CaseError):
            reader.mark([odd])
        with pytest.raises(CaseError):
            reader.commit(answered("", [("naevus", 50)], marks=[odd]))
    assert isinstance(reader.here(), Unknown)


def test_a_picture_is_read_for_the_size_of_marks_once(
    casebook: Assistant, reader: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, read = casebook.services.teaching.images, []
    get = kept.get
    monkeypatch.setattr(kept, "get", lambda key: read.append(key) or get(key))
    for number in range(4):
        reader.mark([MARK.model_copy(update={"caption": f"{number}"})] * (number + 1))
    reader.commit(answered("", [("naevus", 50)], marks=reader.marks))
    assert len(read) == 1


def test_a_caption_loses_what_tells_who_somebody_is(reader: Learner) -> None:
    reader.mark([MARK.model_copy(update={"caption": "Patient name: Erika Mustermann"})])
    assert "Mustermann" not in reader.marks[0].caption


def test_a_teacher_may_overrule_a_place_and_the_rank_apart(teacher: Teacher, reader: Learner) -> None:
    reader.commit(answered("", [("naevus", 50)], marks=[MARK]))
    session = reader.session.id
    teacher.overrule_places(session, "L01", 1, {1: "missed"}, "Too wide.")
    seen = reader.here()
    assert isinstance(seen, Revealed)
    assert seen.feedback is not None
    assert (seen.feedback.places[0].outcome, seen.feedback.places[0].overruled) == ("missed", True)
    assert (seen.feedback.rank, seen.feedback.overruled, seen.feedback.note) == (None, False, "Too wide.")
    teacher.overrule(session, "L01", 1, 1)
    seen = reader.here()
    assert isinstance(seen, Revealed)
    assert seen.feedback is not None
    assert (seen.feedback.places[0].outcome, seen.feedback.rank) == ("missed", 1)
    with pytest.raises(CaseError, match="no region 2"):
        teacher.overrule_places(session, "L01", 1, {2: "found"})


def test_a_region_that_leaves_its_picture_is_refused(teacher: Teacher, unknown_case: CaseVersion) -> None:
    with pytest.raises(CaseError, match="leaves image 1"):
        teacher.make.change(unknown_case.id, regions=[TRUE | {"points": [[0, 0], [5000, 10]]}])
    assert teacher.case(unknown_case.id).version == 1


def test_marks_of_a_case_that_is_over_are_not_taken_for_the_next_one(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion, normal_case: CaseVersion
) -> None:
    session = teacher.new_session("Tuesday", [unknown_case, normal_case])
    bob = join(casebook.services, "bob", session.join_code, "Bob")
    bob.commit(answered("", [("naevus", 50)]))
    bob.go_on()
    for late in (
        lambda: bob.mark([MARK], 1),
        lambda: bob.draft(answered("Late.", []), 1),
        lambda: bob.commit(answered("", [("late", 50)]), 1),
    ):
        with pytest.raises(CaseError, match="Case 1 is over"):
            late()
    bob.mark([MARK], 2)
    assert bob.marks == (MARK,)
