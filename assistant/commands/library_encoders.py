"""`casebook library encode` and searches with a learned encoder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.models_shown import place_of
from assistant.commands.opening import opened

if TYPE_CHECKING:
    from assistant.settings import Settings
    from store.case import CaseFilter
    from store.case_search import SearchResult
    from tools.learned_encoder import LearnedEncoder

NAMES = ("pubmedclip", "derm-foundation")


def add_to(actions: Any) -> None:
    """Add the arguments of ``encode``."""
    encode = actions.add_parser(
        "encode", help="describe the cases by a learned encoder too; goes on where it was cut off"
    )
    encode.add_argument("encoder", metavar="ENCODER", choices=NAMES, help=" or ".join(NAMES))
    encode.add_argument("--again", action="store_true", help="drop what another version of it made first")
    encode.set_defaults(run=_encode)


@contextmanager
def encoder_of(name: str, settings: Settings) -> Iterator[LearnedEncoder]:
    """The encoder called `name`, loaded; on the way out it is let go."""
    from tools.learned_encoder import open_encoder
    from tools.models.cards import system_named

    place = place_of(system_named(name), settings, None, None)
    console.progress(f"Loading {name} …")
    encoder = open_encoder(
        place,
        device=settings.device,
        precision=settings.precision,
        python=settings.derm_foundation_python,
        mode=settings.derm_foundation_input,
    )
    if encoder.stand_in:
        console.note(f"{name} is a stand-in: its weights are random and what it finds means nothing.")
    try:
        yield encoder
    finally:
        encoder.close()


def _encode(given: argparse.Namespace) -> int:
    with opened() as assistant, encoder_of(given.encoder, assistant.services.settings) as encoder:
        from assistant.commands.library import progress_bar

        try:
            with progress_bar() as advance:
                count = assistant.library.encode(encoder, again=given.again, progress=advance)
        except KeyboardInterrupt:
            console.note("\nStopped. What was encoded is kept; the same command goes on from there.")
            return console.STOPPED
        infos = {info.name: info for info in assistant.library.collections()}
    if given.encoder not in infos:
        console.note(f"The library has no {encoder.domain} cases to encode.")
        return console.DONE
    info = infos[given.encoder]
    console.write(f"Encoded {count} cases; {info.size} in all. {info.encoder}. {info.sentence}")
    return console.DONE


def search_text(text: str, name: str, k: int, where: CaseFilter | None) -> SearchResult:
    """The cases whose pictures fit a text best."""
    with opened() as assistant, encoder_of(name, assistant.services.settings) as encoder:
        return assistant.library.search_vector(encoder, encoder.encode_text(text), k=k, where=where)
