"""What tells a chat model's weights, and the template of its conversations, from others of the same name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.llm.chat_models import model_file
from assistant.llm.gguf import NAME
from assistant.llm.in_turn import alone
from assistant.llm.loading import parts_of
from assistant.provenance.shown import unplaced
from store.errors import SetupError
from store.hashes import file_digest
from tools.models.hub.pulled import read_pulled

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.settings import Settings

PLANNER = "planner"

# Ours: a server that is there tells its models at once.
_SERVER_S = 10.0
# What servers say of a model besides the moment they were asked: vLLM its folder, llama-server its size.
_TOLD = ("id", "root", "meta")


def name_of(model: BaseChatModel | None) -> str:
    """What a chat model is called; `PLANNER` for None."""
    named = getattr(model, "model_name", None) or getattr(model, "model", None)
    return " ".join(map(str, filter(None, (type(model).__name__, named)))) if model else PLANNER


def weights_of(settings: Settings) -> str:
    """The chat model that the settings name, which is not the planner.

    Of a file its size and hash (``store.hashes``), of one that was pulled the commit too; what
    a server says of its models.

    Raises:
        SetupError: the file is not there, or the server does not answer.
    """
    if settings.llm_server:
        return _served(settings.llm_server, settings.llm_key)
    pulled = read_pulled(NAME, settings.home) if settings.llm_repo else None
    try:
        path = model_file(settings)
        found = "; ".join(file_digest(path.with_name(part)) for part in parts_of(path.name))
    except OSError as error:
        raise SetupError("The chat model's file cannot be read. Check its permissions.") from error
    return f"{found}, commit {pulled.checkpoint.revision}" if pulled else found


def _served(url: str, key: str | None) -> str:
    import httpx

    from tools.models.readers.connection import open_client

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        # One of llama.cpp breaks a running reply off for whatever is asked next, a list of models included.
        with alone(url), open_client(url, _SERVER_S) as client:
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
