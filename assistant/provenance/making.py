"""What an answer shares with many others of what it depends on, by name: no secret, no identifier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.provenance.chat_model import PLANNER, name_of, weights_of
from assistant.provenance.shown import shown
from assistant.provenance.sources import python, sources, versions
from store.errors import SetupError
from store.hashes import file_digest, folder_digest

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.answers.answer import Answer
    from assistant.settings import Settings

UNKNOWN = "unknown"
# What looks into the case library, and what carries a classifier that was trained on it.
_OF_LIBRARY = {"find_similar_cases", "classify_with_my_labels", "browse_library", "quiz", "save_case"}
_OF_HEADS = {"classify_with_my_labels"}


def making(settings: Settings, model: BaseChatModel | None, *, given: bool, answer: Answer) -> dict[str, Any]:
    """What the answer depends on, by name.

    Args:
        settings: of the installation.
        model: the chat model; None for the planner.
        given: whether the model is of the program that uses Casebook, and not of the settings.
        answer: what came of it: models that had no part in it are not looked at.
    """
    return {
        **_chat_model(settings, model, given=given, answer=answer),
        **dict(_systems(settings, answer)),
        **dict(_library(settings.home / "library", {one.tool for one in answer.evidence})),
        **{f"setting {name}": value for name, value in shown(settings).items()},
        "Python": python(),
        **versions(),
        **_sources(),
    }


def _sources() -> dict[str, str]:
    """The marks of code and words; an answer is not lost where they are just being replaced."""
    with suppress(OSError):
        return sources()
    return {"code and words": UNKNOWN}


def _chat_model(
    settings: Settings, model: BaseChatModel | None, *, given: bool, answer: Answer
) -> dict[str, Any]:
    asked = model is not None and not answer.by_rules
    made = {"chat model": name_of(model) if asked else PLANNER}
    if not asked or model is None:
        return made
    drawn = {
        f"chat model's {name}": getattr(model, name, None) for name in ("seed", "temperature", "template")
    }
    return made | drawn | {"chat model's weights": None if given else _weights(settings)}


def _weights(settings: Settings) -> str:
    if settings.llm_server:
        return _served_weights(settings)
    with suppress(SetupError):
        return weights_of(settings)
    return UNKNOWN


@lru_cache(maxsize=8)
def _served_weights(settings: Settings) -> str:
    """Asked once in a process: it is another request to the server."""
    with suppress(SetupError):
        return weights_of(settings)
    return UNKNOWN


def _systems(settings: Settings, answer: Answer) -> Iterator[tuple[str, Any]]:
    """The published systems that had a part in the answer, with their weights."""
    from tools.models.systems.cards import SYSTEMS

    for name in SYSTEMS:
        if name in _named(answer):
            url, served_as = settings.server_of(name)
            if url:
                yield f"{name}", f"on a server, as {served_as or 'its only model'}"
            else:
                yield from _folders(settings, name)


def _named(answer: Answer) -> str:
    """Who the evidence is from, in one text."""
    by = [f"{one.tool} {one.model} {one.revision}" for one in answer.evidence]
    records = [record for one in answer.evidence for record in one.records]
    return " ".join([*by, *(str(record.get("model", "")) for record in records)])


def _folders(settings: Settings, name: str) -> Iterator[tuple[str, Any]]:
    from tools.models.places import find_place
    from tools.models.systems.cards import SYSTEMS

    path, base = settings.folders_of(name)
    with suppress(SetupError):
        place = find_place(SYSTEMS[name], settings.home, path=path, base=base)
        yield f"{name}'s revision", place.revision
        yield f"{name}'s weights", _of_folder(place.path)
        if place.base is not None:
            yield f"{name}'s base, revision", place.base_revision
            yield f"{name}'s base, weights", _of_folder(place.base)


def _library(root: Path, tools: set[str]) -> Iterator[tuple[str, str]]:
    if tools & _OF_LIBRARY:
        with suppress(OSError):
            yield "case library", file_digest(root / "cases.sqlite3")
    if tools & _OF_HEADS:
        yield "classifiers", _of_folder(root / "heads")


def _of_folder(folder: Path) -> str:
    with suppress(OSError):
        return f"SHA-256 {folder_digest(folder)}"
    return UNKNOWN
