"""What `make coverage` prints."""

from __future__ import annotations

from typing import Any

from tests.least_covered import SHOWN, told


def file(covered: float, *missing: int, statements: int = 10) -> dict[str, Any]:
    return {
        "summary": {"percent_covered": covered, "num_statements": statements},
        "missing_lines": list(missing),
    }


def test_the_figure_comes_first_and_then_the_least_covered_files_with_their_lines() -> None:
    files = {
        "b.py": file(50.0, 3, 9),
        "a.py": file(97.25),
        "c.py": file(99.0, 1),
        "empty.py": file(0.0, statements=0),
    }
    assert told({"totals": {"percent_covered": 81.26}, "files": files}).splitlines() == [
        "81.3 % of lines and branches are run by the tests.",
        " 50.0 %  b.py: 3, 9",
        " 97.2 %  a.py: branches only",
        " 99.0 %  c.py: 1",
    ]


def test_no_more_than_ten_files_are_shown() -> None:
    files = {f"{n}.py": file(n) for n in range(30)}
    shown = told({"totals": {"percent_covered": 1}, "files": files}).splitlines()
    assert len(shown) == 1 + SHOWN == 11
    assert shown[-1].endswith("9.py: branches only")
