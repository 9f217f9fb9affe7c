"""`casebook llm`: the language model that may phrase answers and call tools."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.commands import console
from assistant.commands.opening import opened
from store.errors import CaseError


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("llm", help="the language model that may phrase answers and call tools")
    what = parser.add_subparsers(title="commands", metavar="COMMAND", dest="what", required=True)
    audition = what.add_parser(
        "audition", help="try it with some sixty short tasks, once; what it may do follows from that"
    )
    audition.add_argument("--again", action="store_true", help="try it again, although it was tried")
    audition.add_argument("--json", action="store_true", help="print one JSON object")
    audition.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Try the model, keep and show its role.

    Raises:
        CaseError: no language model is set.
        SetupError: it cannot be used.
    """
    from assistant.audition import audition
    from assistant.llm.role import casting, keep, read

    with opened() as assistant:
        settings, (model, _) = assistant.services.settings, assistant.services.chat_model
        if model is None:
            raise CaseError(
                "No language model is set, and the built-in planner needs no audition. Set CASEBOOK_LLM_PATH "
                "to a GGUF file or CASEBOOK_LLM_SERVER to a server first."
            )
        found = None if given.again else read(settings)
        if found is None:
            with console.progress_bar("tasks") as progress:
                found = audition(model, settings, progress=progress).casting
            keep(settings, found)
    if given.json:
        console.write_json({"role": found.role, "why": found.why, "in_force": casting(settings).role})
        return console.DONE
    console.write(found.sentence)
    if notice := casting(settings).notice:
        from tools.language.sayings import FIRST

        console.note(notice.words(FIRST))
    return console.DONE
