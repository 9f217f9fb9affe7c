"""`casebook show` and `casebook replay`: an answer, what made it, and whether it comes out the same again."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened
from store.errors import CaseError

if TYPE_CHECKING:
    from assistant.answers.answer import Answer
    from assistant.chat import Assistant
    from assistant.provenance.differing import Difference
    from assistant.replay import Provenance, Replay
    from store.chats.chat_rows import TurnRow

# Ours: of a longer value the beginning tells enough; --json has all.
_SHOWN = 120


def add_to(commands: Any) -> None:
    """Add the commands' arguments."""
    show = commands.add_parser("show", help="one answer, and what made it")
    show.add_argument(
        "--provenance", action="store_true", help="what made it: inputs, models, settings, code"
    )
    show.set_defaults(run=_show)
    again = commands.add_parser("replay", help="ask for an answer again: is it the same, and what changed?")
    again.set_defaults(run=_replay)
    for parser in (show, again):
        parser.add_argument("turn", metavar="TURN", help="its turn_id, as casebook chats show CHAT tells it")
        parser.add_argument("--all", action="store_true", help="also where the chat belongs to a browser")
        parser.add_argument("--json", action="store_true", help="print one JSON object")


def _show(given: argparse.Namespace) -> int:
    from assistant.answers.answer import Answer
    from assistant.replay import provenance_of

    with opened() as assistant:
        chat_id, turn = _turn(assistant, given.turn, of_all=given.all)
        made = provenance_of(assistant.services, chat_id, turn) if given.provenance else None
    answer = Answer.from_json(turn.answer) if turn.answer else None
    if given.json:
        told = {"chat_id": chat_id, "turn_id": turn.id, "turn": turn.n, "state": turn.state}
        told |= {"question": turn.question, "answer": answer.to_dict() if answer else None}
        console.write_json(told | ({"provenance": _data(made, answer)} if made and answer else {}))
        return console.DONE
    console.write(f"> {turn.question}\n\n{answer or '(Not answered.)'}")
    if made and answer:
        console.write("\n" + "\n".join(_lines(made, answer)))
    return console.DONE


def _replay(given: argparse.Namespace) -> int:
    from assistant.replay import replay

    with opened() as assistant:
        chat_id, turn = _turn(assistant, given.turn, of_all=given.all)
        found = replay(assistant.services, chat_id, turn)
    if given.json:
        told = {"turn_id": turn.id, "same": not found.differs, "seconds": found.seconds}
        told |= {"differs": [vars(one) for one in found.differs]}
        told |= {"changed": [vars(one) for one in found.changed]}
        console.write_json(told | {"answer": found.answer.to_dict()})
    else:
        console.write("\n".join(_told(found)))
    return console.OPERATOR if found.differs else console.DONE


def _turn(assistant: Assistant, turn_id: str, *, of_all: bool) -> tuple[str, TurnRow]:
    kept = assistant.services.conversations
    found = kept.provenances.turn(turn_id)
    if found is None or not (of_all or kept.owner_of(found[0]) == assistant.owner):
        raise CaseError(
            f"There is no turn {turn_id[:40]!r} in your chats. casebook chats show CHAT tells the turns of a "
            "chat; --all also finds those of chats that belong to a browser."
        )
    return found


def _data(made: Provenance, answer: Answer) -> dict[str, Any]:
    from_ = {name: value for name, value in vars(made.made_from).items() if name not in ("before", "making")}
    calls = [
        {"tool": one.tool, "args": dict(one.args), "model": one.model, "revision": one.revision}
        | {"seconds": one.seconds, "computed_in": one.computed_in}
        for one in answer.evidence
    ]
    refused = [{"tool": one.tool, "args": dict(one.args)} for one in answer.refused]
    return {
        "images": made.images,
        **from_,
        "calls": calls,
        "refused": refused,
        "made_with": made.made_with,
    }


def _lines(made: Provenance, answer: Answer) -> list[str]:
    """What made an answer; code and words, which are many, as their number."""
    data = _data(made, answer)
    lines = [f"Answered in {data['seconds']} s. Made with:"]
    lines += [f"- {image_id}: SHA-256 {digest}" for image_id, digest in data["images"].items()]
    for n, call in enumerate(data["calls"], 1):
        when = f"{call['seconds']} s" if call["computed_in"] is None else f"from turn {call['computed_in']}"
        lines.append(f"- call {n}: {call['tool']} {json.dumps(call['args'], ensure_ascii=False)}, {when}")
    lines += [
        f"- “{_short(one['text'])}” rests on call {' and '.join(map(str, one['rests_on']))}"
        for one in answer.to_dict()["statements"]
        if one["rests_on"]
    ]
    many = ("code ", "words ")
    named = {name: value for name, value in made.made_with.items() if not name.startswith(many)}
    lines += [f"- {name}: {_short(value)}" for name, value in named.items()]
    for kind, of in zip(many, ("folders", "files"), strict=True):
        count = sum(name.startswith(kind) for name in made.made_with)
        lines.append(f"- {kind.strip()}: the marks of {count} {of}; --json shows them")
    return lines


def _told(found: Replay) -> list[str]:
    seconds = f"asked again in {found.seconds} s"
    lines = [f"The same answer, {seconds}."]
    if found.differs:
        lines = [f"Another answer, {seconds}. It differs in:", *map(_line, found.differs)]
    if found.changed:
        lines += ["What it is made with has changed since:", *map(_line, found.changed)]
    else:
        lines.append("What it is made with has not changed since.")
    return lines


def _line(one: Difference) -> str:
    return f"- {one.where}: {_short(one.then)} → {_short(one.now)}"


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
