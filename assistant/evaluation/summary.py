"""Rows of results → figures: accuracy with intervals, the paired difference, what was not answered."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from assistant.evaluation.measures import Share, difference, share
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Row
from assistant.evaluation.scoring import WHO

DIFFERING = 20
"""How many questions that the two answer differently a summary lists. Ours: more are in the results."""

Item = tuple[Question, Row]
Summary = dict[str, Any]


def summarise(questions: Sequence[Question], rows: dict[str, Row]) -> Summary:
    """All figures as plain types.

    Args:
        questions: those of the run, in order.
        rows: what came of each, scored, by its id; those not yet asked are missing.
    """
    items = [(one, rows[one.id]) for one in questions if one.id in rows]
    both = [item for item in items if item[1]["reader"] and item[1]["agent"]]
    differing = [item for item in both if item[1]["reader"]["right"] != item[1]["agent"]["right"]]
    return {
        "questions": len(questions),
        "asked": len(items),
        **{who: _figures([item for item in items if item[1][who]], who) for who in WHO},
        "difference": _by_slice(both, _difference),
        "by_planner": _by_planner(items, both),
        "only_reader_right": sum(bool(row["reader"]["right"]) for _, row in differing),
        "only_agent_right": sum(bool(row["agent"]["right"]) for _, row in differing),
        "differing": [_told(item) for item in differing[:DIFFERING]],
        "tool_choice": _tool_choice(items),
    }


def slices(items: Sequence[Item]) -> dict[str, list[Item]]:
    """The items of all, of closed questions, of every kind and of every category; none that is empty."""
    parts: dict[str, list[Item]] = {"all": list(items)}
    parts["closed"] = [item for item in items if item[0].kind != "short"]
    for kind in ("choice", "yes/no", "short"):
        parts[kind] = [item for item in items if item[0].kind == kind]
    for name in sorted({name for one, _ in items for name in one.categories}):
        parts[f"category {name}"] = [item for item in items if name in item[0].categories]
    return {name: part for name, part in parts.items() if part}


def _by_slice(items: Sequence[Item], figure: Callable[[Sequence[Item]], Share | None]) -> dict[str, Any]:
    found = {name: figure(part) for name, part in slices(items).items()}
    return {name: vars(one) for name, one in found.items() if one is not None}


def _figures(items: Sequence[Item], who: str) -> dict[str, Any] | None:
    """One system's figures; None if it was asked nothing."""
    if not items:
        return None
    replies = [row[who] for _, row in items]
    groups = [one.group for one, _ in items]
    answered = [item for item in items if not item[1][who]["abstained"]]
    short = [item for item in items if item[0].kind == "short"]
    tokens = [reply["tokens"] for reply in replies if reply["tokens"] is not None]
    return {
        "who": sorted({reply["who"] for reply in replies}),
        "stand_in": any(reply["stand_in"] for reply in replies),
        "accuracy": _by_slice(items, lambda part: _share(part, who, "right")),
        "strict": _by_slice(items, lambda part: _strict(part, who)),
        "why": dict(Counter(_kind_of_reason(reply["why"]) for reply in replies).most_common()),
        "short_contained": _as_dict(_share(short, who, "contained")),
        "errors": sum(reply["error"] is not None for reply in replies),
        "abstained": sum(reply["abstained"] for reply in replies),
        "unparsed": sum(
            reply["given"] is None and not reply["abstained"] and reply["error"] is None for reply in replies
        ),
        "coverage": _as_dict(share([not reply["abstained"] for reply in replies], groups)),
        "selective_accuracy": _as_dict(_share(answered, who, "right")),
        "seconds_median": statistics.median(reply["seconds"] for reply in replies),
        "seconds_total": round(sum(reply["seconds"] for reply in replies), 3),
        "tokens_mean": statistics.mean(tokens) if tokens else None,
    }


def _share(items: Sequence[Item], who: str, what: str) -> Share | None:
    return share([bool(row[who][what]) for _, row in items], [one.group for one, _ in items])


def _strict(items: Sequence[Item], who: str) -> Share | None:
    """The share that is right and rests on evidence, of what calls for evidence."""
    return _share([item for item in items if item[1][who]["strict"] is not None], who, "strict")


def _kind_of_reason(why: str) -> str:
    """A reason without what differs from question to question."""
    return why.partition(":")[0] if why.startswith("error") else re.sub("“[^”]*”", "…", why)


def _difference(items: Sequence[Item]) -> Share | None:
    right = {who: [bool(row[who]["right"]) for _, row in items] for who in WHO}
    return difference(right["agent"], right["reader"], [one.group for one, _ in items])


def _by_planner(items: Sequence[Item], both: Sequence[Item]) -> dict[str, Any] | None:
    """What the planner answered because the language model failed, and the figures without it.

    None where it answered nothing in a language model's place.
    """
    agents = [item for item in items if item[1]["agent"]]
    own = [item for item in agents if not _is_planners(item)]
    if len(own) == len(agents):
        return None
    return {
        "answered": len(agents) - len(own),
        "of": len(agents),
        "accuracy": _as_dict(_share(agents, "agent", "right")),
        "accuracy_without": _as_dict(_share(own, "agent", "right")),
        "difference_without": _as_dict(_difference([item for item in both if not _is_planners(item)])),
    }


def _is_planners(item: Item) -> bool:
    # A row of an earlier version does not say so.
    return bool(item[1]["agent"].get("by_planner"))


def _tool_choice(items: Sequence[Item]) -> dict[str, Any] | None:
    """How often the expected tool was called; an expected “none” wants no call at all."""
    told = [(one, row["agent"]["tools"]) for one, row in items if one.tool is not None and row["agent"]]
    right = [(one.tool in tools) if one.tool else not tools for one, tools in told]
    return _as_dict(share(right, [one.group for one, _ in told]))


def _told(item: Item) -> dict[str, Any]:
    one, row = item
    return {
        "id": one.id,
        "line": one.line,
        "question": one.question,
        "answer": one.answer,
        "reader": row["reader"]["given"],
        "agent": row["agent"]["given"],
        "tools": row["agent"]["tools"],
        "error": row["agent"]["error"] or row["reader"]["error"],
        "why": row["agent"]["why"],
    }


def _as_dict(found: Share | None) -> dict[str, Any] | None:
    return None if found is None else vars(found)
