"""`casebook chats`: look at, rename and delete chats."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened

if TYPE_CHECKING:
    from assistant.chat import Turn

_INSTEAD = {
    "running": "(Not answered: this turn is still running, or was cut off.)",
    "failed": "(This turn failed.)",
    "stopped": "(This turn was stopped.)",
}


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("chats", help="list, show, rename and delete chats")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="all chats, the most recently used first")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="every question and answer of a chat")
    show.add_argument("chat", metavar="ID")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(run=_show)
    rename = actions.add_parser("rename", help="give a chat another title")
    rename.add_argument("chat", metavar="ID")
    rename.add_argument("title", metavar="TITLE", type=console.words)
    rename.set_defaults(run=_rename)
    delete = actions.add_parser("delete", help="delete chats with their images and pictures")
    delete.add_argument("chats", metavar="ID", nargs="+")
    delete.set_defaults(run=_delete)


def _list(given: argparse.Namespace) -> int:
    with opened() as assistant:
        rows = assistant.chats()
    if given.json:
        console.write_json({"chats": [vars(row) for row in rows]})
        return console.DONE
    for row in rows:
        console.write(f"{row.id}  {_when(row.updated_at)}  {row.title}")
    if not rows:
        console.note('There are no chats yet. Begin one: casebook ask "what is this?" --image FILE')
    return console.DONE


def _show(given: argparse.Namespace) -> int:
    with opened() as assistant:
        chat = assistant.chat(given.chat)
        turns = chat.history()
    if given.json:
        console.write_json(
            {"chat_id": chat.id, "title": chat.title, "turns": [_turn(turn) for turn in turns]}
        )
        return console.DONE
    console.write(chat.title)
    for turn in turns:
        added = f" [{', '.join(turn.attached)}]" if turn.attached else ""
        said = str(turn.answer) if turn.answer else _INSTEAD.get(turn.state, "")
        console.write(f"\n> {turn.question}{added}\n\n{said}")
    return console.DONE


def _rename(given: argparse.Namespace) -> int:
    with opened() as assistant:
        assistant.rename(given.chat, given.title)
    return console.DONE


def _delete(given: argparse.Namespace) -> int:
    with opened() as assistant:
        for chat_id in given.chats:
            assistant.chat(chat_id)  # all of them are there, or none is deleted
        for chat_id in dict.fromkeys(given.chats):
            assistant.delete(chat_id)
    console.note(f"Deleted {len(set(given.chats))}.")
    return console.DONE


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "turn_id": turn.id,
        "question": turn.question,
        "attached": list(turn.attached),
        "state": turn.state,
        "answer": turn.answer.to_dict() if turn.answer else None,
    }


def _when(seconds: float) -> str:
    import time

    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
