"""Which tests run first. Loaded by `tests/conftest.py`.

Several processes run the tests, each a part of them in order, and each takes over from the end of another's
part when its own is done. So each part begins with what takes longest, and none is left alone with it;
and what needs the same server or the same large library is one process's, which loads it once.
"""

from __future__ import annotations

import os
from itertools import chain, islice

import pytest

# What each part begins with: a few tests of half a minute and more; the browser, in two halves, as it is
# waited for more than it works; and what loads PyTorch. A test is of the first that names it.
_BEGINNINGS = (
    (
        "tests/tools/models/test_readme_models.py",
        "tests/assistant/evaluation/conversations/test_with_the_planner.py",
        "tests/assistant/grounding/test_planted.py",
        "tests/assistant/audition/",
    ),
    tuple(
        f"tests/browser/test_browser_{name}"
        for name in ("axe", "chat", "files", "library", "llm", "models", "processes", "quiz")
    ),
    ("tests/browser/",),
    ("tests/tools/models/", "tests/tools/finetune/", "tests/tools/test_rank_labels.py"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin each part with its own, the last one also with the other tests that start a process."""
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    parts: list[list[pytest.Item]] = [[] for _ in range(count)]
    rest = []
    for item in items:
        at = _beginning(item)
        (rest if at is None else parts[at % count]).append(item)
    left, many = iter(rest), len(items)
    for number, part in enumerate(parts):
        share = many // (count - number)
        part.extend(islice(left, max(0, share - len(part))))
        many -= len(part)
    items[:] = [*chain.from_iterable(parts), *left]


def _beginning(item: pytest.Item) -> int | None:
    """The part that begins with a test, if one does."""
    for number, those in enumerate(_BEGINNINGS):
        if item.nodeid.startswith(those):
            return number
    return len(_BEGINNINGS) - 1 if item.get_closest_marker("process") else None
