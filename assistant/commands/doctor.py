"""`casebook doctor`: what works, what is missing, how to get it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened

if TYPE_CHECKING:
    from assistant.build import Services
    from assistant.doctor import Check
    from assistant.mending import Fault
    from assistant.settings import Settings

_SIGNS = {True: "works   ", False: "BROKEN  ", None: "not yet "}


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("doctor", help="what works, what is missing, how to get it")
    parser.add_argument("--all", action="store_true", help="list every setting too, one a line")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--repair", action="store_true", help="mend what was left behind, after telling it")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check this installation, and mend what it is asked to."""
    from assistant.doctor import report
    from assistant.mending import find_faults

    with opened() as assistant:
        faults = find_faults(assistant.services)
        if given.repair and faults:
            console.note("\n".join(map(_told, faults)))
            faults = _mended(assistant.services, faults)
        checks = report(assistant.services)
        listed = _settings(assistant.services.settings) if given.all else []
        if given.json:
            told = [
                {"says": one.says, "fix": one.fix, "can_be_mended": one.mend is not None} for one in faults
            ]
            found = {"checks": [vars(check) for check in checks], "left_behind": told}
            console.write_json(found | ({"settings": listed} if given.all else {}))
        else:
            console.write("\n".join([*map(_line, checks), *map(_told, faults), *map(_setting, listed)]))
    broken = any(check.ok is False for check in checks) or any(fault.mend is None for fault in faults)
    return console.OPERATOR if broken else console.DONE


def _settings(settings: Settings) -> list[dict[str, Any]]:
    """Every setting: its name as a variable, whether it is set, and what it is for."""
    return [
        {"name": f"CASEBOOK_{name.upper()}", "set": name in chosen, "what": about.description}
        for chosen in [settings.model_fields_set - {"home"}]
        for name, about in type(settings).model_fields.items()
    ]


def _setting(one: dict[str, Any]) -> str:
    return f"{'set' if one['set'] else '':8}  {one['name']}: {one['what']}"


def _mended(services: Services, faults: list[Fault]) -> list[Fault]:
    """Mend what can be; what is left behind then."""
    from assistant.mending import find_faults

    able = dict.fromkeys(one.mend for one in faults if one.mend is not None)
    for mend in able:
        mend()
    left = find_faults(services) if able else faults
    if not left:
        console.note("Mended: nothing is left behind any more.")
    return left


def _told(fault: Fault) -> str:
    fix = fault.fix or ("casebook doctor --repair" if fault.mend else "")
    return f"left      {fault.says}" + (f"\n          → {fix}" if fix else "")


def _line(check: Check) -> str:
    fix = f"\n          → {check.fix}" if check.fix else ""
    return f"{_SIGNS[check.ok]}  {check.name}: {check.says}{fix}"
