"""What processes of tests tell the one that started them: nothing that counts is held back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.child import ROOT

pytest_plugins = ("pytester",)

TESTS = """
import pytest


@pytest.fixture
def broken():
    raise RuntimeError("no fixture")


@pytest.fixture
def spilling():
    yield
    raise RuntimeError("no end")


def test_good():
    pass


def test_wrong():
    assert 1 == 2


def test_without_its_fixture(broken):
    pass


def test_with_a_bad_end(spilling):
    pass


@pytest.mark.skip(reason="not here")
def test_left_out():
    pass


@pytest.mark.xfail
def test_known():
    assert False
"""
HEARD = """
import os


def pytest_runtest_logreport(report):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with open("heard", "a") as file:
            print(report.nodeid.split("::")[1], report.when, file=file)
"""
ALL = ("setup", "call", "teardown")


@pytest.fixture
def suite(process: None, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite with a test of each outcome; what the process that started it hears goes into a file."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # this process may be one itself
    pytester.makepyfile(test_outcomes=TESTS)
    pytester.makeconftest(HEARD)
    return pytester


def heard(suite: pytest.Pytester, *options: str) -> dict[str, tuple[str, ...]]:
    """Which steps of each test are reported."""
    done = suite.runpytest_subprocess("-p", "tests.reports", "-n", "2", *options)
    done.assert_outcomes(passed=2, failed=1, errors=2, skipped=1, xfailed=1)
    done.stdout.fnmatch_lines(["*RuntimeError: no fixture*"])
    done.stdout.fnmatch_lines(["*RuntimeError: no end*"])
    steps: dict[str, tuple[str, ...]] = {}
    for line in Path(suite.path, "heard").read_text().splitlines():
        test, step = line.split()
        steps[test] = (*steps.get(test, ()), step)
    return steps


def test_every_outcome_arrives_and_that_all_went_well_around_a_test_does_not(suite: pytest.Pytester) -> None:
    assert heard(suite) == {
        "test_good": ("call",),
        "test_wrong": ("call",),
        "test_without_its_fixture": ("setup",),
        "test_with_a_bad_end": ("call", "teardown"),
        "test_left_out": ("setup",),
        "test_known": ("call",),
    }


@pytest.mark.parametrize("option", ["--durations=3", "--junitxml=report.xml"])
def test_who_asks_how_long_fixtures_take_hears_of_them(suite: pytest.Pytester, option: str) -> None:
    told = heard(suite, option)
    assert told["test_good"] == told["test_with_a_bad_end"] == ALL
