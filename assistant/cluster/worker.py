"""What runs in a process of the cluster: one job, opened once, and its answers as data.

Nothing that stood in a file leaves it but in an answer: Ray writes what a process prints and how it broke
into files of its own, so nothing is printed, and an error is told by its type and place alone.
"""

from __future__ import annotations

import logging
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from store.errors import CasebookError, SetupError

T = TypeVar("T")


class Doing(Protocol):
    """A job that was opened."""

    def about(self) -> Mapping[str, Any]:
        """What its answers depend on, by name: the same in every process of a crew."""

    def do(self, item: Any) -> Any:
        """The answer to one item."""


class Job(Protocol):
    """What is done. It travels to the cluster, so it is made of plain data."""

    @property
    def loads_a_model(self) -> bool:
        """Whether it is worth a GPU."""

    def open(self) -> Doing:
        """Load what it needs, on the machine where it is done."""


@dataclass(frozen=True)
class Refusal:
    """The sentence of an error that was foreseen.

    Attributes:
        text: the sentence.
        operator: whether who runs the machines can act, rather than who sent the picture.
    """

    text: str
    operator: bool


@dataclass(frozen=True)
class Opened:
    """What a process says of itself once its job is open.

    Attributes:
        about: what its answers depend on.
        bytes: memory that its model takes; 0 where that is not known.
    """

    about: Mapping[str, Any]
    bytes: int


class BrokenError(Exception):
    """A bug in a process of the cluster, by type and place."""


class Worker:
    """One process. Ray makes it from a job.

    Args:
        job: what is done here.
    """

    def __init__(self, job: Job) -> None:
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())
        self._job = job
        self._doing: Doing | None = None

    def open(self) -> Opened | Refusal:
        """Load what the job needs."""
        return _guarded(self._open)

    def do(self, item: Any) -> Any:
        """The answer to one item, or a `Refusal`."""
        doing = self._doing
        assert doing is not None  # noqa: S101  nothing is sent before `open` has answered
        return _guarded(lambda: doing.do(item))

    def _open(self) -> Opened:
        self._doing = self._job.open()
        return Opened(self._doing.about(), int(getattr(self._doing, "nbytes", 0)))


def _guarded(work: Callable[[], T]) -> T | Refusal:
    try:
        return work()
    except CasebookError as error:
        return Refusal(str(error), isinstance(error, SetupError))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  passed on, without words that may quote a file
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
        raise BrokenError(where) from None
