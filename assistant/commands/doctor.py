"""`casebook doctor`: what works, what is missing, how to get it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened

if TYPE_CHECKING:
    from assistant.doctor import Check

_SIGNS = {True: "works   ", False: "BROKEN  ", None: "not yet "}


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("doctor", help="what works, what is missing, how to get it")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check this installation."""
    from assistant.doctor import report

    with opened() as assistant:
        checks = report(assistant.services)
    if given.json:
        console.write_json({"checks": [vars(check) for check in checks]})
    else:
        console.write("\n".join(_line(check) for check in checks))
    return console.OPERATOR if any(check.ok is False for check in checks) else console.DONE


def _line(check: Check) -> str:
    fix = f"\n          → {check.fix}" if check.fix else ""
    return f"{_SIGNS[check.ok]}  {check.name}: {check.says}{fix}"
