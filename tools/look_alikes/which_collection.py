"""Which collections of the case library to search for an image, in which order, and what to say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from store.cases.library import CollectionInfo
from store.cases.names import is_imported, learned_name
from store.encoders import built_in_encoders
from tools.models.learned_encoder import ENCODERS

_ASKS_BUILT_IN = re.compile(r"\bbuilt[- ]?in\b", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """What to search.

    Attributes:
        infos: the collections to try, first choice first. The last one is the built-in one, if it has cases.
        notes: sentences on what was asked for and cannot be searched.
        others: names of collections of the same kind that are not among them.
    """

    infos: tuple[CollectionInfo, ...]
    notes: tuple[str, ...]
    others: tuple[str, ...]


def choose(question: str, infos: Sequence[CollectionInfo]) -> Choice:
    """Order the collections of one domain.

    A collection or an encoder that the question names comes first. Else what a learned encoder made of the
    user's own cases, which was asked for by encoding them, then the built-in one. Cases that were imported
    as vectors alone are other cases: they are searched when named, or when there are no others.

    Args:
        question: the user's own.
        infos: the collections of the image's domain that hold cases.
    """
    built_in = [info for info in infos if is_built_in(info.name)]
    learned = [info for info in infos if info not in built_in and not is_imported(info.name)]
    named = [info for info in infos if _names(question, info.name)]
    missing = [name for name in ENCODERS if _names(question, name) and name not in [i.name for i in infos]]
    # "derm-foundation" also means its imported vectors, where it has made no others.
    named += [info for info in infos if learned_name(info.name) in missing and info not in named]
    missing = [name for name in missing if name not in [learned_name(info.name) for info in infos]]
    if _ASKS_BUILT_IN.search(question) and built_in:
        named = built_in
    first = named or learned
    tried = first if first and first[0] in built_in else [*first, *built_in]
    tried = tried or list(infos)
    return Choice(
        tuple(tried),
        tuple(_not_there(name, infos[0].domain) for name in missing),
        tuple(info.name for info in infos if info not in tried and not named),
    )


def is_built_in(collection: str) -> bool:
    """Whether a collection was made by an encoder that comes with Casebook."""
    return any(collection == encoder.name for encoder in built_in_encoders())


def _names(question: str, name: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", question, re.IGNORECASE))


def _not_there(name: str, domain: str) -> str:
    if ENCODERS[name] != domain:
        return f"{name} is for {ENCODERS[name]} images, so it was not used."
    return f"{name} has not described your cases yet: casebook library encode {name}."
