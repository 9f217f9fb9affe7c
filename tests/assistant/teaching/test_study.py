"""A study: consent, arms by lot, what is logged, and the same study again from its file."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat import Assistant
from assistant.teaching.again import hold_again
from assistant.teaching.answer import answered
from assistant.teaching.case_file import read_case_file, write_case
from assistant.teaching.drawing_lots import arm_for, order_for
from assistant.teaching.export import tables
from assistant.teaching.figures import figures
from assistant.teaching.learner import ConsentError, join, resume
from assistant.teaching.teacher import Teacher
from store.errors import CaseError
from store.teaching.cases import CaseVersion
from store.teaching.options import Arm, Consent, SessionOptions
from store.teaching.region import Region

ARMS: tuple[Arm, ...] = ("none", "planner")
CONSENT = Consent(text="We keep what you answer.", version="2026-11")
MARK = Region(shape="rectangle", points=((20, 20), (60, 60)))


@given(seed=st.integers(0, 2**63 - 1), size=st.integers(1, 5), learners=st.integers(1, 60))
def test_arms_are_balanced_whenever_somebody_joins(seed: int, size: int, learners: int) -> None:
    options = SessionOptions(arms=("none", "planner", "model"), block=3 * size, seed=seed)
    drawn = [arm_for(options, n) for n in range(1, learners + 1)]
    for block in range(0, learners - 3 * size + 1, 3 * size):
        assert set(Counter(drawn[block : block + 3 * size]).values()) == {size}
    counts = [drawn.count(arm) for arm in options.arms]
    assert max(counts) - min(counts) <= size


def test_arms_are_by_lot_and_a_seed_gives_them_again() -> None:
    several = {
        tuple(arm_for(SessionOptions(arms=ARMS, seed=seed), n) for n in range(1, 9)) for seed in range(40)
    }
    assert len(several) > 20
    first = Counter(arm_for(SessionOptions(arms=ARMS, seed=seed), 1) for seed in range(400))
    assert 150 < first["none"] < 250
    assert arm_for(SessionOptions(), 1) == "planner"


def test_nobody_joins_without_the_consent_of_this_version(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion
) -> None:
    session = teacher.new_session("Study", [unknown_case], SessionOptions(consent=CONSENT))
    for given_ in ("", "2025-01"):
        with pytest.raises(ConsentError, match="version 2026-11"):
            join(casebook.services, "bob", session.join_code, "Bob", given_)
    assert resume(casebook.services, "bob") is None
    join(casebook.services, "bob", session.join_code, "Bob", "2026-11")
    assert [one.consent for one in teacher.learners(session.id)] == ["2026-11"]
    assert join(casebook.services, "bob", session.join_code, "Bob").who.number == 1


def test_who_reads_without_help_gets_neither_tutor_nor_hint(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion
) -> None:
    session = teacher.new_session("Study", [unknown_case], SessionOptions(arms=("none",)))
    alone = join(casebook.services, "bob", session.join_code, "Bob")
    with pytest.raises(CaseError, match="without help"):
        alone.hint()
    with pytest.raises(CaseError, match="without help"):
        alone.note_question("What is it?")


def test_an_arm_needs_its_chat_model(teacher: Teacher, unknown_case: CaseVersion) -> None:
    with pytest.raises(CaseError, match="No chat model"):
        teacher.new_session("Study", [unknown_case], SessionOptions(arms=("planner", "model")))


def done(casebook: Assistant, teacher: Teacher, case: CaseVersion) -> str:
    """A study that two learners went through; its id."""
    region = {"shape": "rectangle", "points": [[20, 20], [60, 60]], "caption": "veil"}
    case = teacher.make.change(case.id, regions=[region])
    options = SessionOptions(arms=ARMS, block=2, consent=CONSENT, seed=7, order="random")
    session = teacher.new_session("Study", [case], options)
    for name, marks in (("bob", [MARK]), ("eve", [])):
        who = join(casebook.services, name, session.join_code, name.title(), "2026-11")
        who.here()
        who.commit(answered("", [("naevus", 60)], marks=marks))
    return session.id


def test_the_export_tells_part_arm_consent_marks_and_overlap(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion
) -> None:
    texts = tables(casebook.services, teacher, done(casebook, teacher, unknown_case))
    first, second = csv.DictReader(io.StringIO(texts["answers.csv"]))
    assert {first["arm"], second["arm"]} == {"none", "planner"}
    assert (first["consent"], first["part"], first["timed_out"]) == ("2026-11", "", "0")
    (mark,) = csv.DictReader(io.StringIO(texts["marks.csv"]))
    assert (mark["learner"], mark["shape"]) == ("L01", "rectangle")
    assert json.loads(mark["points"]) == [[20, 20], [60, 60]]
    one, two = csv.DictReader(io.StringIO(texts["places.csv"]))
    assert (one["outcome"], one["iou"], one["dice"], one["caption"]) == ("found", "1.0", "1.0", "veil")
    assert (two["outcome"], two["iou"]) == ("missed", "")
    steps = [json.loads(line) for line in texts["steps.jsonl"].splitlines()]
    joined = [json.loads(one["text"]) for one in steps if one["step"] == "joined"]
    assert {one["arm"] for one in joined} == {"none", "planner"}
    opened = [json.loads(one["text"]) for one in steps if one["step"] == "opened"]
    assert all(one["casebook"] for one in opened)


def test_figures_stand_the_arms_side_by_side(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion
) -> None:
    found = figures(teacher.marked(done(casebook, teacher, unknown_case)))
    assert [(one.name, one.right.of) for one in found.arms] == [("none", 1), ("planner", 1)]
    assert found.everybody is not None
    assert found.everybody.places == {"found": 1, "other slice": 0, "missed": 1, "extra": 0}


def test_a_study_is_held_again_from_its_file_with_the_same_lots(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion, normal_case: CaseVersion
) -> None:
    options = SessionOptions(arms=ARMS, seed=5, order="random", consent=CONSENT)
    session = teacher.new_session("Study", [normal_case, unknown_case], options)
    teacher.make.change(unknown_case.id, discussion="Changed since.")
    text = tables(casebook.services, teacher, session.id)["session.json"]
    again = hold_again(teacher, text)
    assert again.id != session.id
    assert (again.title, again.options) == (session.title, session.options)
    assert teacher.held(again.id) == teacher.held(session.id)
    assert [order_for(again.options, 2, n) for n in range(9)] == [order_for(options, 2, n) for n in range(9)]


def test_a_study_goes_on_elsewhere_once_its_cases_were_carried(
    casebook: Assistant, teacher: Teacher, unknown_case: CaseVersion
) -> None:
    session = teacher.new_session("Study", [unknown_case])
    text = tables(casebook.services, teacher, session.id)["session.json"]
    other = Teacher(casebook.services, "other")
    with pytest.raises(CaseError, match="Case 1 of that session is not among"):
        hold_again(other, text)
    images = casebook.services.teaching.images
    other.make.keep(*read_case_file(write_case(unknown_case.case, images).encode(), 10**8))
    assert other.held(hold_again(other, text).id) == [unknown_case.case]
    with pytest.raises(CaseError, match=r"no session\.json"):
        hold_again(other, "{}")
