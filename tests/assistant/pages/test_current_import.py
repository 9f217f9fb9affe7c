"""The import under way: followed, stopped, taken up again, and its errors told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from assistant.pages.current_import import CurrentImport, CurrentImports
from store.cases.importing import ImportReport
from store.errors import CaseError

REPORT = ImportReport(added=2, duplicates=0, already_there=0, skipped=(), seconds=0.1)


class FakeAssistant:
    """Imports what a test says, by calling it."""

    def __init__(self, run: Callable[[Callable[[int, int], None]], ImportReport], owner: str = "me") -> None:
        self._run, self.owner = run, owner

    def import_cases(self, path: Path, *, progress: Callable[[int, int], None]) -> ImportReport:
        return self._run(progress)


def started(run: Callable[[Callable[[int, int], None]], ImportReport]) -> CurrentImport:
    imports = CurrentImport()
    fake: Any = FakeAssistant(run)
    imports.start(fake, nullcontext(Path("table.csv")))
    return imports


def wait(imports: CurrentImport) -> None:
    until = time.monotonic() + 10
    while imports.running:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_an_import_reports_how_far_it_is_and_what_came_of_it() -> None:
    def run(progress: Callable[[int, int], None]) -> ImportReport:
        progress(1, 2)
        progress(2, 2)
        return REPORT

    imports = started(run)
    wait(imports)
    assert (imports.done, imports.total) == (2, 2)
    assert imports.outcome == REPORT


def test_a_second_import_is_refused_while_one_runs() -> None:
    gate = threading.Event()

    def run(progress: Callable[[int, int], None]) -> ImportReport:
        gate.wait(10)
        return REPORT

    imports = started(run)
    with pytest.raises(CaseError, match="Another import"):
        imports.start(None, nullcontext(Path("other.csv")))  # type: ignore[arg-type]
    gate.set()
    wait(imports)
    assert imports.outcome == REPORT


def test_a_stopped_import_says_how_to_go_on() -> None:
    begun, gate = threading.Event(), threading.Event()

    def run(progress: Callable[[int, int], None]) -> ImportReport:
        progress(1, 9)
        begun.set()
        gate.wait(10)
        progress(2, 9)
        return REPORT

    imports = started(run)
    begun.wait(10)
    imports.stop()
    gate.set()
    wait(imports)
    assert imports.outcome == "Stopped after 2 of 9 rows. Import the same again to go on."


def test_a_table_that_cannot_be_used_is_told_in_its_own_words() -> None:
    def run(progress: Callable[[int, int], None]) -> ImportReport:
        raise CaseError("The table has no column image.")

    imports = started(run)
    wait(imports)
    assert imports.outcome == "The table has no column image."


def test_one_visitors_import_neither_blocks_another_nor_is_shown_to_one_nor_stopped_by_one() -> None:
    imports, gate = CurrentImports(), threading.Event()

    def long(progress: Callable[[int, int], None]) -> ImportReport:
        progress(1, 9)
        gate.wait(10)
        progress(2, 9)
        return REPORT

    mine: Any = FakeAssistant(long, "me")
    yours: Any = FakeAssistant(lambda _: REPORT, "you")
    imports.start(mine, nullcontext(Path("big")))
    assert imports.of("me").running
    assert (imports.of("you").running, imports.of("you").outcome) == (False, None)
    imports.of("you").stop()
    imports.start(yours, nullcontext(Path("small")))
    wait(imports.of("you"))
    assert imports.of("you").outcome == REPORT
    assert (imports.of("me").running, imports.of("me").outcome) == (True, None)
    with pytest.raises(CaseError, match="under way"):
        imports.start(mine, nullcontext(Path("another")))
    gate.set()
    wait(imports.of("me"))
    assert imports.of("me").outcome == REPORT
