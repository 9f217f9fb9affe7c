"""A reader whose answers follow from the question, and the `casebook` command that evaluates it.

Run as a child by the test of a kill: at a question that says “wait” it writes ``waiting`` and gives no
answer.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Hashable, Mapping
from typing import Any
from unittest import mock

from assistant.__main__ import main
from tests.scripted.readers import ScriptedReaders
from tools.models.systems.reading import Request


class KnowingReaders(ScriptedReaders):
    """A radiographer that knows the answers and gives a share of them wrongly, always the same ones.

    Args:
        answers: by `key` of a request; of what is not there it says that it was not asked.
        share: how many of a hundred it gives rightly.
    """

    def __init__(self, answers: Mapping[Any, str], share: int = 100) -> None:
        super().__init__({"radiographer": [""]})
        self.known, self.share = dict(answers), share

    def answer(self, name: str, request: Request) -> str:
        """What it knows, or gives wrongly."""
        if "wait" in request.question:
            sys.stderr.write("waiting\n")
            sys.stderr.flush()
            time.sleep(60)
        return self._says(self.key(request))

    def key(self, request: Request) -> Hashable:
        """What tells one question from another: its words."""
        return request.question

    def _says(self, key: Hashable) -> str:
        if key not in self.known:
            return "I was asked something else."
        right = self.known[key]
        if int(hashlib.sha256(repr(key).encode()).hexdigest(), 16) % 100 < self.share:
            return f"{right.capitalize()}."
        return {"yes": "No.", "no": "Yes."}.get(right, "Something else.")


def reading(readers: ScriptedReaders) -> mock._patch[property]:
    """While it holds, every installation has these readers."""
    return mock.patch("assistant.build.Services.readers", property(lambda _: readers))


if __name__ == "__main__":
    with reading(KnowingReaders({"Is there a fracture?": "no", "Is there a mass?": "yes"})):
        sys.exit(main())
