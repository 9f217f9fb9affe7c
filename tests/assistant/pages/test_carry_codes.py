"""Codes that carry chats to another browser."""

from __future__ import annotations

import pytest

from assistant.pages import carry_codes
from assistant.pages.carry_codes import LASTS_MIN, CarryCodes
from store.errors import CaseError


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def refused(codes: CarryCodes, typed: str, browser: str = "b") -> str:
    """Why a code is not taken."""
    with pytest.raises(CaseError) as told:
        codes.redeem(typed, browser)
    return str(told.value)


def test_a_code_names_its_owner_once() -> None:
    codes = CarryCodes()
    code, other = codes.make("owner"), codes.make("another")
    assert codes.redeem(code, "b") == "owner"
    assert "not in force" in refused(codes, code)
    assert codes.redeem(other, "b") == "another"


def test_a_code_is_read_however_it_is_written_down() -> None:
    codes = CarryCodes()
    code = codes.make("owner")
    assert (
        codes.redeem(f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ", "b")
        == "owner"
    )


def test_a_code_ends_after_some_minutes() -> None:
    clock = Clock()
    codes = CarryCodes(clock)
    code = codes.make("owner")
    clock.now += LASTS_MIN * 60
    assert "not in force" in refused(codes, code)
    code = codes.make("owner")
    clock.now += LASTS_MIN * 60 - 1
    assert codes.redeem(code, "b") == "owner"


def test_a_newer_code_takes_the_place_of_the_last() -> None:
    codes = CarryCodes()
    first, second = codes.make("owner"), codes.make("owner")
    refused(codes, first)
    assert codes.redeem(second, "b") == "owner"


@pytest.mark.parametrize("typed", ["", "-", "00000-00000", "\udcff", "x" * 10**5])
def test_nothing_else_is_taken(typed: str) -> None:
    codes = CarryCodes()
    codes.make("owner")
    assert "not in force" in refused(codes, typed)


def test_codes_are_not_kept_as_they_are_shown() -> None:
    codes = CarryCodes()
    code = codes.make("owner")
    assert code not in repr(vars(codes))
    assert code.replace("-", "") not in repr(vars(codes))


def test_guessing_ends_for_a_browser_and_for_all_together() -> None:
    clock = Clock()
    codes = CarryCodes(clock)
    code = codes.make("owner")
    for _ in range(carry_codes._EACH):
        refused(codes, "wrong")
    assert "Wait 301 s" in refused(codes, code)
    for number in range(carry_codes._TOGETHER - carry_codes._EACH):
        refused(codes, "wrong", str(number))
    assert "Wait" in refused(codes, code, "one more")
    clock.now += 300
    assert codes.redeem(code, "b") == "owner"
