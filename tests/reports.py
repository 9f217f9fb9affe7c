"""What processes of tests tell the one that started them. Loaded by `tests/conftest.py`.

Of six messages a test, three say no more than that it began, and that its fixtures came and went well: a
third of what sharing tests out costs. They are sent only where somebody asks how long fixtures take.
"""

from __future__ import annotations

from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Where this is one of several processes, hold back what nobody reads."""
    if not hasattr(config, "workerinput") or config.option.durations is not None or config.option.xmlpath:
        return
    (worker,) = (one for one in config.pluginmanager.get_plugins() if hasattr(one, "sendevent"))
    send = worker.sendevent

    def tell(name: str, **said: Any) -> None:
        if name != "logstart" and not (name == "testreport" and _is_no_news(said["data"])):
            send(name, **said)

    worker.sendevent = tell


def _is_no_news(report: dict[str, Any]) -> bool:
    return report["when"] != "call" and report["outcome"] == "passed"
