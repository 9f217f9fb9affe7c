"""What is left after a kill, held against what was acknowledged, before and after a repair."""

from __future__ import annotations

import os
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.kills.work import Place

if TYPE_CHECKING:
    from assistant import Assistant

_AGE_S = 7200.0


@dataclass
class Acknowledged:
    """What was told to be so, and what was under way when the process was killed.

    Attributes:
        turns: the chat of each answered turn.
        cases: the label of each case.
        gone: chats and cases that were removed.
        counts: what was told of whole jobs, by kind.
        under_way: what was begun and not told to be done: kind, what, and to what it was to change.
    """

    turns: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    counts: dict[str, tuple[str, int]] = field(default_factory=dict)
    under_way: tuple[str, str, str] | None = None

    def take(self, stage: str, kind: str, what: str, value: str) -> None:
        """Take in one thing that a process said."""
        if stage == "begins":
            self.under_way = (kind, what, value)
            return
        if kind != "turn":  # one piece of work asks several questions
            self.under_way = None
        if kind == "turn":
            self.turns[value] = what
        elif kind == "case":
            self.cases[what] = value
        elif kind.endswith("gone"):
            self.gone.add(what)
        else:
            self.counts[kind] = (what, int(value or 0))


def wrong(place: Place, told: Acknowledged) -> list[str]:
    """Sentences of what is not as it was acknowledged, or not whole; none if all is well."""
    from assistant import Assistant
    from assistant.mending import find_faults

    found = list(_outside(place, told))
    with Assistant() as casebook:
        found += _missing(casebook, told, "at the restart")
        _age(place.home.parent)
        faults = find_faults(casebook.services)
        found += [f"not to be mended: {one.says}" for one in faults if one.mend is None]
        for mend in dict.fromkeys(one.mend for one in faults if one.mend is not None):
            mend()
        found += [f"after the repair: {one.says}" for one in find_faults(casebook.services)]
        casebook.services.conversations.check()
        found += _missing(casebook, told, "after the repair")
    return found


def _missing(casebook: Assistant, told: Acknowledged, when: str) -> Iterator[str]:
    kind, what, value = told.under_way or ("", "", "")
    may_be_gone = {what, *told.gone} if kind.endswith("gone") else told.gone
    chats = defaultdict(set)
    for turn, chat in told.turns.items():
        chats[chat].add(turn)
    there = {row.id for row in casebook.chats()}
    yield from (f"{when} a deleted chat is there" for _ in told.gone & there)
    for chat_id in chats.keys() - may_be_gone:
        chat = casebook.chat(chat_id)
        answered = {turn.id for turn in chat.history() if turn.answer}
        yield from (f"{when} an answer is missing" for _ in chats[chat_id] - answered)
        yield from (f"{when} an image is empty" for one in chat.images() if not one.image.frames.any())
    yield from _missing_cases(casebook, told, when, may_be_gone, (what, value) if kind == "case" else None)


def _missing_cases(
    casebook: Assistant, told: Acknowledged, when: str, gone: set[str], changing: tuple[str, str] | None
) -> Iterator[str]:
    cases = {one.id: one.label for one in casebook.library.cases(limit=1000)}
    yield from (f"{when} a removed case is there" for _ in told.gone & cases.keys())
    for identity, label in told.cases.items():
        if identity in gone:
            continue
        allowed = {label, changing[1]} if changing and changing[0] == identity else {label}
        if cases.get(identity) not in allowed:
            yield f"{when} a case has the label {cases.get(identity)!r} instead of {sorted(allowed)}"
    if "import" in told.counts and len(cases) != told.counts["import"][1]:
        yield f"{when} {len(cases)} of {told.counts['import'][1]} imported cases are there"
    if "encode" in told.counts:
        sizes = {one.name: one.size for one in casebook.library.collections()}
        name, count = told.counts["encode"]
        if sizes.get(name) != count:
            yield f"{when} {sizes.get(name)} of {count} cases are encoded"


def _outside(place: Place, told: Acknowledged) -> Iterator[str]:
    """Copies, exports, and a restored folder; what was not done is done again, and leaves nothing over."""
    from assistant import Assistant
    from assistant.backup import back_up, restore

    copy, clean = place.out / "copy.zip", place.out / "clean"
    if "backup" in told.counts and not copy.exists():
        yield "a finished copy is not there"
    if copy.exists() and zipfile.ZipFile(copy).testzip():
        yield "a copy is not whole"
    if told.under_way and told.under_way[0] == "backup" and not copy.exists():
        _age(place.home.parent)
        with Assistant() as casebook:
            back_up(casebook.services, copy)
    if told.under_way and told.under_way[0] == "restore" and not place.home.exists():
        _age(place.home.parent)
        restore(place.inputs / "copy.zip", place.home)
    if "export" in told.counts:
        files = [one for one in clean.iterdir() if not one.name.startswith(".")]
        if len(files) != told.counts["export"][1] or not clean.with_name("clean.report.json").exists():
            yield "an export is not whole"
    for folder in (place.home.parent, place.out):
        hidden = [one.name for one in folder.iterdir() if one.name.startswith(".")]
        yield from (f"left over beside the folder: {name.rstrip('0123456789')}" for name in hidden)


def _age(folder: Path) -> None:
    """Make everything look two hours old, so that what was left behind counts as such."""
    then = time.time() - _AGE_S
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.utime(Path(root, name), (then, then), follow_symlinks=False)
