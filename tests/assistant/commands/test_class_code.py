"""`casebook class-code`."""

from __future__ import annotations

import getpass
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.__main__ import main
from store.class_code import ClassCode

pytestmark = pytest.mark.usefixtures("cheap_class_codes")

Capsys = pytest.CaptureFixture[str]
CODE = "seven quiet owls"


class Terminal(io.StringIO):
    """A standard input that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_code_that_is_piped_in_is_set_and_not_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CODE}\n"))
    assert main(["class-code"]) == 0
    assert ClassCode(home).fits(CODE)
    shown = capsys.readouterr()
    assert "is set" in shown.out
    assert "owls" not in shown.out + shown.err


@pytest.mark.parametrize(("typed", "exit_code"), [((CODE, CODE), 0), ((CODE, "seven owls quiet"), 2)])
def test_a_code_that_is_typed_is_asked_for_twice(
    home: Path, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, str], exit_code: int
) -> None:
    lines: Iterator[str] = iter(typed)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _: next(lines))
    assert main(["class-code"]) == exit_code
    assert ClassCode(home).is_set is (exit_code == 0)


def test_a_short_code_is_refused_with_how_long_it_has_to_be(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("owls\n"))
    assert main(["class-code"]) == 2
    assert "10 to 200 characters" in capsys.readouterr().err
    assert not ClassCode(home).is_set


def test_a_code_is_removed(home: Path, capsys: Capsys) -> None:
    ClassCode(home).set(CODE)
    assert main(["class-code", "--remove"]) == 0
    assert not ClassCode(home).is_set
    assert main(["class-code", "--remove"]) == 0
    assert "There was no class code" in capsys.readouterr().out
