"""The rules the project is built by, held by reading its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("assistant", "tools", "store", "prompts")
FILES = [
    ROOT / "streamlit_app.py",
    *sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")),
]
MAY_IMPORT = {
    "streamlit_app": {"assistant"},
    "assistant": {"assistant", "tools", "store", "prompts"},
    "tools": {"tools", "store", "prompts"},
    "store": {"store"},
    "prompts": {"prompts"},
}
# Libraries that phone home or collect what users do. None of our files may name them.
TELEMETRY = {"posthog", "sentry_sdk", "segment", "mixpanel", "statsd", "opentelemetry", "langsmith"}
HEAVY = {"scipy", "skimage", "chromadb", "pydicom", "nibabel", "PIL", "sklearn", "torch", "transformers"}
UNPICKLERS = {"pickle", "joblib", "dill", "shelve", "marshal"}
# Programs of their own, run by hand or as a child process: they pay for what they import.
PROGRAMS = {"tools/files/decode_worker.py", "tools/gate/train.py"}
# Names that say nothing of what is in a file.
EMPTY_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "base.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def nodes(path: Path, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, kinds))


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: not the bodies of functions, not what only mypy sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from at_import(child)


def imported(found: Iterator[ast.AST]) -> Iterator[str]:
    """Full names of what is imported, as deep as they are modules of ours."""
    for node in found:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                yield below if is_ours(below) else str(node.module)


def is_ours(full: str) -> bool:
    place = ROOT.joinpath(*full.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def top(names: Iterator[str]) -> set[str]:
    return {full.split(".")[0] for full in names}


def test_the_rules_see_the_files_they_are_about() -> None:
    assert len(FILES) > 40
    assert {module(path).split(".")[0] for path in FILES} == {*PACKAGES, "streamlit_app"}


def test_imports_only_go_from_page_to_tools_to_store() -> None:
    ours = {*PACKAGES, "tests", "streamlit_app"}
    wrong = {
        name(path): found
        for path in FILES
        if (found := (top(imported(ast.walk(tree(path)))) & ours) - MAY_IMPORT[module(path).split(".")[0]])
    }
    assert not wrong


def test_no_module_imports_itself_through_others() -> None:
    graph = {module(path): set(imported(at_import(tree(path)))) for path in FILES}
    done: set[str] = set()

    def visit(full: str, above: tuple[str, ...]) -> None:
        assert full not in above, f"import cycle: {' → '.join((*above, full))}"
        if full not in done:
            for other in graph.get(full, ()):
                visit(other, (*above, full))
            done.add(full)

    for full in graph:
        visit(full, ())


def test_a_file_has_at_most_300_lines() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert not {where: lines for where, lines in lengths.items() if lines > 300}


def test_a_function_body_has_at_most_40_lines() -> None:
    long = {}
    for path in FILES:
        for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef):
            assert isinstance(node, Function)
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if body and (lines := (body[-1].end_lineno or 0) - body[0].lineno + 1) > 40:
                long[f"{name(path)} {node.name}"] = lines
    assert not long


def test_every_public_thing_says_what_it_is() -> None:
    silent = []
    for path in FILES:
        if tree(path).body and ast.get_docstring(tree(path)) is None:
            silent.append(name(path))
        for node in tree(path).body:
            public = isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
            if public and ast.get_docstring(node) is None:  # type: ignore[arg-type]
                silent.append(f"{name(path)} {node.name}")  # type: ignore[attr-defined]
    assert not silent


def test_no_file_is_named_for_nothing() -> None:
    assert not [name(path) for path in FILES if path.name in EMPTY_NAMES]


def test_packages_do_not_print_and_run_no_text_as_code() -> None:
    found = []
    for path in FILES:
        forbidden = {"eval", "exec", "compile"} | (set() if name(path) in PROGRAMS else {"print"})
        for node in nodes(path, ast.Call):
            assert isinstance(node, ast.Call)
            if isinstance(node.func, ast.Name) and node.func.id in forbidden:
                found.append(f"{name(path)}:{node.lineno} {node.func.id}")
    assert not found


def test_only_the_turn_catches_every_exception() -> None:
    found = []
    for path in FILES:
        for node in nodes(path, ast.ExceptHandler):
            assert isinstance(node, ast.ExceptHandler)
            caught = ast.unparse(node.type) if node.type else "everything"
            passed_on = any(isinstance(one, ast.Raise) for one in ast.walk(node))
            if caught in ("everything", "Exception") or (caught == "BaseException" and not passed_on):
                found.append(f"{name(path)} {caught}")
    # The thread of a turn hands whatever happened to the one who waits for it.
    assert sorted(found) == ["assistant/turn/running.py BaseException", "assistant/turn/run.py Exception"]


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    early = {
        name(path): found
        for path in FILES
        if name(path) not in PROGRAMS and (found := top(imported(at_import(tree(path)))) & HEAVY)
    }
    assert not early


def test_no_file_names_a_telemetry_library_or_one_that_unpickles() -> None:
    wrong = {
        name(path): found
        for path in FILES
        if (found := top(imported(ast.walk(tree(path)))) & (TELEMETRY | UNPICKLERS))
    }
    assert not wrong


def test_code_that_comes_with_a_model_or_an_array_is_never_run() -> None:
    found = []
    for path in FILES:
        for node in nodes(path, ast.keyword):
            assert isinstance(node, ast.keyword)
            if node.arg in ("trust_remote_code", "allow_pickle") and ast.unparse(node.value) != "False":
                found.append(f"{name(path)}:{node.lineno}")
    assert not found
