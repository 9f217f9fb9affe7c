"""How llama.cpp loads a GGUF file, and what it says of one that it cannot load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from store.errors import SetupError

BATCH = 128
"""Prompt tokens evaluated between two looks at Stop. Ours: hardly slower than llama.cpp's 512 on a CPU."""

GPU_BATCH = 512
INSTALL = 'pip install -c constraints.txt -e ".[llama]"'
Kv = Literal["f16", "q8_0", "q4_0"]
_FIRST_PART = re.compile(r"-00001-of-(\d{5})\.gguf$")
"""The first file of a model in several. Source: llama.cpp, tools/gguf-split."""


class UnusableError(SetupError):
    """The chat model cannot be used on this machine as it is set up; the built-in planner can."""


@dataclass(frozen=True)
class Load:
    """How a model is loaded.

    Attributes:
        path: the GGUF file.
        context: tokens of the context; fewer where the model was trained on fewer.
        gpu_layers: layers on the GPU; -1 for all.
        threads: CPU threads; 0 lets llama.cpp choose.
        kv: number format of the context.
        plain: whether a file without a chat template is taken.
        extra_buffers: whether llama.cpp may keep a second form of the weights that is quicker on this CPU.
    """

    path: Path
    context: int
    gpu_layers: int = 0
    threads: int = 0
    kv: Kv = "f16"
    plain: bool = False
    extra_buffers: bool = True


def loaded(load: Load) -> Any:
    """The model in memory: a ``llama_cpp.Llama``.

    Raises:
        UnusableError: llama-cpp-python is missing, or the file cannot be loaded like this.
    """
    cpp = library()
    require_gguf(load.path)
    from jinja2.exceptions import TemplateError

    kinds = {"f16": cpp.GGML_TYPE_F16, "q8_0": cpp.GGML_TYPE_Q8_0, "q4_0": cpp.GGML_TYPE_Q4_0}
    batch = GPU_BATCH if load.gpu_layers else BATCH
    try:
        return (cpp.Llama if load.extra_buffers else _plain())(
            str(load.path),
            n_ctx=load.context,
            n_batch=batch,
            n_ubatch=batch,
            n_gpu_layers=load.gpu_layers,
            n_threads=load.threads or None,
            n_threads_batch=load.threads or None,
            type_k=kinds[load.kv],
            type_v=kinds[load.kv],
            # llama.cpp's condition for contexts in less than 16 bits.
            flash_attn=load.kv != "f16",
            # All of a sliding window is kept, so that a prompt's beginning can be used again.
            swa_full=True,
            verbose=False,
        )
    except (ValueError, RuntimeError, TemplateError) as error:
        raise _not_loaded(load, context="context" in str(error)) from error


def library() -> Any:
    """``llama_cpp``.

    Raises:
        UnusableError: it is not installed.
    """
    try:
        import llama_cpp
    except ImportError as error:
        raise not_installed() from error
    return llama_cpp


def parts_of(name: str) -> list[str]:
    """All files of a model whose first one is `name`."""
    found = _FIRST_PART.search(name)
    if not found:
        return [name]
    count = int(found[1])
    return [f"{name[: found.start()]}-{part:05d}-of-{count:05d}.gguf" for part in range(1, count + 1)]


def no_template(path: Path) -> UnusableError:
    """What is said of a base model."""
    return UnusableError(
        f"The chat model {path.name} has no chat template: it is a base model, which goes on with a text and "
        "was not taught to answer. Take the version of it that was (its name often ends in -Instruct, -it or "
        "-chat), or set CASEBOOK_LLM_PLAIN=true to use it all the same."
    )


def not_installed() -> UnusableError:
    """What is said where llama-cpp-python is missing."""
    return UnusableError(
        f"A chat model from a file needs llama-cpp-python, which is not installed: {INSTALL}"
    )


def require_gguf(path: Path) -> None:
    """Check that `path` is there and begins as a GGUF file does.

    Raises:
        UnusableError: it does not.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise UnusableError(
            f"The chat model's file {str(path)!r} cannot be read. Set CASEBOOK_LLM_PATH to a GGUF file."
        ) from error
    if magic != b"GGUF":
        raise UnusableError(
            f"{path.name} is no GGUF file, the format of llama.cpp. Set CASEBOOK_LLM_PATH to one."
        )


@cache
def _plain() -> Any:
    """``Llama`` without the extra buffers: its constructor has no argument for them.

    Source: llama-cpp-python 0.3.36, ``Llama.__init__`` assigns ``model_params``, llama.cpp's defaults, once
    and hands them to ``llama_model_load_from_file``; llama.h, ``use_extra_bufts``.
    """
    from llama_cpp import Llama

    class Plain(Llama):
        @property
        def model_params(self) -> Any:
            return self._model_params

        @model_params.setter
        def model_params(self, params: Any) -> None:
            params.use_extra_bufts = False
            self._model_params = params

    return Plain


def _not_loaded(load: Load, *, context: bool) -> UnusableError:
    if context:
        return UnusableError(
            f"The chat model {load.path.name} is there, but its context could not be made. Set "
            f"CASEBOOK_LLM_CONTEXT (now {load.context}) lower, CASEBOOK_LLM_KV (now {load.kv}) to f16, or "
            f"CASEBOOK_LLM_GPU_LAYERS (now {load.gpu_layers}) lower."
        )
    return UnusableError(
        f"llama.cpp cannot load {load.path.name}: the file is damaged or cut off, or is of a kind that this "
        "version does not know. Fetch it again, or try another."
    )
