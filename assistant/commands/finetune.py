"""`casebook finetune`: train an adapter for a reader on one's own pictures and texts."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.commands import console
from assistant.commands.opening import readable
from store.errors import SetupError


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "finetune", help="train a LoRA adapter on your own pictures and texts; goes on where it was cut off"
    )
    parser.add_argument("name", metavar="NAME", help="radiographer or derm-captioner")
    parser.add_argument(
        "table",
        metavar="CSV",
        help="columns image and text, and if you like question and group (the patient)",
    )
    parser.add_argument(
        "--path", metavar="DIR", type=Path, help="folder of the base; by default the one pulled"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="folder for the adapter; by default ./NAME-adapter"
    )
    for flag, kind, what in (
        ("--epochs", int, "passes over the rows"),
        ("--learning-rate", float, "of the first step"),
        ("--batch", int, "rows per forward pass"),
        ("--accumulate", int, "forward passes per step"),
    ):
        parser.add_argument(flag, metavar="N", type=_above_zero(kind), help=f"{what}; by default the card's")
    parser.add_argument(
        "--save-every", metavar="STEPS", type=_above_zero(int), default=50, help="between checkpoints; 50"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_finetune)


def _above_zero(kind: Callable[[str], float]) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = kind(text)
        if not 0 < value < 1e9:
            raise argparse.ArgumentTypeError(f"{text} is not above zero")
        return value

    return read


def _finetune(given: argparse.Namespace) -> int:
    from dataclasses import replace

    from assistant.settings import load_settings
    from tools.finetune.recipe import recipe_of
    from tools.finetune.training import finetune
    from tools.models.systems.packages import require_packages

    recipe = recipe_of(given.name)
    require_packages(recipe.system)
    changes = {name: getattr(given, name) for name in ("epochs", "learning_rate", "batch", "accumulate")}
    recipe = replace(recipe, **{name: value for name, value in changes.items() if value is not None})
    settings = load_settings()
    table = readable(given.table)
    base = given.path or _base(given.name)
    out = given.out or Path(f"{given.name}-adapter")
    console.progress("Looking at every row …")
    try:
        done = finetune(
            recipe, table, base, out, device=settings.device, save_every=given.save_every, told=_told
        )
    except KeyboardInterrupt:
        console.note("\nStopped. The same command goes on from the last checkpoint.")
        return console.STOPPED
    if given.json:
        console.write_json(vars(done) | {"adapter": str(done.adapter)})
        return console.DONE
    again = f", of which {done.resumed_at} in an earlier run" if done.resumed_at else ""
    console.write(
        f"Trained an adapter for {recipe.system}: {done.steps} steps{again}; loss "
        f"{done.training[0][1]:.4g} → {done.training[-1][1]:.4g}, on the rows kept aside "
        f"{done.validation[-1][1]:.4g}. It is in {out}, with the curve in loss.png."
    )
    console.note(f"To load it: casebook models verify {recipe.system} --path {out} --base {base}")
    return console.DONE


def _base(name: str) -> Path:
    """The base pulled or set for `name`.

    Raises:
        SetupError: there is none.
    """
    from assistant.commands.models_shown import place_of
    from assistant.settings import load_settings
    from tools.models.systems.cards import system_named

    place = place_of(system_named(name), load_settings())
    if place.base is None:
        raise SetupError(f"There is no base to train {name} on. Give its folder with --path.")
    return place.base


def _told(step: int, steps: int, loss: float) -> None:
    console.progress(f"Step {step} of {steps}: loss {loss:.4g}")
