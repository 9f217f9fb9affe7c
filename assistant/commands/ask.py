"""`casebook ask`: one question, one answer."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import chat_of, opened, readable
from store.errors import CaseError

if TYPE_CHECKING:
    from assistant.answers.answer import Answer
    from assistant.answers.events import Event
    from assistant.chat import Assistant
    from assistant.turn.running import RunningTurn


_ENDING = re.compile(r"\.[A-Za-z]\w{1,3}$")


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("ask", help="ask a question, about images or in general")
    parser.add_argument("question", type=console.words, nargs="?", help="the question, in quotation marks")
    parser.add_argument(
        "--image",
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help="picture, DICOM file, NIfTI volume, or folder or zip of a DICOM series",
    )
    parser.add_argument("--chat", metavar="ID", help="go on with this chat")
    parser.add_argument("--reader", metavar="NAME", help="let this reading model answer, such as babydoctor")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Ask, show the answer as it comes, say how to go on."""
    if given.question is None and len(given.image) > 1 and _is_question(given.image[-1]):
        given.question = console.words(given.image.pop())
    if given.question is None:
        raise CaseError('The question is missing. Write it first: casebook ask "what is this?" --image FILE')
    files = [readable(name) for name in given.image]
    console.search_seldom()
    with opened() as assistant:
        console.progress("Reading the images …" if files else "Thinking …")
        running = _start(assistant, given, files)
        answer, stopped = _follow(running, quiet=given.json)
    if given.json:
        console.write_json(answer.to_dict())
    else:
        # The text has been written as it came; what comes with it has not.
        console.write(str(answer).removeprefix(answer.text))
        console.write(f'\nTo go on: casebook ask --chat {answer.chat_id} "…"')
        console.write(f"What made this answer: casebook show {answer.turn_id} --provenance")
    if stopped:
        return console.STOPPED
    return console.DONE if answer.state == "answered" else console.OPERATOR


def _is_question(word: str) -> bool:
    """Whether the last word after --image is the question: no file, and not named like one."""
    return not Path(word).exists() and bool(re.search(r"\s|\?", word)) and not _ENDING.search(word)


def _start(assistant: Assistant, given: argparse.Namespace, files: list[Path]) -> RunningTurn:
    chat = assistant.chat() if given.chat is None else chat_of(assistant, given.chat)
    try:
        return chat.start(given.question, files, reader=given.reader)
    except BaseException:
        if given.chat is None:
            assistant.delete(chat.id)
        raise


def _follow(running: RunningTurn, *, quiet: bool) -> tuple[Answer, bool]:
    """Show the turn as it goes; Ctrl-C ends it with what there is, a second one leaves at once."""
    try:
        for event in running.events():
            if event is not None and not quiet:
                _show(event)
    except KeyboardInterrupt:
        running.stop()
        console.progress("\nStopping …")
        return running.answer(), True
    return running.answer(), False


def _show(event: Event) -> None:
    from assistant.answers.events import ReaderText, Retracted, Text, ToolStarted, Waiting

    if isinstance(event, Text):
        console.write(event.delta, end="")
    elif isinstance(event, Retracted):
        if not event.notice:  # the one with a notice follows such a one, and the notice stands at the end
            console.write("\n[Taken back. The answer begins again:]")
    elif isinstance(event, Waiting):
        console.progress(f"{event.text} …")
    elif isinstance(event, ReaderText):
        # The answer will quote it on standard output; this is for whoever watches it come.
        console.progress(f"\n{event.reader} on {event.image_id}: " if event.first else event.delta, end="")
    elif isinstance(event, ToolStarted):
        console.progress(f"{event.tool} looks at {event.image_id or 'the chat'} …")
