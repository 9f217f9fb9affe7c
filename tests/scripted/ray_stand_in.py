"""Stands in for the package Ray: actors in this process, answered in an order that a test chooses.

They may die. It does what `assistant.cluster.crew` asks of Ray and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any


class RayError(Exception):
    """As in ``ray.exceptions``."""


class RayTaskError(RayError):
    """As in ``ray.exceptions``."""

    cause: BaseException | None = None


@dataclass(eq=False)
class Ref:
    """A call that was sent to an actor."""

    actor: Actor
    method: str
    words: tuple[Any, ...]


@dataclass(eq=False)
class Actor:
    """One actor; `answers` as long as it lives."""

    number: int
    inside: Any
    alive: bool = True

    def __getattr__(self, method: str) -> Any:
        return SimpleNamespace(remote=lambda *words: Ref(self, method, words))


@dataclass
class RayStandIn:
    """The package.

    Attributes:
        kills: says of an actor's number and the words it is given whether it dies over them.
        choose: which of the open calls is answered next.
    """

    kills: Callable[[int, tuple[Any, ...]], bool] = lambda _number, _words: False
    choose: Callable[[list[Ref]], Ref] = lambda refs: refs[0]
    actors: list[Actor] = field(default_factory=list)
    given: list[tuple[int, Any]] = field(default_factory=list)
    exceptions: Any = field(
        default_factory=lambda: SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError)
    )

    def put(self, value: Any) -> Any:
        return value

    def remote(self, **_options: Any) -> Callable[[type], Any]:
        def made(kind: type) -> Any:
            def begin(*words: Any) -> Actor:
                self.actors.append(Actor(len(self.actors), kind(*words)))
                return self.actors[-1]

            return SimpleNamespace(remote=begin)

        return made

    def wait(self, refs: list[Ref], num_returns: int, timeout: float) -> tuple[list[Ref], list[Ref]]:
        return [self.choose(refs)], []

    def get(self, ref: Ref) -> Any:
        if ref.method == "do":
            self.given.append((ref.actor.number, ref.words[0]))
        if not ref.actor.alive or self.kills(ref.actor.number, ref.words):
            ref.actor.alive = False
            raise RayError
        try:
            return getattr(ref.actor.inside, ref.method)(*ref.words)
        except Exception as error:
            wrapped = RayTaskError()
            wrapped.cause = error
            raise wrapped from error

    def kill(self, actor: Actor) -> None:
        actor.alive = False
