"""`casebook models`: get the published systems, check them, see what is there, remove them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.models_shown import place_of, show_list, show_status, size_of
from assistant.commands.opening import opened
from store.errors import CaseError, SetupError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from tools.models.hub.pulled import Pulled
    from tools.models.systems.system import System


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("models", help="published systems: pull, list, verify, remove, status")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    pull = actions.add_parser(
        "pull", help="fetch a system's weights, or those of chat-model; goes on if cut off"
    )
    pull.add_argument("name", metavar="NAME")
    pull.add_argument("--revision", metavar="COMMIT", help="branch, tag or commit; by default the one pulled")
    pull.add_argument("--accept-licence", action="store_true", help="accept the licence that is shown")
    pull.set_defaults(run=_pull)
    listing = actions.add_parser("list", help="the systems, their licences and sizes, and which are here")
    listing.add_argument("--json", action="store_true", help="print one JSON object, with the full cards")
    listing.set_defaults(run=show_list)
    verify = actions.add_parser("verify", help="check hashes, load the system and try it")
    verify.add_argument("name", metavar="NAME")
    verify.add_argument("--path", metavar="DIR", type=Path, help="folder of the checkpoint or adapter")
    verify.add_argument("--base", metavar="DIR", type=Path, help="folder of the base under an adapter")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    verify.set_defaults(run=_verify)
    remove = actions.add_parser("remove", help="remove a pulled system, or chat-model, from the disk")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=_remove)
    status = actions.add_parser("status", help="where each system is, and what is in memory")
    status.add_argument("--json", action="store_true", help="print one JSON object")
    status.set_defaults(run=show_status)
    stand_ins = actions.add_parser("stand-ins", help="make tiny random checkpoints to try the commands with")
    stand_ins.add_argument("folder", metavar="DIR", type=Path)
    stand_ins.set_defaults(run=_stand_ins)


def _pull(given: argparse.Namespace) -> int:
    from assistant.commands.chat_model import pull_chat_model
    from assistant.llm.gguf import NAME as CHAT_MODEL
    from tools.models.hub import fetching as hub
    from tools.models.hub.cache import adopt, is_offline
    from tools.models.hub.errors import require_hub
    from tools.models.systems.cards import system_named
    from tools.models.systems.licences import accept

    if given.name == CHAT_MODEL:
        return pull_chat_model(_bar)
    system, home = system_named(given.name), _settings().home
    require_hub()
    _have_accepted(system, home, yes=given.accept_licence)
    if pulled := hub.here(system, home, given.revision):
        accept(system, home)
        console.write(f"{system.name} is here, complete: revision {pulled.checkpoint.revision}.")
        return console.DONE
    if is_offline():
        pulled = adopt(system, home, given.revision)
        accept(system, home)
        return _pulled(pulled)
    console.progress(f"Looking up {system.checkpoint} …")
    plan = hub.plan(system, home, given.revision)
    accept(system, home)
    for one in plan.pulled.repositories:
        console.note(f"{one.role}: {one.name} at {one.revision}")
    try:
        with _bar(plan.nbytes, f"Pulling {system.name}") as advance:
            return _pulled(hub.pull(plan, home, advance))
    except KeyboardInterrupt:
        console.note("\nStopped. What arrived is kept; the same command goes on from there.")
        return console.STOPPED


def _have_accepted(system: System, home: Path, *, yes: bool) -> None:
    """Show the licence; go on only if it is accepted now or was before.

    It is kept as accepted once there is something to pull: what failed before that is asked about again.
    """
    from tools.models.systems.licences import accepted_on, licence_text

    if day := accepted_on(system, home):
        console.note(f"The licence of {system.name} ({system.licence}) was accepted on {day}.")
        return
    console.note(licence_text(system))
    if not yes and sys.stdin.isatty():
        console.note('Type "yes" to accept:')
        yes = sys.stdin.readline().strip().casefold() == "yes"
    if not yes:
        raise CaseError(
            f"The licence of {system.name} was not accepted, so nothing was pulled. If you accept it: "
            f"casebook models pull {system.name} --accept-licence"
        )


def _pulled(pulled: Pulled) -> int:
    where = "; ".join(f"{one.role} {one.name} at {one.revision}" for one in pulled.repositories)
    console.write(f"{pulled.system} is here: {size_of(pulled.nbytes)}; {where}.")
    console.note(f"Every file's hash was checked. To load and try it: casebook models verify {pulled.system}")
    return console.DONE


def _verify(given: argparse.Namespace) -> int:
    from assistant.settings_for_models import loading_options
    from tools.models.systems.cards import system_named
    from tools.models.systems.packages import require_packages
    from tools.models.verifying import verify

    system, settings = system_named(given.name), _settings()
    if settings.server_of(system.name)[0] and not (given.path or given.base):
        return _verify_server(system.name, given.json)
    require_packages(system.name)
    place = place_of(system, settings, given.path, given.base)
    if place.pulled:
        _check_hashes(place.pulled, settings.home)
    console.progress(f"Loading {system.name} …")
    found = verify(
        place,
        device=settings.device,
        precision=settings.precision,
        python=settings.derm_foundation_python,
        options=loading_options(system.name, settings),
    )
    if given.json:
        console.write_json(vars(found))
        return console.DONE
    console.write(
        f"{found.system} works: revision {found.revision}, {size_of(found.nbytes)} on {found.device}, "
        f"loaded in {found.load_s:.1f} s."
    )
    console.write("\n".join(found.notes))
    return console.DONE


def _verify_server(name: str, as_json: bool) -> int:
    """Ask a reader's server the fixed question, and take its answer for the known one."""
    with opened() as assistant:
        services = assistant.services
        sentence = services.readers.accept_server(name, services.settings.reading_timeout_s)
    if as_json:
        console.write_json({"system": name, "server": sentence})
    else:
        console.write(sentence)
    return console.DONE


def _check_hashes(pulled: Pulled, home: Path) -> None:
    from tools.models.hub.pulled import check_files

    with _bar(pulled.nbytes, f"Checking {pulled.system}") as advance:
        check_files(pulled, home, advance)


def _remove(given: argparse.Namespace) -> int:
    from assistant.llm.gguf import NAME as CHAT_MODEL
    from tools.models.hub.cache import remove
    from tools.models.systems.cards import system_named

    name = given.name if given.name == CHAT_MODEL else system_named(given.name).name
    freed, left = remove(name, _settings().home)
    console.note(f"Removed {given.name}: {size_of(freed)} freed.")
    if left:
        console.note(f"Left in the cache, as it was there before Casebook pulled it: {', '.join(left)}.")
    return console.DONE


def _stand_ins(given: argparse.Namespace) -> int:
    from tools.models.stand_ins import build_stand_in
    from tools.models.systems.cards import SYSTEMS

    made, python = [], _settings().derm_foundation_python
    for name in SYSTEMS:
        try:
            made.append(build_stand_in(name, given.folder, python=python))
        except SetupError as error:
            console.note(str(error))
    if not made:
        return console.OPERATOR
    folder = given.folder.absolute()
    names = [one.system for one in made]
    console.write(f"Made stand-ins with random weights in {folder}: {', '.join(names)}.")
    if lacking := [name for name in SYSTEMS if name not in names]:
        console.write(f"Not made, for the reason above: {', '.join(lacking)}.")
    console.write("To use them, put into settings.toml:")
    for one in made:
        stem = one.system.replace("-", "_")
        console.write(f'{stem}_path = "{one.path.absolute()}"')
        if one.base:
            console.write(f'{stem}_base = "{one.base.absolute()}"')
    return console.DONE


def _settings() -> Settings:
    from assistant.settings import load_settings

    return load_settings()


@contextmanager
def _bar(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """A progress bar in bytes on standard error, where somebody is watching."""
    from tqdm import tqdm

    watched = sys.stderr.isatty()
    with tqdm(total=total, desc=what, unit="B", unit_scale=True, file=sys.stderr, disable=not watched) as bar:

        def advance(nbytes: int) -> None:
            bar.update(nbytes)

        yield advance
