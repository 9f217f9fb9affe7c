"""Sessions, cases and what learners did are deleted with all that hangs on them, and nothing else is."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa

from store.errors import CaseError
from store.pictures.image_store import ImageStore
from store.teaching.case import CaseImage, TeachingCase
from store.teaching.cases import CaseVersion
from store.teaching.options import SessionOptions
from store.teaching.rows import Participant, SessionRow
from store.teaching.shelf import TeachingShelf
from store.teaching.tables import open_tables


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=(pytest.mark.postgres, pytest.mark.process))]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'chats.db'}"
    given = request.getfixturevalue("postgres_url")
    return str(given).replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def shelf(url: str, tmp_path: Path) -> Iterator[TeachingShelf]:
    opened = TeachingShelf(url, ImageStore(tmp_path / "images"))
    yield opened
    opened.close()


def case_of(shelf: TeachingShelf, diagnosis: str = "naevus", key: str = "0f") -> CaseVersion:
    return shelf.cases.add("ann", TeachingCase(diagnosis=diagnosis, images=(CaseImage(key=key * 32),)))


def held_on(shelf: TeachingShelf, *cases: CaseVersion, title: str = "Tuesday") -> SessionRow:
    return shelf.sessions.add("ann", title, [(one.id, one.version) for one in cases], SessionOptions())


def worked(shelf: TeachingShelf, session: SessionRow, owner: str) -> Participant:
    """A learner who left something of every kind."""
    who = shelf.sessions.join(session, owner, owner.title(), lambda _: [1], "v1")
    shelf.steps.add(who.id, 1, "draft", '{"text": "marker"}')
    shelf.steps.commit(who.id, 1, '{"text": "marker"}')
    shelf.steps.overrule(who.id, 1, '{"note": "marker"}')
    return who


def rows_in(url: str) -> dict[str, int]:
    """How many rows each table of teaching has that has any."""
    engine, tables = open_tables(url), sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as db:
        counts = {
            one.name: db.scalar(sa.select(sa.func.count()).select_from(one))
            for one in tables.sorted_tables
            if one.name.startswith("teaching_")
        }
    engine.dispose()
    return {name: count for name, count in counts.items() if count}


def test_a_closed_session_goes_with_all_that_learners_left_and_its_cases_stay(
    shelf: TeachingShelf, url: str
) -> None:
    case = case_of(shelf)
    session, other = held_on(shelf, case), held_on(shelf, case, title="Friday")
    worked(shelf, session, "bob")
    shelf.forgetting.learner(worked(shelf, session, "eve"))
    shelf.sessions.close("ann", session.id)
    shelf.forgetting.session("ann", session.id)
    assert shelf.sessions.sessions("ann") == [other]
    assert rows_in(url) == {
        "teaching_cases": 1,
        "teaching_versions": 1,
        "teaching_sessions": 1,
        "teaching_session_cases": 1,
    }


def test_an_open_session_and_one_of_somebody_else_stay_whole(shelf: TeachingShelf, url: str) -> None:
    session = held_on(shelf, case_of(shelf))
    worked(shelf, session, "bob")
    before = rows_in(url)
    with pytest.raises(CaseError, match="Close it first"):
        shelf.forgetting.session("ann", session.id)
    shelf.sessions.close("ann", session.id)
    with pytest.raises(CaseError, match="no session"):
        shelf.forgetting.session("eve", session.id)
    assert rows_in(url) == before


def test_of_a_learner_who_is_deleted_a_count_is_left_and_the_others_stay(
    shelf: TeachingShelf, url: str
) -> None:
    session = held_on(shelf, case_of(shelf))
    bob, eve = worked(shelf, session, "bob"), worked(shelf, session, "eve")
    for _ in range(2):  # the second time there is nobody, and nobody is counted
        shelf.forgetting.learner(bob)
    assert shelf.forgetting.withdrawn(session.id) == 1
    assert shelf.sessions.participants(session.id) == [eve]
    assert {one.participant_id for one in shelf.steps.done(session.id).steps} == {eve.id}
    learners_rows = ("consents", "commits", "overruled", "participants", "steps", "withdrawn")
    assert {name: rows_in(url)[f"teaching_{name}"] for name in learners_rows} == dict.fromkeys(
        learners_rows, 1
    )
    shelf.forgetting.learner(eve)
    assert shelf.forgetting.withdrawn(session.id) == 2


def test_the_pseudonym_of_a_deleted_learner_is_given_to_nobody_else(shelf: TeachingShelf) -> None:
    session = held_on(shelf, case_of(shelf))
    worked(shelf, session, "bob")
    last = worked(shelf, session, "eve")
    shelf.forgetting.learner(last)
    assert worked(shelf, session, "joe").pseudonym == "L03"


def test_a_case_goes_with_its_versions_once_no_session_holds_any_of_them(
    shelf: TeachingShelf, url: str
) -> None:
    case = case_of(shelf)
    session = held_on(shelf, case)
    changed = TeachingCase(diagnosis="melanoma", images=(CaseImage(key="0e" * 32),))
    shelf.cases.change("ann", case.id, changed)
    with pytest.raises(CaseError, match=f"Sessions hold this case: “Tuesday” \\({session.id}\\)"):
        shelf.forgetting.case("ann", case.id)
    shelf.sessions.close("ann", session.id)
    shelf.forgetting.session("ann", session.id)
    with pytest.raises(CaseError, match="no teaching case"):
        shelf.forgetting.case("eve", case.id)
    assert shelf.forgetting.case("ann", case.id) == {"0f" * 32, "0e" * 32}
    assert rows_in(url) == {}


def test_of_many_sessions_that_hold_a_case_three_are_named(shelf: TeachingShelf) -> None:
    case = case_of(shelf)
    for number in range(5):
        held_on(shelf, case, title=f"Day {number}")
    with pytest.raises(CaseError, match=r"Day 2” \([0-9a-f]+\) and 2 more\."):
        shelf.forgetting.case("ann", case.id)


@pytest.mark.parametrize(
    "write",
    [
        lambda shelf, who: shelf.steps.add(who.id, 1, "draft", "{}"),
        lambda shelf, who: shelf.steps.commit(who.id, 1, "{}"),
    ],
)
def test_who_was_deleted_is_told_so_when_writing_on(
    shelf: TeachingShelf, write: Callable[[TeachingShelf, Participant], None]
) -> None:
    session = held_on(shelf, case_of(shelf))
    who = worked(shelf, session, "bob")
    shelf.forgetting.learner(who)
    with pytest.raises(CaseError, match="was deleted"):
        write(shelf, who)


def test_who_joins_a_session_that_was_just_deleted_is_told_so(shelf: TeachingShelf) -> None:
    session = held_on(shelf, case_of(shelf))
    shelf.sessions.close("ann", session.id)
    shelf.forgetting.session("ann", session.id)
    with pytest.raises(CaseError, match="No open session"):
        shelf.sessions.join(session, "bob", "Bob", lambda _: [1])


def test_no_session_is_made_on_a_case_that_was_just_deleted(shelf: TeachingShelf) -> None:
    case = case_of(shelf)
    shelf.forgetting.case("ann", case.id)
    with pytest.raises(CaseError, match="just deleted"):
        held_on(shelf, case)
    assert shelf.sessions.sessions("ann") == []


def test_what_a_browser_did_is_found_also_where_it_left_or_the_session_is_closed(
    shelf: TeachingShelf,
) -> None:
    case = case_of(shelf)
    left, closed = held_on(shelf, case), held_on(shelf, case)
    bob = [worked(shelf, one, "bob") for one in (left, closed)]
    worked(shelf, left, "eve")
    shelf.sessions.leave(bob[0].id)
    shelf.sessions.close("ann", closed.id)
    assert [who.id for _, who in shelf.sessions.took_part("bob")] == [bob[1].id, bob[0].id]
    assert shelf.sessions.took_part("joe") == []


@pytest.mark.parametrize("deleted", ["learner", "session"])
def test_who_writes_in_several_windows_while_they_are_deleted_is_told_and_leaves_nothing(
    shelf: TeachingShelf, url: str, deleted: str
) -> None:
    session = held_on(shelf, case_of(shelf))
    who = worked(shelf, session, "bob")

    def write_until_told(position: int) -> str:
        try:
            for _ in range(2_000):
                shelf.steps.add(who.id, position, "draft", "{}")
        except CaseError as error:
            return str(error)
        return "never told"

    with ThreadPoolExecutor(3) as pool:
        windows = [pool.submit(write_until_told, position) for position in (1, 2, 3)]
        while len(shelf.steps.of(who.id)) < 10:
            time.sleep(0.01)
        if deleted == "learner":
            shelf.forgetting.learner(who)
        else:
            shelf.sessions.close("ann", session.id)
            shelf.forgetting.session("ann", session.id)
        told = {one.result() for one in windows}
    assert told == {"What was done here was deleted. Reload the page."}
    assert {"teaching_steps", "teaching_participants"}.isdisjoint(rows_in(url))


def test_learners_who_are_deleted_at_once_are_all_counted_while_others_join(shelf: TeachingShelf) -> None:
    session = held_on(shelf, case_of(shelf))
    gone = [worked(shelf, session, f"gone-{number}") for number in range(8)]
    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(shelf.forgetting.learner, who) for who in gone]
        new = [
            pool.submit(shelf.sessions.join, session, f"new-{at}", "New", lambda _: [1]) for at in range(8)
        ]
        for one in done:
            one.result()
        numbers = sorted(one.result().number for one in new)
    assert shelf.forgetting.withdrawn(session.id) == 8
    assert numbers == list(range(9, 17))


def test_whether_a_browser_took_part_is_of_one_moment_while_sessions_are_deleted(
    shelf: TeachingShelf,
) -> None:
    case, over = case_of(shelf), Event()

    def hold_and_delete() -> None:
        while not over.is_set():
            session = held_on(shelf, case)
            worked(shelf, session, "bob")
            shelf.sessions.close("ann", session.id)
            shelf.forgetting.session("ann", session.id)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold_and_delete)
        try:
            for _ in range(100):
                for session, who in [*shelf.sessions.took_part("bob"), *shelf.sessions.taking_part("bob")]:
                    assert who.session_id == session.id
        finally:
            over.set()
        holding.result()


def test_all_that_a_class_did_is_of_one_moment_while_learners_join_commit_and_withdraw(
    shelf: TeachingShelf,
) -> None:
    session = held_on(shelf, case_of(shelf))
    over = Event()

    def come_and_go(name: str) -> None:
        for number in range(1_000):
            if over.is_set():
                return
            shelf.forgetting.learner(worked(shelf, session, f"{name}-{number}"))

    with ThreadPoolExecutor(3) as pool:
        coming = [pool.submit(come_and_go, name) for name in ("bob", "eve", "joe")]
        try:
            for _ in range(50):
                done = shelf.steps.done(session.id)
                there = {one.id for one in done.participants}
                stepped = {one.participant_id for one in done.steps}
                assert {one.participant_id for one in done.commits} <= stepped <= there
                assert all(who in there for who, _ in done.overruled)
                last = max((one.number for one in done.participants), default=0)
                assert last <= done.withdrawn + len(there)
        finally:
            over.set()
        for one in coming:
            one.result()
