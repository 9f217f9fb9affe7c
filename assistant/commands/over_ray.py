"""`--ray`: work of a command done on a Ray cluster."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.commands import console
from store.errors import SetupError

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.cluster.joining import Cluster


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the argument."""
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="share the work out on a Ray cluster: local (this machine's cores), local:N, auto, HOST:PORT or "
        "ray://HOST:PORT; what is kept is written here",
    )


@contextmanager
def cluster_of(given: argparse.Namespace, assistant: Assistant) -> Iterator[Cluster | None]:
    """The cluster that the user named, or None.

    Raises:
        SetupError: Ray is not installed, there is no such cluster, or pictures may not leave this machine.
    """
    if given.ray is None:
        yield None
        return
    from assistant.cluster.joining import is_alone, joined

    if not is_alone(given.ray) and not assistant.services.settings.ray_remote:
        raise SetupError(
            f"The cluster {given.ray!r} is beyond this machine, and pictures would be sent there. Set "
            "ray_remote to true to allow that, or give --ray local."
        )
    with joined(given.ray, console.note) as cluster:
        yield cluster
