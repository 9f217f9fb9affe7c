"""The class code of a Casebook folder."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from store import class_code
from store.class_code import LONGEST, SHORTEST, ClassCode
from store.errors import CaseError, SetupError

CODE = "seven quiet owls"


@pytest.fixture
def code(home: Path, cheap_class_codes: None) -> ClassCode:
    made = ClassCode(home)
    made.set(CODE)
    return made


def test_a_folder_has_no_code_until_one_is_set(home: Path, cheap_class_codes: None) -> None:
    code = ClassCode(home)
    assert not code.is_set
    code.set(CODE)
    assert code.is_set
    assert ClassCode(home).is_set
    assert code.remove()
    assert not code.is_set
    assert not code.remove()


def test_a_try_costs_32_mebibytes_of_memory(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = ClassCode(home)
    code.set(CODE)
    assert code.fits(CODE)
    monkeypatch.setitem(class_code._COST, "maxmem", 2**25)
    with pytest.raises(ValueError, match="memory limit"):
        code.fits(CODE)


@pytest.mark.parametrize("typed", [CODE, f"  {CODE}\n", "seven  quiet\towls"])
def test_the_code_fits_however_many_blanks_are_around_and_between_its_words(
    code: ClassCode, typed: str
) -> None:
    assert code.fits(typed)


@pytest.mark.parametrize(
    "typed", ["", "seven quiet owl", "Seven quiet owls", "sevenquietowls", "\udcff", "x" * 10**6]
)
def test_nothing_else_fits(code: ClassCode, typed: str) -> None:
    assert not code.fits(typed)


def test_only_a_salted_hash_is_kept_and_for_its_owner_alone(code: ClassCode, home: Path) -> None:
    (path,) = [path for path in home.rglob("*") if path.is_file()]
    first = path.read_text()
    assert "owls" not in first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    code.set(CODE)
    second = json.loads(path.read_text())
    assert not set(second.values()) & set(json.loads(first).values())


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1])
def test_a_code_that_is_too_short_or_too_long_is_refused_and_the_old_one_stays(
    code: ClassCode, length: int
) -> None:
    with pytest.raises(CaseError, match=f"{SHORTEST} to {LONGEST} characters; this one has {length}"):
        code.set("x" * length)
    assert code.fits(CODE)


def test_blanks_do_not_make_a_code_long(home: Path) -> None:
    with pytest.raises(CaseError, match="this one has 3"):
        ClassCode(home).set("a" + " " * 20 + "b")


def test_an_admission_holds_for_one_token_and_until_the_code_is_set_again(code: ClassCode) -> None:
    mine = code.admission("token")
    assert code.admits("token", mine)
    assert not code.admits("another", mine)
    assert not code.admits("token", "")
    assert not code.admits("token", "é")
    code.set(CODE)
    assert not code.admits("token", mine)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"salt": "zz", "hash": "", "key": ""}', '{"salt": 1}'])
def test_a_damaged_file_lets_nobody_in_and_says_what_to_do(code: ClassCode, home: Path, damage: str) -> None:
    (home / "class-code.json").write_text(damage)
    assert code.is_set
    for ask in (lambda: code.fits(CODE), lambda: code.admits("token", "x")):
        with pytest.raises(SetupError, match="casebook class-code"):
            ask()
