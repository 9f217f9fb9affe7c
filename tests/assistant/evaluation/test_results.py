"""The folder of an evaluation: held by one run, and left alone when it is somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.results import RESULTS, VERSIONS, open_results
from store.errors import CaseError

MADE_WITH = {"questions": "abc", "agent": True}


def opened(folder: Path, *, again: bool = False) -> int:
    """How many rows are there once it is open."""
    with open_results(folder, MADE_WITH, again=again) as results:
        return len(results.rows)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder with one row."""
    with open_results(tmp_path / "out", MADE_WITH, again=False) as results:
        results.add({"id": "1", "line": 1})
    return tmp_path / "out"


def test_a_folder_that_another_run_writes_into_is_refused_until_that_ends(begun: Path) -> None:
    with (
        open_results(begun, MADE_WITH, again=False),
        pytest.raises(CaseError, match="Another run is writing into"),
    ):
        opened(begun)
    assert opened(begun) == 1


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(CaseError, match="is no folder that can be written"):
        opened(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_that_does_not_say_what_it_was_made_with_is_not_gone_on_with(begun: Path) -> None:
    (begun / VERSIONS).write_text('{"questions": "ab')
    with pytest.raises(CaseError, match="made with other questions, agent"):
        opened(begun)
    assert opened(begun, again=True) == 0


def test_a_line_that_is_not_a_row_is_named_with_the_two_ways_out(begun: Path) -> None:
    with (begun / RESULTS).open("ab") as file:
        file.write(b"a note of my own\n")
    with pytest.raises(CaseError, match=r"results\.jsonl holds a line that is not one of .*--again"):
        opened(begun)
    assert opened(begun, again=True) == 0
