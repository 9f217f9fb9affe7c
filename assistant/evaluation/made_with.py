"""What the answers of an evaluation depend on: the questions, the models and their weights, the settings."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation.asking import Examinee
from assistant.provenance.chat_model import name_of, weights_of
from assistant.provenance.shown import shown
from assistant.provenance.sources import versions
from store.errors import SetupError

if TYPE_CHECKING:
    from assistant.build import Services
    from tools.models.installed_readers import Readers

NO_READER = "none"


def made_with(path: Path, asked: Examinee) -> dict[str, Any]:
    """What the answers depend on, without secrets."""
    return {"questions (SHA-256)": hashlib.sha256(path.read_bytes()).hexdigest(), **answered_with(asked)}


def answered_with(asked: Examinee) -> dict[str, Any]:
    """The same without the questions: what is the same wherever they are asked."""
    services = asked.assistant.services
    model, _ = services.chat_model
    return {
        "reader alone": (asked.reader or "by the picture's kind") if asked.alone else NO_READER,
        "agent": asked.agent,
        "chat model": name_of(model),
        "chat model's weights": asked.revision,
        "chat model's role": casting.role if (casting := services.casting) else None,
        "readers": _revisions(services.readers),
        **versions(),
        **{f"setting {name}": value for name, value in shown(services.settings).items()},
    }


def chat_model_revision(services: Services) -> str | None:
    """What tells the language model's weights from others of the same name.

    None for the planner and for a model of the caller's.

    Raises:
        SetupError: the model cannot be used, or the server does not answer.
    """
    model, _ = services.chat_model  # refuses a file that is not there and a server that may not be asked
    return None if model is None or services.model is not None else weights_of(services.settings)


def _revisions(readers: Readers) -> dict[str, str]:
    """The readers that are set up, with the revision of their weights or their server."""
    from tools.models.places import find_place
    from tools.models.systems.cards import SYSTEMS

    found = {}
    for name in readers.set_up():
        found[name] = "on a server" if name in readers.settings.servers else "unknown"
        path, base = readers.settings.folders.get(name, (None, None))
        if name not in readers.settings.servers:
            with suppress(SetupError):
                found[name] = find_place(SYSTEMS[name], readers.settings.home, path=path, base=base).revision
    return found
