"""Which chat model an installation uses: the built-in planner, a GGUF file, or a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.settings import Settings
from store.errors import SetupError
from tools.language.sayings import Saying
from tools.models.hub.addresses import is_here

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SERVER_PACKAGES = 'pip install -c constraints.txt -e ".[server]"'


def chat_model(settings: Settings) -> tuple[BaseChatModel | None, tuple[Saying, ...]]:
    """The chat model that the settings name; nothing is loaded or asked yet.

    Returns:
        The model, or None for the built-in planner; and what every answer must say of it.

    Raises:
        SetupError: the settings contradict each other, something is missing, or a server is elsewhere and was
            not allowed to be.
    """
    given = [
        name
        for name, value in (
            ("CASEBOOK_LLM_PATH", settings.llm_path),
            ("CASEBOOK_LLM_REPO", settings.llm_repo),
            ("CASEBOOK_LLM_SERVER", settings.llm_server),
        )
        if value
    ]
    if len(given) > 1:
        raise SetupError(f"{' and '.join(given)} name different chat models. Keep one of them.")
    if settings.llm_server:
        return _served(settings, settings.llm_server)
    return _local(settings) if given else (None, ())


def described(settings: Settings) -> str:
    """The chat model in a sentence."""
    if settings.llm_server:
        host = urlsplit(settings.llm_server).hostname
        where = "this machine" if is_here(settings.llm_server) else f"{host}, another machine"
        return f"{settings.llm_served_as or 'The model'} of a server on {where}. It is first asked in a chat."
    if settings.llm_path or settings.llm_repo:
        return f"{model_file(settings).name}, run here by llama.cpp. It is loaded when it is first asked."
    return "The built-in planner: it chooses the tools and words the answer from what they return."


def model_file(settings: Settings) -> Path:
    """The GGUF file that the settings name.

    Raises:
        SetupError: it is not there.
    """
    from assistant.llm.gguf import find_pulled

    if settings.llm_path is None:
        return find_pulled(settings)
    path = settings.llm_path.expanduser()
    if path.is_dir():
        raise SetupError(f"CASEBOOK_LLM_PATH is a folder, {str(path)!r}. Set it to the GGUF file in it.")
    if not path.is_file():
        raise SetupError(f"The chat model's file {str(path)!r} is not there. Set CASEBOOK_LLM_PATH to it.")
    return path


def _local(settings: Settings) -> tuple[BaseChatModel, tuple[Saying, ...]]:
    from assistant.llm.local_llm import PLAIN, LocalLLM

    model = LocalLLM(
        path=model_file(settings),
        context=settings.llm_context,
        gpu_layers=settings.llm_gpu_layers,
        threads=settings.llm_threads,
        kv=settings.llm_kv,
        plain=settings.llm_plain,
        max_tokens=settings.llm_max_tokens,
        home=settings.home,
    )
    return model, (PLAIN,) if settings.llm_plain else ()


def _served(settings: Settings, url: str) -> tuple[BaseChatModel, tuple[Saying, ...]]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SetupError("CASEBOOK_LLM_SERVER is no URL. Casebook accepts http://HOST:PORT/v1.")
    here = is_here(url)
    if not here and not settings.llm_remote:
        raise SetupError(
            f"The chat model's server {parts.hostname} is not this machine: what is asked, and what the "
            "tools find in images, would leave it. If that is allowed, set CASEBOOK_LLM_REMOTE=true; if not, "
            "use a server on this machine or a GGUF file."
        )
    try:
        from assistant.llm.server import ServedLLM
    except ImportError as error:
        raise SetupError(
            f"A chat model on a server needs langchain-openai, which is not installed: {SERVER_PACKAGES}"
        ) from error
    model = ServedLLM(
        url=url,
        served_as=settings.llm_served_as,
        key=settings.llm_key,
        context_length=settings.llm_context,
        max_tokens=settings.llm_max_tokens,
    )
    return model, () if here else (Saying("models.text_is_sent", {"host": parts.hostname}),)
