"""A crew: processes of a Ray cluster that do one job each, and one line of items that keeps its order.

Each item is given to one process. When a process ends, what it had begun goes to another, one at a time, so
that an item which ends its process three times is known and left out. A new process takes its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.cluster.worker import Job, Opened, Refusal, Worker
from store.errors import SetupError

# Ours: one is worked on, the others wait where they are needed while results are written here.
_AT_A_TIME = 3
# Ours: how far the fastest may be ahead of the slowest, in items a process and in bytes of all.
_AHEAD, _AHEAD_BYTES = 8, 256 * 2**20
_TRIES = 3
_LOOK_S, _LONG_S = 1.0, 30.0

DIED = (
    "A worker of the cluster ended in the middle of its work. Another goes on with what it had begun; "
    "nothing that was kept is lost."
)
WAITING = (
    "No worker of the cluster is ready yet: it may have no room, or be slow to start. Waiting; Ctrl-C stops, "
    "and what was kept is kept."
)


class Lost:
    """The answer to an item whose process ended each time it was tried."""


@dataclass(frozen=True)
class Sent:
    """An item for the cluster, and its size in bytes."""

    item: Any
    size: int


@dataclass(frozen=True)
class Here:
    """An answer that is known already and takes its place in the order."""

    answer: Any


@dataclass(eq=False)
class _Order:
    sent: Sent | Here
    tries: int = 0
    done: bool = False
    answer: Any = None


@dataclass(eq=False)
class _Hand:
    actor: Any
    ready: bool = False
    doing: list[_Order] = field(default_factory=list)

    def takes(self, order: _Order) -> bool:
        """Whether it may be given an item: one that ended a process is done alone."""
        if not self.ready or len(self.doing) >= _AT_A_TIME:
            return False
        return not self.doing or not (order.tries or any(one.tries for one in self.doing))


class Crew:
    """The processes for one job. Made by `assistant.cluster.joining.Cluster`.

    Args:
        ray: the package.
        job: what is done.
        most: of the processes.
        options: what each takes of the cluster, as Ray's own options.
        memory: bytes that all processes together may take.
        tell: is given sentences for who waits.
    """

    def __init__(
        self,
        ray: Any,
        job: Job,
        *,
        most: int,
        options: dict[str, Any],
        memory: float,
        tell: Callable[[str], None],
    ) -> None:
        self._ray, self._tell, self._most, self._memory = ray, tell, most, memory
        # A process that ended is not made again by Ray, nor is its work repeated: that is seen to here.
        self._class = ray.remote(max_restarts=0, max_task_retries=0, **options)(Worker)
        self._job = ray.put(job)
        self._hands: list[_Hand] = []
        self._refs: dict[Any, tuple[_Hand, _Order | None]] = {}
        self._line: deque[_Order] = deque()
        self._waiting: deque[_Order] = deque()
        self._opened: Opened | None = None
        self._stillborn = 0

    def open(self) -> Opened:
        """What the first process says of itself; every other has to say the same.

        Raises:
            SetupError: no process can be started, or it cannot do the job.
        """
        if not self._hands:
            self._start()
        waited = 0.0
        while self._opened is None:
            waited = self._hear(waited)
        return self._opened

    def map(self, items: Iterable[Sent | Here]) -> Generator[Any, None, None]:
        """The answer to each item, in their order; a `Refusal` or `Lost` is one.

        Raises:
            SetupError: the processes are not alike, or none can be started any more.
        """
        source, waited = iter(items), 0.0
        while True:
            self._take_up(source)
            self._hand_out()
            while self._line and self._line[0].done:
                waited = 0.0
                yield self._line.popleft().answer
                self._take_up(source)
                self._hand_out()
            if not self._line:
                return
            waited = self._hear(waited)

    def close(self) -> None:
        """End the processes; what they work on is dropped."""
        for hand in self._hands:
            self._ray.kill(hand.actor)
        self._hands.clear()
        self._refs.clear()

    def _start(self) -> None:
        hand = _Hand(self._class.remote(self._job))
        self._hands.append(hand)
        self._refs[hand.actor.open.remote()] = (hand, None)

    def _take_up(self, source: Iterator[Sent | Here]) -> None:
        """Let items join the line as long as it is not too long."""
        while len(self._line) < _AHEAD * self._most and (not self._line or self._bytes() < _AHEAD_BYTES):
            sent = next(source, None)
            if sent is None:
                return
            if isinstance(sent, Here):
                self._line.append(_Order(sent, done=True, answer=sent.answer))
            else:
                self._line.append(_Order(sent))
                self._waiting.append(self._line[-1])

    def _bytes(self) -> int:
        return sum(one.sent.size for one in self._line if isinstance(one.sent, Sent))

    def _hand_out(self) -> None:
        """Give waiting items to processes; start another where all have enough to do."""
        while self._waiting:
            order = self._waiting[0]
            free = min(
                (one for one in self._hands if one.takes(order)), key=lambda one: len(one.doing), default=None
            )
            if free is None:
                break
            self._waiting.popleft()
            free.doing.append(order)
            assert isinstance(order.sent, Sent)  # noqa: S101
            self._refs[free.actor.do.remote(order.sent.item)] = (free, order)
        if self._waiting and len(self._hands) < self._room() and all(one.ready for one in self._hands):
            self._start()

    def _room(self) -> int:
        if self._opened is None or not self._opened.bytes:
            return self._most
        return min(self._most, max(1, int(self._memory // self._opened.bytes)))

    def _hear(self, waited: float) -> float:
        """Wait a moment for an answer; returns for how long none has come and no process was ready."""
        ready, _ = self._ray.wait(list(self._refs), num_returns=1, timeout=_LOOK_S)
        for ref in ready:
            if ref in self._refs:
                self._receive(ref)
        if ready or any(one.ready for one in self._hands):
            return 0.0
        if waited < _LONG_S <= waited + _LOOK_S:
            self._tell(WAITING)
        return waited + _LOOK_S

    def _receive(self, ref: Any) -> None:
        hand, order = self._refs[ref]
        try:
            answer = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as error:
            raise RuntimeError(f"a worker of the cluster broke: {error.cause}") from None
        except self._ray.exceptions.RayError:
            self._bury(hand)
            return
        del self._refs[ref]
        if order is None:
            self._accept(hand, answer)
        else:
            hand.doing.remove(order)
            order.done, order.answer = True, answer

    def _accept(self, hand: _Hand, opened: Opened | Refusal) -> None:
        if isinstance(opened, Refusal):
            raise SetupError(f"On a machine of the cluster: {opened.text}")
        first = self._opened = self._opened or opened
        if differing := [name for name, value in first.about.items() if opened.about.get(name) != value]:
            raise SetupError(unlike("The machines of the cluster", differing))
        hand.ready, self._stillborn = True, 0

    def _bury(self, hand: _Hand) -> None:
        """Put what a process that ended had begun back to the head of the line."""
        self._hands.remove(hand)
        self._refs = {ref: about for ref, about in self._refs.items() if about[0] is not hand}
        self._ray.kill(hand.actor)
        if not hand.ready:
            self._stillborn += 1
            if self._stillborn >= _TRIES:
                raise SetupError(
                    "No worker of the cluster could be started. Install the same Casebook with the same "
                    "packages on every machine of it, and see whether its memory is enough."
                )
        else:
            self._tell(DIED)
        for order in reversed(hand.doing):
            order.tries += 1
            if order.tries >= _TRIES:
                order.done, order.answer = True, Lost()
            else:
                self._waiting.appendleft(order)
        if not self._hands:
            self._start()


def unlike(who: str, differing: list[str]) -> str:
    """That machines have not the same, and what differs."""
    more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
    return (
        f"{who} differ in {', '.join(differing[:3])}{more}, so results would not be the same everywhere. "
        "Install the same Casebook with the same packages, settings and models on every machine."
    )
