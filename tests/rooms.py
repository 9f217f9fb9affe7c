"""The rooms of the house, their lines, and the imports between them, read from the source.

    python -m tests.rooms                 rooms from the top down, and what each imports
    python -m tests.rooms tools/models    the rooms of one folder

A room is a folder; a file at the top of ``assistant``, ``tools``, ``tools/models`` or ``store`` is a room of
its own. The order of rooms is one table, in CONTRIBUTING.md; ``tests/test_structure.py`` holds the imports
against it.
"""

from __future__ import annotations

import argparse
import ast
import graphlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("assistant", "tools", "store", "prompts")
# Folders whose files stand for themselves: each is a thing of its own, and they lie on several floors.
OPEN = ("assistant", "tools", "tools/models", "store")
TABLE = "CONTRIBUTING.md"
ASKED = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Call,
    ast.keyword,
    ast.ExceptHandler,
)

Arrows = Mapping[tuple[str, str], list[tuple[str, str]]]


@dataclass(frozen=True)
class Row:
    """One row of the table: rooms that stand together, what they are for, what they may import."""

    rooms: tuple[str, ...]
    says: str
    below: tuple[str, ...]


def files(root: Path = ROOT) -> list[Path]:
    """Every source file of the packages and the page's script."""
    found = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    return [*sorted(root.glob("streamlit_app.py")), *sorted(found)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """What rules ask of a file, at any depth: a small part of all that is in it."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, ASKED))


def name(path: Path, root: Path = ROOT) -> str:
    return path.relative_to(root).as_posix()


def room(file: str) -> str:
    """The room of a file, by its path from the top of the project."""
    folder, _, base = file.rpartition("/")
    if folder and folder not in OPEN:
        return folder
    return folder if base == "__init__.py" else file.removesuffix(".py")


def imports(path: Path, root: Path = ROOT, among: Iterable[ast.AST] | None = None) -> Iterator[str]:
    """Files of ours that `path` imports, also inside functions and for type checks."""
    for node in nodes(path) if among is None else among:
        if isinstance(node, ast.Import):
            yield from (file for alias in node.names if (file := place(alias.name, root)))
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                file = place(f"{node.module}.{alias.name}", root) or place(node.module, root)
                if file:
                    yield file


def place(module: str, root: Path = ROOT) -> str | None:
    """The file of a module of ours, as its path from the top of the project; None for others'."""
    where = root.joinpath(*module.split("."))
    for path in (where.with_suffix(".py"), where / "__init__.py"):
        if path.is_file():
            return name(path, root)
    return None


def file_graph(root: Path = ROOT) -> dict[str, set[str]]:
    """Each file with the files it imports."""
    return {name(path, root): {*imports(path, root)} - {name(path, root)} for path in files(root)}


def arrows(graph: Mapping[str, Iterable[str]]) -> Arrows:
    """Room to room: the pairs of files that tie them."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for file in sorted(graph):
        for other in sorted(graph[file]):
            if room(file) != room(other):
                found[room(file), room(other)].append((file, other))
    return found


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Files that import each other in a ring, from one of them back to itself; empty where there is none."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(reversed(error.args[1]))
    return []


def read_table(text: str) -> list[Row]:
    """The rows of the table between ``<!-- rooms -->`` and ``<!-- /rooms -->``, from the top down."""
    block = text.split("<!-- rooms -->")[1].split("<!-- /rooms -->", maxsplit=1)[0]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in block.splitlines() if line]
    rows = [row for row in cells if row[0].startswith("`")]
    return [Row(_named(rooms), says, _named(below)) for rooms, says, below in rows]


def _named(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def wrong_order(rows: list[Row], found: Arrows) -> list[str]:
    """Every arrow that the table does not allow, and every row that says what is not so."""
    floor = {one: number for number, row in enumerate(rows) for one in row.rooms}
    there = {one for pair in found for one in pair} | set(floor)
    said = [f"{one} is in no row of {TABLE}" for one in sorted(there - set(floor))]
    for (upper, lower), [(file, other), *_] in sorted(found.items()):
        allowed = rows[floor[upper]].below if upper in floor else (lower,)
        if not any(_covers(one, lower) for one in allowed):
            said.append(f"{upper} may not import {lower}: {file} → {other}")
        elif floor.get(lower, len(rows)) <= floor.get(upper, -1):
            said.append(f"{upper} stands below {lower}: the arrow {file} → {other} runs up")
    return said + [fault for row in rows for fault in _stale(row, found)]


def _covers(allowed: str, one: str) -> bool:
    """``store/`` covers every room of ``store``; anything else only itself."""
    return one.startswith(allowed) if allowed.endswith("/") else one == allowed


def _stale(row: Row, found: Arrows) -> Iterator[str]:
    used = {lower for upper, lower in found if upper in row.rooms}
    for allowed in row.below:
        if not any(_covers(allowed, one) for one in used):
            yield f"{row.rooms[0]} no longer imports {allowed}: strike it"


def lines(root: Path = ROOT) -> dict[str, int]:
    """Lines of each room."""
    count: dict[str, int] = defaultdict(int)
    for path in files(root):
        count[room(name(path, root))] += len(path.read_text(encoding="utf-8").splitlines())
    return count


def told(rows: list[Row], found: Arrows, count: Mapping[str, int], below: str = "") -> str:
    """The house in words, from the top floor down."""
    out = []
    for row in rows:
        for one in (one for one in row.rooms if one.startswith(below)):
            goes = sorted(lower for upper, lower in found if upper == one)
            out.append(f"{one:<34} {count.get(one, 0):>6} lines   {row.says}")
            out += [f"{'':<42} → {', '.join(goes)}"] if goes else []
    rooms = [one for row in rows for one in row.rooms if one.startswith(below)]
    between = [pair for pair in found if {*pair} <= {*rooms}]
    out.append(f"\n{len(rooms)} rooms, {len(between)} arrows between them")
    return "\n".join(out)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.rooms", description=__doc__.splitlines()[0])
    parser.add_argument("below", nargs="?", default="", metavar="FOLDER", help="only its rooms")
    given = parser.parse_args(argv)
    rows, graph = read_table((ROOT / TABLE).read_text(encoding="utf-8")), file_graph()
    found = arrows(graph)
    print(told(rows, found, lines(), given.below.rstrip("/")))
    ring = circle(graph)
    faults = wrong_order(rows, found) + ([f"in a circle: {' → '.join(ring)}"] if ring else [])
    print(*faults, sep="\n", end="\n" if faults else "")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
