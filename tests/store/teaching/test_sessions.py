"""Sessions in a database: codes, learners, and who takes part in which."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.errors import CaseError
from store.teaching.case import CaseImage, TeachingCase
from store.teaching.cases import TeachingCases
from store.teaching.options import SessionOptions
from store.teaching.rows import Participant, SessionRow
from store.teaching.sessions import Sessions
from store.teaching.tables import open_tables

CASE = TeachingCase(diagnosis="naevus", images=(CaseImage(key="0f" * 32), CaseImage(key="0e" * 32)))


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(open_tables(f"sqlite:///{tmp_path / 'chats.db'}"))


def held(sessions: Sessions, tmp_path: Path) -> SessionRow:
    made = TeachingCases(open_tables(f"sqlite:///{tmp_path / 'chats.db'}")).add("ann", CASE)
    return sessions.add("ann", "Tuesday", [(made.id, 1)], SessionOptions(seed=3, share=0.4))


def joined(sessions: Sessions, session: SessionRow, owner: str) -> Participant:
    return sessions.join(session, owner, owner.title(), lambda number: [number, 1])


def test_a_session_comes_back_as_it_was_made(sessions: Sessions, tmp_path: Path) -> None:
    made = held(sessions, tmp_path)
    assert sessions.sessions("ann") == [made]
    assert sessions.session("ann", made.id) == made
    assert [case for _, _, case in sessions.held(made.id)] == [CASE]


def test_another_owner_has_no_part_in_it(sessions: Sessions, tmp_path: Path) -> None:
    made = held(sessions, tmp_path)
    assert sessions.sessions("bob") == []
    with pytest.raises(CaseError, match="no session"):
        sessions.session("bob", made.id)
    with pytest.raises(CaseError, match="no session"):
        sessions.close("bob", made.id)


def test_a_join_code_is_found_however_it_is_typed_until_the_session_is_closed(
    sessions: Sessions, tmp_path: Path
) -> None:
    made = held(sessions, tmp_path)
    typed = f" {made.join_code[:3].lower()}-{made.join_code[3:]} "
    assert sessions.of_code(typed) == made
    sessions.close("ann", made.id)
    with pytest.raises(CaseError, match="No open session"):
        sessions.of_code(typed)
    with pytest.raises(CaseError, match="No open session"):
        sessions.of_code("")


def test_who_joins_twice_is_one_learner(sessions: Sessions, tmp_path: Path) -> None:
    made = held(sessions, tmp_path)
    first = joined(sessions, made, "bob")
    assert joined(sessions, made, "bob") == first
    assert joined(sessions, made, "eve").pseudonym == "L02"
    assert sessions.taking_part("bob") == [(made, first)]


def test_thirty_who_join_at_once_have_thirty_numbers(sessions: Sessions, tmp_path: Path) -> None:
    made = held(sessions, tmp_path)
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda n: joined(sessions, made, f"owner-{n}"), range(30)))
    assert sorted(one.number for one in found) == list(range(1, 31))
    assert sorted(one.id for one in found) == sorted(one.id for one in sessions.participants(made.id))


def test_who_left_takes_no_part_any_more(sessions: Sessions, tmp_path: Path) -> None:
    made = held(sessions, tmp_path)
    sessions.leave(joined(sessions, made, "bob").id)
    assert sessions.taking_part("bob") == []
    with pytest.raises(CaseError, match="You left"):
        joined(sessions, made, "bob")
