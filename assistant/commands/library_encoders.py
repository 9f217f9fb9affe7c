"""`casebook library encode` and searches with a learned encoder."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.commands import console, over_ray
from assistant.commands.opening import opened
from store.cases.names import IMPORTED

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from store.cases.case import CaseFilter
    from store.cases.search import SearchResult
    from tools.models.learned_encoder import LearnedEncoder

T = TypeVar("T")

NAMES = ("pubmedclip", "derm-foundation")
SEARCHED = (*NAMES, *(f"{name}{IMPORTED}" for name in NAMES))


def add_to(actions: Any) -> None:
    """Add the arguments of ``encode``."""
    encode = actions.add_parser(
        "encode", help="describe the cases by a learned encoder too; goes on where it was cut off"
    )
    encode.add_argument("encoder", metavar="ENCODER", choices=NAMES, help=" or ".join(NAMES))
    encode.add_argument("--again", action="store_true", help="drop what another version of it made first")
    over_ray.add_to(encode)
    encode.set_defaults(run=_encode)


def with_encoder(assistant: Assistant, name: str, work: Callable[[LearnedEncoder], T]) -> T:
    """What `work` returns when it is given the encoder called `name`."""

    def told(encoder: LearnedEncoder) -> tuple[T]:
        _tell_stand_in(name, stand_in=encoder.stand_in)
        return (work(encoder),)

    done = assistant.services.encoders.run(name, told, on_wait=console.progress)
    assert done is not None  # noqa: S101  # nobody else is in line, and there is no time limit
    return done[0]


def _tell_stand_in(name: str, *, stand_in: bool) -> None:
    if stand_in:
        console.note(f"{name} is a stand-in: its weights are random and what it finds means nothing.")


def _encoded(given: argparse.Namespace, assistant: Assistant) -> int:
    """How many cases were encoded, here or on a cluster."""
    with over_ray.cluster_of(given, assistant) as cluster, console.progress_bar("cases") as advance:
        if cluster is None:
            encode = partial(assistant.library.encode, again=given.again, progress=advance)
            return with_encoder(assistant, given.encoder, encode)
        from assistant.cluster.vectors import encoding_over

        settings = assistant.services.encoders.settings
        with encoding_over(cluster, given.encoder, settings) as (about, by, stand_in):
            _tell_stand_in(given.encoder, stand_in=stand_in)
            return assistant.library.encode_by(about, by, again=given.again, progress=advance)


def _encode(given: argparse.Namespace) -> int:
    from tools.models.learned_encoder import ENCODERS

    with opened() as assistant:
        try:
            count = _encoded(given, assistant)
        except KeyboardInterrupt:
            console.note("\nStopped. What was encoded is kept; the same command goes on from there.")
            return console.STOPPED
        infos = {info.name: info for info in assistant.library.collections()}
    if given.encoder not in infos:
        console.note(f"The library has no {ENCODERS[given.encoder]} cases to encode.")
        return console.DONE
    info = infos[given.encoder]
    console.write(f"Encoded {count} cases; {info.size} in all. {info.encoder}. {info.sentence}")
    return console.DONE


def search_text(text: str, name: str, k: int, where: CaseFilter | None) -> SearchResult:
    """The cases whose pictures fit a text best."""
    with opened() as assistant:
        library = assistant.library
        return with_encoder(
            assistant, name, lambda e: library.search_vector(e, e.encode_text(text), k=k, where=where)
        )
