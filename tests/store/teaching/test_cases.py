"""Teaching cases in a database: versions, owners, withdrawal."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from store.chats.conversations import Conversations
from store.errors import CaseError
from store.teaching.case import CaseImage, TeachingCase
from store.teaching.cases import TeachingCases
from store.teaching.tables import open_tables

KEY, OTHER = "0f" * 32, "0e" * 32


def naevus(**fields: object) -> TeachingCase:
    return TeachingCase(diagnosis="naevus", images=(CaseImage(key=KEY),), **fields)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'chats.db'}"


@pytest.fixture
def cases(url: str) -> TeachingCases:
    return TeachingCases(open_tables(url))


def test_a_changed_case_is_a_new_version_and_the_old_one_stays(cases: TeachingCases) -> None:
    first = cases.add("ann", naevus())
    second = cases.change("ann", first.id, naevus(history="A mole that grew."))
    assert second.version == 2
    assert cases.case("ann", first.id) == second
    assert [one.case for one in cases.versions("ann", first.id)] == [first.case, second.case]


def test_what_changes_nothing_makes_no_version(cases: TeachingCases) -> None:
    first = cases.add("ann", naevus())
    assert cases.change("ann", first.id, naevus()) == first
    assert len(cases.versions("ann", first.id)) == 1


def test_nobody_sees_or_changes_the_case_of_another(cases: TeachingCases) -> None:
    made = cases.add("ann", naevus())
    assert cases.cases("bob") == []
    for call in (
        lambda: cases.case("bob", made.id),
        lambda: cases.change("bob", made.id, naevus(history="x")),
        lambda: cases.withdraw("bob", made.id),
        lambda: cases.versions("bob", made.id),
    ):
        with pytest.raises(CaseError, match="no teaching case"):
            call()
    assert cases.cases("ann") == [made]


def test_a_withdrawn_case_is_listed_no_more_and_is_still_there(cases: TeachingCases) -> None:
    made = cases.add("ann", naevus())
    cases.withdraw("ann", made.id)
    assert cases.cases("ann") == []
    assert cases.case("ann", made.id).withdrawn


def test_images_of_old_versions_are_held_too(cases: TeachingCases) -> None:
    made = cases.add("ann", naevus())
    cases.change("ann", made.id, TeachingCase(diagnosis="naevus", images=(CaseImage(key=OTHER),)))
    assert cases.keys() == {KEY, OTHER}


def test_an_older_database_of_chats_gets_the_tables_and_keeps_its_chats(url: str) -> None:
    chats = Conversations(url)
    chat = chats.new_chat("ann")
    engine = open_tables(url)
    TeachingCases(engine).add("ann", naevus())
    assert open_tables(url) is not engine  # a second opening finds them there
    assert chats.chats("ann") == [chat]
    assert "teaching_cases" in sa.inspect(engine).get_table_names()


@pytest.mark.postgres
def test_postgresql_keeps_cases_too(postgres_url: str) -> None:
    cases = TeachingCases(open_tables(postgres_url.replace("postgresql://", "postgresql+psycopg://")))
    made = cases.add("ann", naevus(history="ä"))
    assert cases.cases("ann") == [made]
