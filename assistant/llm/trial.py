"""Start a GGUF model in a child process, in the way in which it runs on this machine.

llama.cpp is native code compiled for one kind of CPU: where the two do not fit, it takes its process with it.
So every child evaluates a few tokens before it is used. If it dies of that, another tries without the extra
buffers, llama.cpp's own forms of the weights for single CPUs. What was found is kept; see
``assistant.llm.trial_records``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from assistant.llm.child import Child, DiedError, Message
from assistant.llm.loading import Load, UnusableError, not_installed, require_gguf
from assistant.llm.trial_records import Outcome, Record, files_of

TOKENS = 40
"""Tokens evaluated together. Ours: more than 32, so that blocks of every size are computed, and a rest."""

# Ours: some ten times what evaluating a batch takes one slow thread, at least and per GiB of the file.
_LEAST_S, _PER_GIB_S = 30.0, 60.0
# Ours: loading may take that much longer, on a busy machine or from a slow disk.
_WAITING = 4


@dataclass(frozen=True)
class Started:
    """A model that is ready in a child.

    Attributes:
        child: the process.
        context: tokens that it holds.
        stops: texts at which a reply ends, besides the model's own end tokens.
        template: what tells the chat template from others; "" where the file has none.
    """

    child: Child
    context: int
    stops: tuple[str, ...]
    template: str


def start(
    load: Load, home: Path | None, known: Outcome | None = None, *, again: bool = False
) -> tuple[Started | None, Outcome]:
    """Start a model as it is known to run, or find out how it does.

    Args:
        load: how it is to be loaded.
        home: the Casebook folder, where the outcome is kept; None keeps nothing.
        known: what this process found out before.
        again: whether a model that runs in no way gets another chance.

    Returns:
        The model, or None where it runs in no way; and what was found.

    Raises:
        UnusableError: llama-cpp-python is missing, llama.cpp refuses the file, or no child can be started.
    """
    require_gguf(load.path)
    if find_spec("llama_cpp") is None:
        raise not_installed()
    record = Record(load, home) if home else None
    outcome = known or (record.read() if record else None) or Outcome()
    if again and not outcome.works:
        outcome = Outcome()
    started, deaths = None, () if outcome.works else outcome.deaths
    while started is None and len(deaths) < 2:
        usable = replace(load, extra_buffers=outcome.extra_buffers and not deaths)
        try:
            started = _started(usable, home)
        except DiedError as died:
            deaths = (*deaths, str(died))
    outcome = Outcome(deaths) if deaths else outcome
    if record:
        record.keep(outcome)
    return started, outcome


def quiet_s(path: Path) -> float:
    """Seconds without an answer after which a model hangs."""
    return _LEAST_S + _PER_GIB_S * sum(file.stat().st_size for file in files_of(path)) / 2**30


def _started(load: Load, home: Path | None) -> Started:
    child = Child(quiet_s(load.path))
    try:
        ready = _ready(child, load, home)
    except BaseException:
        child.kill()
        raise
    return Started(child, ready["context"], tuple(ready["stops"]), ready["template"])


def _ready(child: Child, load: Load, home: Path | None) -> Message:
    ready = child.ask(
        "load",
        patience=_WAITING,
        load=asdict(load) | {"path": str(load.path)},
        tokens=TOKENS,
        home=str(home) if home else None,
    )
    if "refused" in ready:
        raise UnusableError(ready["refused"])
    return ready
