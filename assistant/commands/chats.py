"""`casebook chats`: look at, copy, rename and delete chats."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import chat_of, opened
from store.errors import CaseError
from store.whole_file import write_whole

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.turn.kept import Turn

_INSTEAD = {
    "running": "(Not answered: this turn is still running, or was cut off.)",
    "failed": "(This turn failed.)",
    "stopped": "(This turn was stopped.)",
}


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("chats", help="list, show, export, rename and delete chats")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="your chats, the most recently used first")
    listing.add_argument("--with", dest="words", metavar="WORDS", type=console.words, help="that hold these")
    listing.add_argument("--all", action="store_true", help="those that browsers made on the page too")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="every question and answer of a chat")
    show.add_argument("chat", metavar="ID")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(run=_show)
    export = actions.add_parser("export", help="a copy to read without Casebook, with images and evidence")
    export.add_argument("chat", metavar="ID")
    export.add_argument(
        "file", metavar="FILE", type=Path, help=".html, .pdf, .json, or Markdown with its pictures (.zip)"
    )
    export.set_defaults(run=_export)
    rename = actions.add_parser("rename", help="give a chat another title")
    rename.add_argument("chat", metavar="ID")
    rename.add_argument("title", metavar="TITLE", type=console.words)
    rename.set_defaults(run=_rename)
    delete = actions.add_parser("delete", help="delete chats with their images and pictures")
    delete.add_argument("chats", metavar="ID", nargs="+")
    delete.add_argument("--all", action="store_true", help="also where a chat belongs to a browser")
    delete.set_defaults(run=_delete)
    clean = actions.add_parser("clean", help="delete chats in which nothing was asked for some days")
    clean.add_argument("--older-than", metavar="DAYS", type=_days, required=True, help="days, such as 90")
    clean.add_argument("--all", action="store_true", help="also those that browsers made on the page")
    clean.add_argument("--dry-run", action="store_true", help="only list them")
    clean.set_defaults(run=_clean)


def _list(given: argparse.Namespace) -> int:
    with opened() as assistant:
        kept = assistant.services.conversations
        mine = kept.chats(assistant.owner, None)
        rows = kept.chats(None, None) if given.all else mine
        if given.words:
            rows = kept.searching.chats(None if given.all else assistant.owner, given.words, None)
    others = {row.id for row in rows} - {row.id for row in mine}
    if given.json:
        more = [{"of_a_browser": row.id in others} if given.all else {} for row in rows]
        console.write_json({"chats": [vars(row) | one for row, one in zip(rows, more, strict=True)]})
        return console.DONE
    for row in rows:
        whose = ("browser  " if row.id in others else "yours    ") if given.all else ""
        console.write(f"{row.id}  {_when(row.updated_at)}  {whose}{row.title}")
    if not rows and given.words:
        console.note("No chat holds all of these words.")
    elif not rows:
        console.note('There are no chats yet. Begin one: casebook ask "what is this?" --image FILE')
    return console.DONE


def _show(given: argparse.Namespace) -> int:
    with opened() as assistant:
        chat = chat_of(assistant, given.chat)
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
        console.write(f"\n> {turn.question}{added}  (turn {turn.id})\n\n{said}")
    return console.DONE


def _export(given: argparse.Namespace) -> int:
    from assistant.export import FORMATS, copy_of

    path: Path = given.file
    if (write := FORMATS.get(path.suffix.lower())) is None:
        raise CaseError(f"A copy is a {', '.join(FORMATS)} file by its name; this one is {path.name!r}.")
    if path.exists():
        raise CaseError(f"{path.name!r} is there already. Give another name, or remove it first.")
    with opened() as assistant:
        data = write(copy_of(chat_of(assistant, given.chat), assistant.picture))
    try:
        write_whole(path, data)
    except OSError as error:
        raise CaseError(f"{path.name!r} cannot be written there. Choose another folder.") from error
    console.note(f"Written: {path} ({len(data) / 1000:,.0f} kB)")
    return console.DONE


def _rename(given: argparse.Namespace) -> int:
    with opened() as assistant:
        chat_of(assistant, given.chat)
        assistant.rename(given.chat, given.title)
    return console.DONE


def _delete(given: argparse.Namespace) -> int:
    with opened() as assistant:
        # All of them are there, or none is deleted.
        keepers = {chat_id: _keeper(assistant, chat_id, of_all=given.all) for chat_id in given.chats}
        chats = [(keeper.owner, chat_id) for chat_id, keeper in keepers.items()]
        whole = assistant.services.keeping.delete_all(chats)
    console.note_deleted(f"Deleted {len(set(given.chats))}.", whole=whole)
    return console.DONE


def _clean(given: argparse.Namespace) -> int:
    from assistant.retention import oldest

    until = oldest(given.older_than)
    with opened() as assistant:
        keeping, owner = assistant.services.keeping, None if given.all else assistant.owner
        if given.dry_run:
            old = {chat_id for _, chat_id in keeping.old(until, owner)}
            for row in assistant.services.conversations.chats(owner, None):
                if row.id in old:
                    console.write(f"{row.id}  {_when(row.updated_at)}  {row.title}")
            console.note(f"{len(old)} would be deleted.")
        else:
            count = keeping.delete_old(until, owner)
            whole = assistant.services.conversations.forget_deleted()
            console.note_deleted(f"Deleted {count}.", whole=whole)
    return console.DONE


def _days(typed: str) -> float:
    """Days as they were typed."""
    try:
        days = float(typed)
    except ValueError:
        days = 0.0
    if not 0 < days < math.inf:
        raise argparse.ArgumentTypeError("it takes a number of days above 0")
    return days


def _keeper(assistant: Assistant, chat_id: str, *, of_all: bool) -> Assistant:
    """Casebook for whoever may delete the chat: its owner, if whoever runs the machine asks for that."""
    owner = assistant.services.conversations.owner_of(chat_id) if of_all else None
    if owner is not None:
        return assistant.for_owner(owner)
    chat_of(assistant, chat_id)
    return assistant


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "turn_id": turn.id,
        "question": turn.question,
        "attached": list(turn.attached),
        "state": turn.state,
        "answer": turn.answer.to_dict() if turn.answer else None,
        "good": turn.good,
    }


def _when(seconds: float) -> str:
    import time

    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
