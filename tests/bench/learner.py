"""One learner of a simulated class: reads what the page draws, and does what a learner would do next."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench.page_visitor import Tab, asked
from tools.language.sayings import sayings

DIAGNOSES = ("melanoma", "nevus", "angioma", "basal cell carcinoma")
# Ours: people look and think before they write; short, so that the page is busier than a class makes it.
_PAUSE_S = (1.0, 5.0)
_COMES_BACK_S = 180.0
_SLICES_LOOKED_AT = 4
_WORDS = {
    name.partition(".")[2]: text for name, text in sayings("en").texts.items() if name.startswith("teach.")
}


@dataclass(frozen=True)
class Acknowledged:
    """Something that the page said is kept: an opened case, a draft, a commit, or that a case is over.

    Attributes:
        place: of the case on this learner's way, counted from 1.
        kind: ``opened``, ``draft``, ``commit`` or ``next``.
        text: the description of a draft, or the first diagnosis of a commit with its confidence.
    """

    place: int
    kind: str
    text: str = ""


class Learner:
    """One browser in the class.

    Attributes:
        done: what the page acknowledged.
        took: each step with its seconds until the page was complete.
        faults: what went wrong, in words.
        cut: how many steps the restart of the server cut off.
        restarting: set once the server is killed: only then may the page be gone.
    """

    def __init__(self, nickname: str, code: str) -> None:
        self.nickname, self._code = nickname, code
        self.done: list[Acknowledged] = []
        self.took: list[tuple[str, float]] = []
        self.faults: list[str] = []
        self.cut = 0
        self.restarting = threading.Event()
        self._chance = random.Random(nickname)
        self._cookie = ""

    def work(self, port: int, until: float) -> None:
        """Take part until a time of the monotonic clock, or until nothing is left to do."""
        from websockets.exceptions import WebSocketException

        came_back = False
        while True:
            try:
                return self._visit(port, until)
            except (OSError, WebSocketException) as error:
                if came_back or not self.restarting.wait(1.0):
                    return self.faults.append(f"{type(error).__name__}: {error}"[:200])
                came_back, self.cut = True, self.cut + 1
                self._wait_for(port)
            except KeyError as error:
                return self.faults.append(f"the page did not draw {error}")

    def _wait_for(self, port: int) -> None:
        until = time.monotonic() + _COMES_BACK_S
        while time.monotonic() < until:
            try:
                asked(port, "/_stcore/health")
            except OSError:
                time.sleep(0.5)
            else:
                return

    def _visit(self, port: int, until: float) -> None:
        """Open the page and take step after step."""
        with self._timed("open the page"):
            tab = Tab(port, "teach", self._cookie)
        try:
            if self._cookie:
                self._compare(tab)
            self._cookie = tab.cookie
            while time.monotonic() < until:
                time.sleep(self._chance.uniform(*_PAUSE_S))
                if not self._step(tab, port):
                    return
        finally:
            self.faults += tab.faults
            tab.close()

    def _compare(self, tab: Tab) -> None:
        """Note what the page said is kept and does not draw after the restart."""
        drafts = [one for one in self.done if one.kind == "draft" and one.place == place_of(tab)]
        last = max((one.place + (one.kind == "next") for one in self.done), default=0)
        if place_of(tab) < last:
            self.faults.append(f"case {place_of(tab)} is in view after the restart, not {last}")
        if _WORDS["commit"] in tab.drawn.buttons and drafts:
            there = tab.drawn.fields[_WORDS["describe"]][1]
            if drafts[-1].text not in there:
                self.faults.append(f"the draft of case {place_of(tab)} is gone after the restart")

    def _step(self, tab: Tab, port: int) -> bool:
        """Do what comes next; False where nothing is left to do."""
        if _WORDS["join_code"] in tab.drawn.fields:
            with self._timed("join"):
                words = {_WORDS["join_code"]: self._code, _WORDS["nickname"]: self.nickname}
                tab.run(_WORDS["join"], typed=words)
            self.done.append(Acknowledged(place_of(tab), "opened"))
        elif _WORDS["commit"] in tab.drawn.buttons:
            self._read(tab, port)
        elif _WORDS["next"] in tab.drawn.buttons:
            place = place_of(tab)
            with self._timed("next"):
                tab.run(_WORDS["next"])
            self.done.append(Acknowledged(place, "next"))
        else:
            if _WORDS["finished"] not in tab.drawn.texts:
                self.faults.append("the page offers nothing to do")
            return False
        return True

    def _read(self, tab: Tab, port: int) -> None:
        """Look at a case, write, commit."""
        place = place_of(tab)
        with self._timed("look"):
            self._look(tab, port)
        text = f"Seen by {self.nickname} in case {place}: an asymmetric spot."
        self._type(tab, "describe", {_WORDS["describe"]: text})
        self.done.append(Acknowledged(place, "draft", text))
        first, second = self._chance.sample(DIAGNOSES, 2)
        sure = self._chance.randrange(40, 96, 5)
        self._type(tab, "diagnosis", {_WORDS["diagnosis"].format(number=1): first})
        self._type(tab, "confidence", {_WORDS["confidence"].format(number=1): sure})
        self._type(tab, "diagnosis", {_WORDS["diagnosis"].format(number=2): second})
        with self._timed("commit"):
            tab.run(_WORDS["commit"])
        if _WORDS["next"] in tab.drawn.buttons:
            self.done.append(Acknowledged(place, "commit", f"{first} {sure}"))
        else:
            self.faults.append("a commit was not followed by the reveal")

    def _type(self, tab: Tab, step: str, words: dict[str, str | int]) -> None:
        time.sleep(self._chance.uniform(*_PAUSE_S))
        with self._timed(step):
            tab.run(typed=words)

    def _look(self, tab: Tab, port: int) -> None:
        """Fetch slices as the viewer does."""
        for told in tab.drawn.data:
            for series in json.loads(told).get("series", ()):
                for number in range(min(series["count"], _SLICES_LOOKED_AT)):
                    asked(port, f"{series['url']}/{number}", tab.cookie)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.took.append((step, time.monotonic() - begun))


def place_of(tab: Tab) -> int:
    """Which case is in view, counted from 1; one more than was ever there once all are gone through."""
    pattern = re.sub(r"\\{\w+\\}", r"(\\d+)", re.escape(_WORDS["case_of"]))
    found = [match for text in tab.drawn.texts if (match := re.search(pattern, text))]
    return int(found[0].group(1)) if found else 10**6
