"""How often somebody may try: so often each, and so often all together, within a time."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable


class Tries:
    """Counts tries. Safe to use from several threads.

    Args:
        each: tries that one may make within the time.
        together: tries that all may make within the time.
        within_s: the time, seconds.
        now: a clock, seconds.
    """

    def __init__(
        self, each: int, together: int, within_s: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._each, self._together, self._within_s, self._now = each, together, within_s, now
        self._lock = threading.Lock()
        self._made: deque[tuple[float, str]] = deque()

    def take(self, who: str) -> float:
        """Make a try; returns the seconds until the next is allowed, and 0 if this one is.

        Args:
            who: one of those who try, such as an address.
        """
        with self._lock:
            now = self._now()
            while self._made and self._made[0][0] <= now - self._within_s:
                self._made.popleft()
            own = [when for when, one in self._made if one == who]
            free_at = [kept[-most] for kept, most in ((own, self._each), (self._times(), self._together))
                       if len(kept) >= most]  # fmt: skip
            if free_at:
                return max(free_at) + self._within_s - now
            self._made.append((now, who))
            return 0.0

    def give_back(self, who: str) -> None:
        """Take the last try of one back, as it was none that counts."""
        with self._lock:
            for at in range(len(self._made) - 1, -1, -1):
                if self._made[at][1] == who:
                    del self._made[at]
                    return

    def _times(self) -> list[float]:
        return [when for when, _ in self._made]
