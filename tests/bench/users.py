"""Many users of one page at once, each with a browser's cookie and a websocket of their own.

    python -m tests.bench.users                            30 users for ten minutes
    python -m tests.bench.users --users 5 --minutes 1

A user opens the page, tries a drawn example, and asks again and again with a word of their own in each
question. Everything that the server sends is searched for the words of the others. Prints how many answers
came, how long they took, what went wrong, and the CPU and the most memory of the server. Ends with 1 if an
answer failed or anything of another user was seen.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.page_visitor import PageServer, Tab

QUESTIONS = (
    "What does asymmetry mean? ({word})",
    "What is img-1? ({word})",
    "Measure it, please. ({word})",
    "Is it sharp enough? ({word})",
    "How many cases are in the library? ({word})",
    "What can you do? ({word})",
)
# Ours: people read an answer before they ask on; the page takes twenty questions a minute of each.
_PAUSE_S = (4.0, 12.0)


@dataclass
class User:
    """One user and what became of the questions.

    Attributes:
        word: stands in every question of this user, and in nobody else's.
        seconds: from each question to the complete page.
        faults: what went wrong, in words.
        received: everything that the server sent, to be searched.
    """

    word: str = field(default_factory=lambda: f"zq{secrets.token_hex(6)}")
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.users", description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    users = [User() for _ in range(given.users)]
    with tempfile.TemporaryDirectory(prefix="users-") as home:
        server = PageServer(Path(home))
        try:
            most = _all_at_once(users, server, given.minutes * 60)
            spent = server.cpu_s()
        finally:
            server.stop()
    return _told(users, most, spent)


def _all_at_once(users: list[User], server: PageServer, seconds: float) -> int:
    """Let all users work; the most memory that the server and its children had meanwhile, bytes."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=_work, args=(user, server.port, until)) for user in users]
    for thread in threads:
        thread.start()
    most = 0
    while any(thread.is_alive() for thread in threads):
        most = max(most, server.memory())
        time.sleep(1.0)
    return most


def _work(user: User, port: int, until: float) -> None:
    from websockets.exceptions import WebSocketException

    chance = random.Random(user.word)
    try:
        tab = Tab(port)
        user.faults, user.received = tab.faults, tab.received
        if "Try it" in tab.drawn.buttons:
            tab.run(button="Try it")
        while time.monotonic() < until:
            time.sleep(chance.uniform(*_PAUSE_S))
            start = time.monotonic()
            tab.run(question=chance.choice(QUESTIONS).format(word=user.word))
            user.seconds.append(time.monotonic() - start)
            if user.word.encode() not in user.received:
                user.faults.append("the question is not on the page")
        tab.close()
    except (OSError, KeyError, WebSocketException) as error:
        user.faults.append(f"{type(error).__name__}: {error}"[:200])


def _told(users: list[User], most: int, spent_s: float) -> int:
    seconds = sorted(one for user in users for one in user.seconds)
    crossed = [
        (user.word, other.word)
        for user in users
        for other in users
        if user is not other and other.word.encode() in user.received
    ]
    faults = [fault for user in users for fault in user.faults]
    print(f"{len(users)} users, {len(seconds)} answers, {len(faults)} errors, {len(crossed)} cross reads")
    if seconds:
        half, late = seconds[len(seconds) // 2], seconds[min(int(len(seconds) * 0.95), len(seconds) - 1)]
        print(f"seconds to the complete page: median {half:.1f}, p95 {late:.1f}, longest {seconds[-1]:.1f}")
    each = f", {spent_s / len(seconds):.2f} CPU seconds an answer with all else" if seconds else ""
    print(f"the server and its children took at most {most / 2**20:,.0f} MiB{each}")
    for fault in sorted(set(faults)):
        print(f"  {faults.count(fault)} times: {fault}")
    return 1 if faults or crossed or not seconds else 0


if __name__ == "__main__":
    sys.exit(main())
