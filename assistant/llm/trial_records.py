"""What a trial of a GGUF model found, in words, and kept so that it is not repeated at every start.

It is kept by file, build of llama.cpp and machine: when one of them changes, it is found out anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import platform
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.llm.loading import Load, UnusableError, parts_of
from store.errors import SetupError
from store.whole_file import write_json

_PACKAGE = "llama-cpp-python"
# What native code that does not fit the machine dies of. Any other end (memory, a busy machine) may pass.
_LASTING = frozenset({"SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT", "SIGFPE"})
_REBUILD = (
    "Try another GGUF file, or build llama-cpp-python without this CPU's special instructions: "
    "CMAKE_ARGS=-DGGML_NATIVE=OFF pip install -c constraints.txt --force-reinstall --no-deps --no-cache-dir "
    "llama-cpp-python. Then run casebook doctor, and start Casebook again."
)
_MAKE_ROOM = "Close what else uses this machine or try a smaller GGUF file, and start Casebook again."
# What tells one kind of CPU from another, on x86 and ARM. Source: Linux, arch/*/kernel/cpu/proc.c
_ABOUT_CPU = re.compile(
    r"^(vendor_id|model name|flags|CPU (?:implementer|part|variant)|Features)\s*:.*", re.M
)


@dataclass(frozen=True)
class Outcome:
    """What a trial found.

    Attributes:
        deaths: how the processes ended that did not come through: none, one with the extra buffers, or a
            second one without them.
    """

    deaths: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Whether one came through."""
        return len(self.deaths) < 2

    @property
    def extra_buffers(self) -> bool:
        """Whether the model may be loaded with the extra buffers."""
        return not self.deaths

    @property
    def is_lasting(self) -> bool:
        """Whether processes died, and it will be the same next time."""
        return bool(self.deaths) and _LASTING.issuperset(self.deaths)

    @property
    def sentence(self) -> str:
        """What a working model runs with."""
        if self.extra_buffers:
            return "A trial in a process of its own went well; llama.cpp's default settings are in force."
        return (
            "Safe settings are in force (use_extra_bufts=False): with llama.cpp's default ones a trial in a "
            f"process of its own failed ({self.deaths[0]}), with these it went well. They may be slower."
        )

    def unusable(self, load: Load) -> UnusableError:
        """What is said of a model that works in no way: what happened and what to do."""
        return UnusableError(
            f"The chat model {load.path.name} does not run on this machine: a trial in a process of its own "
            f"failed ({self.deaths[0]}), and failed again ({self.deaths[1]}) with safe settings "
            f"(use_extra_bufts=False). {_REBUILD if self.is_lasting else _MAKE_ROOM}"
        )


class Record:
    """Where one outcome is kept.

    Args:
        load: how the model is to be loaded; llama-cpp-python is installed and the file is there.
        home: the Casebook folder.
    """

    def __init__(self, load: Load, home: Path) -> None:
        self._file = load.path.name
        about = [
            *map(_told, files_of(load.path)),
            load.gpu_layers,
            load.threads,
            load.kv,
            _build(),
            _machine(),
        ]
        key = hashlib.sha256(json.dumps([str(load.path.absolute()), *about]).encode()).hexdigest()[:16]
        self._path = home / "models" / "trials" / f"{key}.json"

    def read(self) -> Outcome | None:
        """What was found; None where nothing is kept that can be read."""
        try:
            deaths = json.loads(self._path.read_text(encoding="utf-8"))["deaths"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Outcome(tuple(deaths)) if isinstance(deaths, list) else None

    def keep(self, outcome: Outcome) -> None:
        """Keep in what way it died, if it will be the same next time and the folder can be written."""
        with contextlib.suppress(SetupError, OSError):
            if outcome.is_lasting:
                write_json(self._path, {"file": self._file, "deaths": outcome.deaths})
            else:
                self._path.unlink(missing_ok=True)


def files_of(path: Path) -> list[Path]:
    """The files of a model whose first one is `path`, as far as they are there."""
    return [file for part in parts_of(path.name) if (file := path.with_name(part)).is_file()]


def _told(path: Path) -> tuple[str, int, int]:
    about = path.stat()
    return path.name, about.st_size, about.st_mtime_ns


def _build() -> list[Any]:
    """What tells one build of llama.cpp from another of the same version; it is not loaded for that."""
    spec = find_spec("llama_cpp")
    package = Path(spec.origin).parent if spec and spec.origin else Path()
    # Source: llama-cpp-python 0.3.36, llama_cpp/llama_cpp.py: where it looks for the library.
    folder = Path(os.environ.get("LLAMA_CPP_LIB_PATH") or package / "lib")
    return [importlib.metadata.version(_PACKAGE), *map(_told, sorted(folder.glob("*")))]


def _machine() -> list[str]:
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("\n\n")[0]
    except OSError:  # only Linux has it
        return [platform.machine(), platform.processor()]
    return [platform.machine(), *(found[0] for found in _ABOUT_CPU.finditer(first))]
