"""The list of core modules that are broken on purpose, and what is said of the faults that survive."""

from __future__ import annotations

import tomllib

import pytest

from tests import mutants
from tests.child import ROOT
from tests.mutants import Fault, as_toml, compared, read_list

MODULES, EXPLAINED = read_list()
ONE = Fault("tools/tissue.py", "_bound", 'return "a"  # \\ and “b”', 'return ""')


@pytest.mark.parametrize("module", MODULES)
def test_every_core_module_has_tests_that_mirror_it(module: str) -> None:
    assert (ROOT / module).is_file()
    assert mutants.tests_of(module)


@pytest.mark.parametrize("fault", EXPLAINED, ids=lambda fault: f"{fault.function}: {fault.becomes}")
def test_an_explained_fault_is_of_lines_that_are_still_there(fault: Fault) -> None:
    source = (ROOT / fault.module).read_text(encoding="utf-8")
    assert fault.was in " ".join(line.strip() for line in source.splitlines())
    assert f"def {fault.function.rsplit('.', 1)[-1]}(" in source
    assert fault.becomes != fault.was


def test_a_survivor_is_new_unless_it_is_explained_and_an_explanation_needs_a_survivor() -> None:
    other = ONE._replace(becomes="return None")
    assert compared([ONE], [ONE]) == ([], [])
    assert compared([ONE, other], [ONE]) == ([other], [])
    assert compared([ONE], [ONE, other]) == ([], [other])
    assert compared([ONE, ONE], [ONE]) == ([ONE], [])


def test_a_survivor_is_printed_as_it_is_kept() -> None:
    (entry,) = tomllib.loads(as_toml(ONE))["survivor"]
    assert entry == {**ONE._asdict(), "becomes": [ONE.becomes], "why": ""}


@pytest.mark.parametrize(("module", "why"), [("tools/tissue.py", " "), ("tools/other.py", "No difference.")])
def test_a_survivor_without_a_reason_or_a_module_is_refused(tmp_path, monkeypatch, module, why) -> None:
    entry = as_toml(ONE._replace(module=module)).replace('why = ""', f'why = "{why}"')
    (tmp_path / "mutants.toml").write_text(f'modules = ["tools/tissue.py"]\n{entry}', encoding="utf-8")
    monkeypatch.setattr(mutants, "LIST", tmp_path / "mutants.toml")
    with pytest.raises(ValueError, match="No reason, or not a module"):
        read_list()


def test_mutmut_is_told_one_module_and_its_own_tests() -> None:
    told = tomllib.loads(mutants.settings("tools/tissue.py"))["tool"]["mutmut"]
    assert told["only_mutate"] == ["tools/tissue.py"]
    assert told["pytest_add_cli_args_test_selection"] == ["tests/tools/test_tissue.py"]
    assert {"assistant", "tools", "store", "prompts"} == set(told["source_paths"])


def test_a_module_that_is_not_in_the_list_is_not_tried(capsys) -> None:
    assert mutants.main(["tools/nothing.py"]) == 2
    assert "Not in mutants.toml: tools/nothing.py" in capsys.readouterr().err


def test_when_the_time_is_over_what_was_not_tried_is_named_and_fails_the_run(monkeypatch, capsys) -> None:
    given = []

    def slow(module: str, most_s: float) -> mutants.Outcome:
        given.append((module, most_s))
        monkeypatch.setattr(mutants.time, "monotonic", lambda: 150.0)
        return mutants.Outcome(0, ())

    monkeypatch.setattr(mutants, "ALL_S", 50)
    monkeypatch.setattr(mutants, "read_list", lambda: (["a.py", "b.py", "c.py"], []))
    monkeypatch.setattr(mutants, "try_out", slow)
    monkeypatch.setattr(mutants.time, "monotonic", lambda: 100.0)
    assert mutants.main([]) == 1
    assert given == [("a.py", 50.0)]
    assert "Not tried, as 50 seconds are over: b.py, c.py\n" in capsys.readouterr().out


@pytest.mark.process
def test_a_run_that_takes_too_long_is_ended_and_says_so(tmp_path, monkeypatch) -> None:
    (tmp_path / "mutmut.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="It took longer than 1 seconds"):
        mutants._run(tmp_path, 1.0)
