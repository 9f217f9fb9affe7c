"""The rules the project is built by, held by reading its source; and each rule broken once on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import rooms, rules
from tests.rooms import PACKAGES, ROOT, name

FILES = rooms.files()


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """Every file is parsed once for all of these tests, and forgotten after them: it is much to hold."""
    yield
    rooms.tree.cache_clear()
    rooms.nodes.cache_clear()


def test_the_rules_see_the_files_they_are_about() -> None:
    assert len(FILES) > 40
    assert {rooms.room(name(path)).split("/")[0] for path in FILES} == {*PACKAGES, "streamlit_app"}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps_the_rule(rule: rules.Rule) -> None:
    assert not rule(FILES, ROOT)


LONG = '"""A file."""\n' + "\n" * 300
BODY = '"""A file."""\n\n\ndef long() -> None:\n    """Long."""\n' + "    1\n" * 41
BROKEN = {
    "wrongly_imported": "def f():\n    from tests.child import casebook",
    "telemetry": "def f():\n    import pickle",
    "heavy_at_import": "class A:\n    import torch.nn",
    "relative_imports": "from . import other",
    "long_files": LONG,
    "long_median": LONG,
    "long_bodies": BODY,
    "silent_things": '"""A file."""\ndef public(): ...',
    "empty_names": "",
    "printing_or_running_text": "def f():\n    print(1)",
    "broad_excepts": "try:\n    f()\nexcept Exception:\n    pass",
    "trusting_arguments": "load(trust_remote_code=True)",
}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_notices_when_it_is_broken(rule: rules.Rule, tmp_path: Path) -> None:
    broken = rule.__name__  # type: ignore[attr-defined]
    path = tmp_path / "tools" / ("utils.py" if broken == "empty_names" else "thing.py")
    path.parent.mkdir()
    path.write_text(BROKEN[broken])
    assert rule([path], tmp_path)


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    return rooms.file_graph()


def table() -> list[rooms.Row]:
    return rooms.read_table((ROOT / rooms.TABLE).read_text(encoding="utf-8"))


def test_imports_only_go_down_the_table_of_rooms(graph: dict[str, set[str]]) -> None:
    assert not rooms.wrong_order(table(), rooms.arrows(graph))


def test_no_files_import_each_other_in_a_circle_not_even_inside_functions(graph: dict[str, set[str]]) -> None:
    assert not rooms.circle(graph)


def house(folder: Path, **sources: str) -> rooms.Arrows:
    """The arrows of a small house of three rooms; the names of files have ``__`` for ``/``."""
    plain = {"tools__files__one": "", "tools__gate__two": "import tools.files.one", "store__cases__three": ""}
    for file, source in {**plain, **sources}.items():
        path = folder.joinpath(*file.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return rooms.arrows(rooms.file_graph(folder))


ROWS = """<!-- rooms -->
| room | what it is for | may import |
|---|---|---|
| `tools/gate` | above | `tools/files` |
| `tools/files` | below | |
| `store/cases` | ground | |
<!-- /rooms -->"""


def test_a_house_in_order_has_no_fault(tmp_path: Path) -> None:
    assert not rooms.wrong_order(rooms.read_table(ROWS), house(tmp_path))


@pytest.mark.parametrize(
    ("sources", "table", "said"),
    [
        pytest.param(
            {"tools__files__one": "def f():\n    from tools.gate import two"},
            ROWS,
            "tools/files may not import tools/gate: tools/files/one.py → tools/gate/two.py",
            id="an arrow that no row allows, inside a function",
        ),
        pytest.param(
            {"store__cases__three": "from tools.files.one import thing"},
            ROWS.replace("| ground | |", "| ground | `tools/files` |"),
            "store/cases stands below tools/files: "
            "the arrow store/cases/three.py → tools/files/one.py runs up",
            id="an arrow that runs up, though a row allows it",
        ),
        pytest.param(
            {"tools__gate__two": ""}, ROWS, "tools/gate no longer imports tools/files: strike it",
            id="a row that allows what nobody does",
        ),
        pytest.param(
            {"tools__gate__two": "import tools.files.one, tools.new.four", "tools__new__four": ""}, ROWS,
            "tools/new is in no row of CONTRIBUTING.md",
            id="a room that is not in the table",
        ),
    ],
)  # fmt: skip
def test_each_broken_rule_of_the_table_is_named_with_the_pair(
    tmp_path: Path, sources: dict[str, str], table: str, said: str
) -> None:
    assert said in rooms.wrong_order(rooms.read_table(table), house(tmp_path, **sources))


def test_a_circle_inside_functions_is_found_and_told_from_one_of_its_files_to_itself(tmp_path: Path) -> None:
    house(
        tmp_path,
        tools__files__one="def f():\n    import tools.files.two",
        tools__files__two="def f():\n    from tools.files import one",
    )
    ring = rooms.circle(rooms.file_graph(tmp_path))
    assert sorted(set(ring)) == ["tools/files/one.py", "tools/files/two.py"]
    assert ring[0] == ring[-1]
