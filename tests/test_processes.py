"""The mark of tests that start a process: given through fixtures, and missed where it is missing."""

from __future__ import annotations

import pytest

from tests.child import ROOT

pytest_plugins = ("pytester",)

TESTS = """
import subprocess
import sys

import pytest


def start():
    subprocess.run([sys.executable, "-S", "-c", ""], check=True)


@pytest.fixture
def started(process):
    start()


def test_plain():
    pass


def test_silent():
    start()


def test_by_fixture(started):
    pass


@pytest.mark.process
def test_marked():
    start()
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of four tests, of which three start a process and two say so; run in a process of its own,
    for what listens there cannot be taken back."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(TESTS)
    pytester.makeini("[pytest]\nmarkers =\n  process: starts a process")
    return pytester


@pytest.mark.process
def test_in_the_quick_run_a_test_that_starts_a_process_without_the_mark_fails_and_says_so(
    suite: pytest.Pytester,
) -> None:
    done = suite.runpytest_subprocess("-p", "tests.processes", "-m", "not process")
    done.assert_outcomes(passed=2, errors=1, deselected=2)
    done.stdout.fnmatch_lines(["*ERROR at teardown of test_silent*", "*mark it @pytest.mark.process*"])


@pytest.mark.process
def test_the_whole_run_takes_every_test_as_it_is(suite: pytest.Pytester) -> None:
    suite.runpytest_subprocess("-p", "tests.processes").assert_outcomes(passed=4)


@pytest.mark.process
def test_the_quick_run_leaves_out_what_is_marked_by_hand_or_by_a_fixture(suite: pytest.Pytester) -> None:
    done = suite.runpytest_subprocess("-p", "tests.processes", "-m", "not process", "--collect-only", "-q")
    done.stdout.fnmatch_lines(["*::test_plain", "*::test_silent", "*2/4 tests collected (2 deselected)*"])
