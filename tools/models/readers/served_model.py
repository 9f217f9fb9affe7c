"""Which model a server runs as a reader, and whether it is still the one that it was."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from store.errors import SetupError
from tools.models.readers.connection import CONNECT_S, Connection
from tools.models.readers.known_answer import Kept, KnownAnswer

if TYPE_CHECKING:
    import httpx

# Ours: a model is not exchanged and asked within a minute, and a list takes milliseconds.
_LISTED_FOR_S = 60.0
# Ours: a server that does not list its models by then is asked without that, if the model's name is set.
_LIST_S = 3.0
_LOOK_S = 0.1
_NAMED = 5


class ServedModel:
    """The model of one server. Safe between threads.

    Args:
        connection: to the server.
        served_as: the model's name there; None takes the only one there is.
        known: what the server answered before; None compares nothing.
    """

    def __init__(self, connection: Connection, served_as: str | None, known: KnownAnswer | None) -> None:
        self._connection, self._served_as, self._known = connection, served_as, known
        self._lock = threading.Lock()
        self._listed: tuple[str, ...] = ()
        self._listed_at = -_LISTED_FOR_S
        self.name = served_as
        self.kept: Kept | None = None

    def sure(
        self,
        ask: Callable[[str], str | None],
        cancelled: threading.Event,
        until: float,
        *,
        anew: bool = False,
    ) -> str | None:
        """The name of the model, once it is known that it is the one that it was.

        That takes a list of models a minute, and a short question in each process and after each change of
        that list.

        Args:
            ask: puts the fixed question to a model of that name; returns a digest of the reply, None when
                there was no time for it.
            cancelled: set to wait no longer.
            until: when to wait no longer, on the clock of `time.monotonic`.
            anew: take what it answers now for its known answer.

        Returns:
            The name; None when there was no time.

        Raises:
            SetupError: the server has no such model, none, or several and none is set; or its known answer
                is another.
        """
        while not self._lock.acquire(timeout=_LOOK_S):
            if cancelled.is_set() or time.monotonic() >= until:
                return None
        try:
            name = self._named()
            if self._known is not None and (anew or self.kept is None):
                self.kept = None
                self.kept = self._known.check(name, lambda: ask(name), anew=anew)
                return name if self.kept else None
            return name
        finally:
            self._lock.release()

    def _named(self) -> str:
        if self._served_as is not None and self._known is None:
            return self._served_as
        if time.monotonic() - self._listed_at < _LISTED_FOR_S and self.name is not None:
            return self.name
        listed = self._list()
        if listed != self._listed:
            self._listed, self.kept = listed, None
        name = self._chosen(listed)
        self._listed_at, self.name = time.monotonic(), name
        return name

    def _chosen(self, listed: tuple[str, ...]) -> str:
        setting = f"CASEBOOK_{self._connection.reader.replace('-', '_').upper()}_SERVED_AS"
        known = f"it has {', '.join(listed[:_NAMED])}" if listed else "it names none"
        if self._served_as is None and len(listed) != 1:
            raise SetupError(
                f"Set {setting} to the model's name on the server of {self._connection.reader}; {known}."
            )
        if self._served_as is not None and listed and self._served_as not in listed:
            raise SetupError(
                f"The server of {self._connection.reader} has no model {self._served_as}; {known}. Correct "
                f"{setting}, or start that model."
            )
        return self._served_as or listed[0]

    def _list(self) -> tuple[str, ...]:
        names: list[str] = []

        def keep(response: httpx.Response) -> None:
            try:
                names.extend(str(one["id"]) for one in json.loads(response.read())["data"])
            except (ValueError, KeyError, TypeError) as error:
                raise self._connection.strange() from error

        if self._served_as is None:
            self._connection.ask("GET", "/models", keep, timeout_s=CONNECT_S)
        else:
            with suppress(SetupError):  # what is wrong with the server, the question tells
                self._connection.ask("GET", "/models", keep, timeout_s=_LIST_S)
        return tuple(names)
