"""`casebook library rebuild`: the search index made again, where the settings say it lies."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.commands import console
from assistant.commands.opening import opened


def add_to(actions: Any) -> None:
    """Add the action's arguments."""
    parser = actions.add_parser(
        "rebuild", help="make the search index again where library_url says it lies, and check it"
    )
    parser.set_defaults(run=_rebuild)


def _rebuild(_given: argparse.Namespace) -> int:
    with opened() as assistant:
        made, left = assistant.library.rebuild()
        place = assistant.services.settings.library_url or "the Casebook folder"
    for name, count in made.items():
        console.write(f"{name}: {count:,} vectors in {place}, each the same as in the library's own file.")
    if not made:
        console.write(f"The case library is empty; its search index will lie in {place}.")
    for graph in left:
        console.note(f"Still there, as its server is no longer set: {graph}. Delete that collection there.")
    return console.DONE
