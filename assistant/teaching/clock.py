"""The time of a session: when a learner's case or whole session ends, and what is committed then.

The clock runs from what is kept of the learner's steps, so it goes on over a reload and a restart.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.teaching.answer import LearnerAnswer
from store.errors import CaseError

if TYPE_CHECKING:
    from store.teaching.options import SessionOptions
    from store.teaching.rows import Participant, SessionRow, Step
    from store.teaching.shelf import TeachingShelf


def session_end(options: SessionOptions, steps: Sequence[Step]) -> float | None:
    """When a learner's session ends, in seconds since the epoch; None without a limit or a first case."""
    opened = [step.at for step in steps if step.kind == "opened"]
    if options.seconds_in_all is None or not opened:
        return None
    return min(opened) + options.seconds_in_all


def case_end(options: SessionOptions, steps: Sequence[Step], position: int) -> float | None:
    """When a case that was opened ends, with the session's end; None without a limit."""
    opened = [step.at for step in steps if step.kind == "opened" and step.position == position]
    ends = [one for one in (session_end(options, steps),) if one is not None]
    if options.seconds_per_case is not None and opened:
        ends.append(min(opened) + options.seconds_per_case)
    return min(ends, default=None)


def settle(shelf: TeachingShelf, session: SessionRow, who: Participant) -> None:
    """Commit what a learner had written at every open case whose time is over, as of the end of that time.

    Args:
        shelf: what is kept.
        session: which.
        who: the learner.
    """
    options = session.options
    if options.seconds_per_case is None and options.seconds_in_all is None:
        return
    steps, commits = shelf.steps.of(who.id), shelf.steps.commits(who.id)
    for position in {step.position for step in steps if step.kind == "opened"} - set(commits):
        end = case_end(options, steps, position)
        if end is None or end > time.time():
            continue
        drafts = [step.text for step in steps if step.kind == "draft" and step.position == position]
        last = (drafts or [LearnerAnswer().model_dump_json()])[-1]
        limits = {"per_case": options.seconds_per_case, "in_all": options.seconds_in_all}
        with suppress(CaseError):  # another page was faster, or the learner just took it back
            shelf.steps.commit(who.id, position, last, end, late=json.dumps(limits))
