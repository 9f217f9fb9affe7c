"""`casebook session regions`: the true regions of a teaching case, shown or given as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from assistant.commands import console
from assistant.commands.opening import opened, readable

if TYPE_CHECKING:
    from assistant.teaching.places import PlaceOutcome


def add_to(actions: Any) -> None:
    """Add the command's arguments."""
    parser = actions.add_parser("regions", help="the true regions of a teaching case, as JSON")
    parser.add_argument("case", metavar="ID")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path,
        help="a JSON list of regions in place of those there are: image, slice (both from 1), shape "
        "(rectangle, ellipse, freehand), points ([column, row] in pixels), caption; without, they are shown",
    )  # fmt: skip
    parser.set_defaults(run=_regions)


def outcomes(given: Sequence[str]) -> dict[int, PlaceOutcome]:
    """What ``--region N=OUTCOME`` says.

    Raises:
        CaseError: one of them says something else.
    """
    from assistant.teaching.places import PlaceOutcome
    from store.errors import CaseError

    found: dict[int, PlaceOutcome] = {}
    for one in given:
        number, _, outcome = one.partition("=")
        if not number.isdecimal() or outcome not in get_args(PlaceOutcome):
            raise CaseError(
                f"--region {one!r} cannot be used. Give a number and an outcome, such as 1=found; outcomes "
                f"are {', '.join(get_args(PlaceOutcome))}."
            )
        found[int(number)] = cast("PlaceOutcome", outcome)
    return found


def _regions(given: argparse.Namespace) -> int:
    from assistant.teaching.teacher import Teacher

    told = None if given.file is None else _read(readable(given.file))
    with opened() as assistant:
        teacher = Teacher(assistant.services, assistant.owner)
        one = teacher.case(given.case) if told is None else teacher.make.change(given.case, regions=told)
    if told is None:
        console.write_json({"regions": [region.model_dump(mode="json") for region in one.case.regions]})
    else:
        console.note(f"{len(one.case.regions)} regions, version {one.version}. Earlier sessions keep theirs.")
    return console.DONE


def _read(path: Path) -> list[Any]:
    from store.errors import CaseError

    try:
        told = json.loads(path.read_bytes())
    except ValueError as error:
        raise CaseError(f"{path.name} is no JSON. Give a list of regions.") from error
    told = told.get("regions") if isinstance(told, dict) else told
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise CaseError(f"{path.name} holds no list of regions. Give what this command shows.")
    return told
