"""What learners did: appended, kept, and final where it is final."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.errors import CaseError
from store.teaching import steps as module
from store.teaching.case import CaseImage, TeachingCase
from store.teaching.cases import TeachingCases
from store.teaching.forgetting import Forgetting
from store.teaching.options import SessionOptions
from store.teaching.rows import Participant
from store.teaching.sessions import Sessions
from store.teaching.steps import Steps
from store.teaching.tables import open_tables

CASE = TeachingCase(diagnosis="naevus", images=(CaseImage(key="0f" * 32),))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'chats.db'}"


@pytest.fixture
def bob(url: str) -> Participant:
    engine = open_tables(url)
    case, sessions = TeachingCases(engine).add("ann", CASE), Sessions(engine)
    made = sessions.add("ann", "Tuesday", [(case.id, 1)], SessionOptions())
    return sessions.join(made, "bob", "Bob", lambda _: [1])


def test_a_commit_is_final(url: str, bob: Participant) -> None:
    steps = Steps(open_tables(url))
    steps.commit(bob.id, 1, '{"first": 1}')
    with pytest.raises(CaseError, match="that answer stands"):
        steps.commit(bob.id, 1, '{"second": 2}')
    assert steps.commits(bob.id)[1].text == '{"first": 1}'


def test_of_many_commits_at_once_one_stands(url: str, bob: Participant) -> None:
    steps = Steps(open_tables(url))

    def commit(n: int) -> bool:
        try:
            steps.commit(bob.id, 1, str(n))
        except CaseError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(commit, range(16))) == 1
    assert len(steps.done(bob.session_id).commits) == 1


def test_what_was_acknowledged_is_there_for_another_process(url: str, bob: Participant) -> None:
    steps = Steps(open_tables(url))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: steps.add(bob.id, 1, "draft", str(n)), range(30)))
    steps.once(bob.id, 1, "opened")
    steps.once(bob.id, 1, "opened")
    again = Steps(open_tables(url))
    found = again.done(bob.session_id).steps
    assert [one.n for one in found] == list(range(1, 32))
    assert {one.text for one in found if one.kind == "draft"} == set(map(str, range(30)))
    assert again.of(bob.id, 2) == []


def test_the_last_word_of_the_teacher_counts(url: str, bob: Participant) -> None:
    steps = Steps(open_tables(url))
    steps.overrule(bob.id, 1, "first")
    steps.overrule(bob.id, 1, "second")
    assert steps.overruled(bob.session_id)[bob.id, 1].text == "second"


def test_of_a_step_that_many_windows_take_once_at_the_same_moment_there_is_one(
    url: str, bob: Participant
) -> None:
    steps = Steps(open_tables(url))
    with ThreadPoolExecutor(8) as pool:
        for position in range(1, 9):
            list(pool.map(lambda _, at=position: steps.once(bob.id, at, "opened"), range(8)))
    assert [one.position for one in steps.of(bob.id)] == list(range(1, 9))


def test_an_answer_whose_time_ran_out_is_kept_with_that_word_or_not_at_all(
    url: str, bob: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_tables(url)
    steps = Steps(engine)
    steps.commit(bob.id, 1, "late", late="{}")
    assert [one.kind for one in steps.of(bob.id)] == ["timed out"]
    with monkeypatch.context() as full:
        full.setattr(module, "_write", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            steps.commit(bob.id, 2, "late", late="{}")
    assert set(steps.commits(bob.id)) == {1}
    Forgetting(engine).learner(bob)
    with pytest.raises(CaseError, match="was deleted"):
        steps.commit(bob.id, 2, "late", late="{}")
