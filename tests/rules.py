"""The rules the project is built by, each a function that reads source files and says where one is broken."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.rooms import ROOT, name, nodes, tree

# Libraries that phone home or collect what users do. None of our files may name them.
TELEMETRY = {"posthog", "sentry_sdk", "segment", "mixpanel", "statsd", "opentelemetry", "langsmith"}
HEAVY = {
    *("scipy", "skimage", "chromadb", "pydicom", "nibabel", "PIL", "sklearn", "torch", "transformers", "ray"),
}
UNPICKLERS = {"pickle", "joblib", "dill", "shelve", "marshal"}
# Programs of their own, run by hand or as a child process: they pay for what they import, and may print.
PROGRAMS = {"tools/files/decode_worker.py", "tools/gate/train.py", "assistant/hearing/train_meaning.py"}
# Names that say nothing of what is in a file.
EMPTY_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "base.py"}
MOST_LINES, MEDIAN_LINES, MOST_BODY = 300, 110, 40
# The one place where a bug ends in a sentence; and the thread of a turn, which hands whatever happened to
# the one who waits for it.
CATCHES = {"assistant/turn/run.py": "Exception", "assistant/turn/running.py": "BaseException"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[Sequence[Path], Path], list[str]]


def wrongly_imported(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A package that imports tests or the page's script."""
    return _importing(files, root, nodes, {"tests", "streamlit_app"})


def telemetry(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A library that phones home, or one that runs code from a file."""
    return _importing(files, root, nodes, TELEMETRY | UNPICKLERS)


def heavy_at_import(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A heavy library, imported before it is needed."""
    lazy = [path for path in files if name(path, root) not in PROGRAMS]
    return _importing(lazy, root, lambda path: at_import(tree(path)), HEAVY)


def relative_imports(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A relative import, which hides where a name comes from."""
    found = ((path, node) for path in files for node in nodes(path))
    return [_at(path, node, root) for path, node in found if isinstance(node, ast.ImportFrom) and node.level]


def long_files(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A file of more than 300 lines."""
    return [f"{name(path, root)} {count}" for path in files if (count := lines(path)) > MOST_LINES]


def long_median(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """More than half of the files are longer than 110 lines."""
    middle = median(lines(path) for path in files)
    return [f"half of the files have more than {middle} lines"] if middle > MEDIAN_LINES else []


def long_bodies(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A function whose body, without its docstring, has more than 40 lines."""
    return [
        f"{_at(path, node, root)} {node.name}"
        for path in files
        for node in nodes(path)
        if isinstance(node, Function) and _body_lines(node) > MOST_BODY
    ]


def silent_things(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A module, or a public function or class in it, that does not say what it is."""
    silent = []
    for path in files:
        if tree(path).body and ast.get_docstring(tree(path)) is None:
            silent.append(name(path, root))
        silent += [
            f"{_at(path, node, root)} {node.name}"
            for node in tree(path).body
            if isinstance(node, Function | ast.ClassDef)
            and not node.name.startswith("_")
            and ast.get_docstring(node) is None
        ]
    return silent


def empty_names(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A file that is named for nothing."""
    return [name(path, root) for path in files if path.name in EMPTY_NAMES]


def printing_or_running_text(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A print in a package, or text run as code."""
    found = []
    for path in files:
        forbidden = {"eval", "exec", "compile"} | (set() if name(path, root) in PROGRAMS else {"print"})
        calls = (node for node in nodes(path) if isinstance(node, ast.Call))
        found += [
            f"{_at(path, node, root)} {node.func.id}"
            for node in calls
            if isinstance(node.func, ast.Name) and node.func.id in forbidden
        ]
    return found


def broad_excepts(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """A handler of every exception, outside the two places that need one."""
    found = []
    for path in files:
        for node in nodes(path):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = ast.unparse(node.type) if node.type else "everything"
            passed_on = any(isinstance(one, ast.Raise) for one in ast.walk(node))
            broad = caught in ("everything", "Exception") or (caught == "BaseException" and not passed_on)
            if broad and CATCHES.get(name(path, root)) != caught:
                found.append(f"{_at(path, node, root)} {caught}")
    return found


def trusting_arguments(files: Sequence[Path], root: Path = ROOT) -> list[str]:
    """Code that comes with a model or an array would be run."""
    return [
        _at(path, node.value, root)
        for path in files
        for node in nodes(path)
        if isinstance(node, ast.keyword)
        and node.arg in ("trust_remote_code", "allow_pickle")
        and ast.unparse(node.value) != "False"
    ]


RULES: tuple[Rule, ...] = (
    wrongly_imported, telemetry, heavy_at_import, relative_imports, long_files, long_median, long_bodies,
    silent_things, empty_names, printing_or_running_text, broad_excepts, trusting_arguments,
)  # fmt: skip


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: not the bodies of functions, not what only mypy sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from at_import(child)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _body_lines(node: Function) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _importing(
    files: Sequence[Path], root: Path, nodes: Callable[[Path], Iterable[ast.AST]], forbidden: set[str]
) -> list[str]:
    found = []
    for path in files:
        for node in (one for one in nodes(path) if isinstance(one, ast.Import | ast.ImportFrom)):
            wrong = forbidden & {full.split(".")[0] for full in _imported(node)}
            found += [f"{_at(path, node, root)} {one}" for one in sorted(wrong)]
    return found


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module


def _at(path: Path, node: ast.AST, root: Path) -> str:
    return f"{name(path, root)}:{getattr(node, 'lineno', 0)}"
