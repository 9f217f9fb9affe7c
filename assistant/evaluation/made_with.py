"""What the answers of an evaluation depend on: the questions, the models and their weights, the settings."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation.asking import Examinee
from store.errors import SetupError

if TYPE_CHECKING:
    from assistant.build import Services
    from assistant.settings import Settings
    from tools.models.installed_readers import Readers

NO_READER = "none"
_PACKAGES = (
    "casebook",
    "langchain",
    "langgraph",
    "torch",
    "transformers",
    "peft",
    "llama-cpp-python",
    "numpy",
    "pillow",
)
# Ours: a server that is there tells its models at once.
_SERVER_S = 10.0
# What servers say of a model besides the moment they were asked: vLLM its folder, llama-server its size.
_TOLD = ("id", "root", "meta")


def made_with(path: Path, asked: Examinee) -> dict[str, Any]:
    """What the answers depend on, without secrets."""
    services = asked.assistant.services
    model, _ = services.chat_model
    named = getattr(model, "model_name", None) or getattr(model, "model", None)
    return {
        "questions (SHA-256)": hashlib.sha256(path.read_bytes()).hexdigest(),
        "reader alone": (asked.reader or "by the picture's kind") if asked.alone else NO_READER,
        "agent": asked.agent,
        "chat model": " ".join(map(str, filter(None, (type(model).__name__, named)))) if model else "planner",
        "chat model's weights": asked.revision,
        "chat model's role": casting.role if (casting := services.casting) else None,
        "readers": _revisions(services.readers),
        **{f"package {name}": _version(name) for name in _PACKAGES},
        **{f"setting {name}": value for name, value in _shown(services.settings).items()},
    }


def chat_model_revision(services: Services) -> str | None:
    """What tells the language model's weights from others of the same name.

    A pulled file's commit and hash; of another file its size and a hash of blocks spread over it, both ends
    included; what a server says of its models. None for the planner and for a model of the caller's.

    Raises:
        SetupError: the model cannot be used, or the server does not answer.
    """
    settings = services.settings
    model, _ = services.chat_model  # refuses a file that is not there and a server that may not be asked
    if model is None or services.model is not None:
        return None
    if settings.llm_server:
        return _served(settings.llm_server, settings.llm_key)
    if settings.llm_repo:
        return _pulled(settings)
    from assistant.llm.chat_models import model_file
    from assistant.llm.weights import fingerprint

    return fingerprint(model_file(settings))


def _pulled(settings: Settings) -> str | None:
    from assistant.llm.gguf import NAME
    from tools.models.hub.pulled import read_pulled

    pulled = read_pulled(NAME, settings.home)
    if pulled is None:
        return None
    files = ", ".join(f"{file.name} {file.sha256}" for file in pulled.checkpoint.files)
    return f"{pulled.checkpoint.revision} ({files})"


def _served(url: str, key: str | None) -> str:
    import httpx

    from tools.models.readers.connection import open_client

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with open_client(url, _SERVER_S) as client:
            answer = client.get(f"{url.rstrip('/')}/models", headers=headers)
        models = [dict(one) for one in answer.raise_for_status().json()["data"]]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            "The server of the chat model does not say which models it has, so nothing was asked. Check that "
            "it runs, CASEBOOK_LLM_SERVER (such as http://localhost:8000/v1) and CASEBOOK_LLM_KEY."
        ) from error
    told = [{name: _told(name, one[name]) for name in _TOLD if name in one} for one in models]
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _told(name: str, value: Any) -> Any:
    """What a server says of a model; of a folder on it only what it is called."""
    return unplaced(Path(value)) if name in ("id", "root") and Path(str(value)).is_absolute() else value


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


def _shown(settings: Settings) -> dict[str, Any]:
    """Settings that are not secret; where Casebook keeps things changes no answer."""
    secret = {name for name, about in type(settings).model_fields.items() if not about.repr}
    kept = settings.model_dump(exclude={"home", *secret})
    # An address may carry a user's name and password.
    kept = {k: re.sub("//[^/@]*@", "//", v) if isinstance(v, str) else v for k, v in kept.items()}
    return {k: unplaced(v) if isinstance(v, Path) else v for k, v in kept.items()}


def unplaced(path: Path) -> str:
    """A file's or folder's name and what tells it from others of that name, but not where it lies.

    Results are passed on; the folders of a machine, and the names of people in them, are not.
    """
    return f"{path.name} (#{hashlib.sha256(str(path.expanduser().absolute()).encode()).hexdigest()[:8]})"


def _version(name: str) -> str | None:
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    return None
