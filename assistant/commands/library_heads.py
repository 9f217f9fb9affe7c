"""`casebook library train` and `casebook library heads`: classifiers on the user's own labels."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.opening import opened

if TYPE_CHECKING:
    from tools.few_shot.head import Head


def add_to(actions: Any) -> None:
    """Add the actions' arguments."""
    train = actions.add_parser(
        "train", help="train a classifier on the labels of a collection, and measure it by cross-validation"
    )
    train.add_argument("name", metavar="NAME", help="what to call it, such as nevus-or-melanoma")
    train.add_argument(
        "--collection", required=True, metavar="COLLECTION", help="as casebook library list names it"
    )
    train.add_argument(
        "--label",
        metavar="LABEL",
        type=console.words,
        action="append",
        default=[],
        help="only cases with this label; may be repeated; all labels by default",
    )
    train.set_defaults(run=_train)
    heads = actions.add_parser("heads", help="the classifiers there are, and how well each did")
    heads.add_argument("--remove", metavar="NAME", help="remove this one instead")
    heads.add_argument("--json", action="store_true", help="print one JSON object")
    heads.set_defaults(run=_heads)


def _train(given: argparse.Namespace) -> int:
    from tools.few_shot.training import train

    with opened() as assistant:
        console.progress("Training and cross-validating …")
        shelf = assistant.services.heads
        head = train(assistant.library, shelf, given.name, given.collection, given.label)
        console.write(_told(head))
        console.note(
            f"Its model card, confusion table and calibration curve lie in {shelf.folder(head.name)}."
        )
    console.note("Ask in a chat: which of my labels fits? It is not a diagnosis.")
    return console.DONE


def _heads(given: argparse.Namespace) -> int:
    with opened() as assistant:
        shelf = assistant.services.heads
        if given.remove is not None:
            shelf.remove(given.remove)
            console.note(f"Removed {given.remove}.")
            return console.DONE
        heads = [shelf.read(name) for name in shelf.names()]
    if given.json:
        console.write_json({"heads": [_as_json(head) for head in heads]})
        return console.DONE
    for head in heads:
        console.write(_told(head))
    if not heads:
        console.note(
            "No classifier has been trained. Train one: casebook library train NAME --collection COLLECTION"
        )
    return console.DONE


def _told(head: Head) -> str:
    from tools.few_shot.card import trust

    return f"{head.name}: {', '.join(head.labels)}; on {head.encoder}. {trust(head)}"


def _as_json(head: Head) -> dict[str, Any]:
    from dataclasses import asdict

    kept = ("name", "collection", "encoder", "domain", "labels", "near")
    return {**{name: getattr(head, name) for name in kept}, "figures": asdict(head.figures)}
