"""Many users of one page at once, each with a browser's cookie and a websocket of their own.

    python -m tests.bench.users                            30 users for ten minutes
    python -m tests.bench.users --users 5 --minutes 1

A user opens the page, tries a drawn example, and asks again and again with a word of their own in each
question. Everything that the server sends is searched for the words of the others. Prints how many answers
came, how long they took, what went wrong, and the most memory of the server. Ends with 1 if an answer failed
or anything of another user was seen.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
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
_STARTS_S, _ANSWERS_S = 120.0, 300.0
_DONE, _AGAIN = 0, 2


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


class Tab:
    """A browser's tab: a cookie, a websocket, and the widgets that were drawn last."""

    def __init__(self, port: int, user: User) -> None:
        from websockets.sync.client import connect

        at = f"http://127.0.0.1:{port}"
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        page.request("GET", "/", headers={"Accept": "text/html"})
        cookie = page.getresponse().getheader("set-cookie", "").partition(";")[0]
        self._user, self._query, self._buttons, self._box = user, "", {}, ""
        self._socket = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            origin=at,
            subprotocols=["streamlit"],
            additional_headers={"Cookie": cookie},
            max_size=None,
            open_timeout=60,
        )
        self.run()

    def run(self, button: str = "", question: str = "") -> None:
        """Run the page as after a click or a question, until it is complete.

        Raises:
            TimeoutError: it did not become complete in time.
        """
        from streamlit.proto.BackMsg_pb2 import BackMsg

        sent = BackMsg()
        sent.rerun_script.query_string = self._query
        if button:
            state = sent.rerun_script.widget_states.widgets.add(id=self._buttons[button], trigger_value=True)
        if question:
            state = sent.rerun_script.widget_states.widgets.add(id=self._box)
            state.chat_input_value.data = question
        self._socket.send(sent.SerializeToString())
        until = time.monotonic() + _ANSWERS_S
        while self._take(self._socket.recv(timeout=max(until - time.monotonic(), 0.0))):
            pass

    def close(self) -> None:
        self._socket.close()

    def _take(self, data: Any) -> bool:
        """Note what a message draws; whether more must come."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        self._user.received += data
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.HasField("new_element"):
            element = message.delta.new_element
            match element.WhichOneof("type"):
                case "button":
                    self._buttons[element.button.label] = element.button.id
                case "chat_input":
                    self._box = element.chat_input.id
                case "exception":
                    self._user.faults.append(f"exception: {element.exception.message[:200]}")
                case "alert" if element.alert.format == element.alert.ERROR:
                    self._user.faults.append(f"refused: {element.alert.body[:200]}")
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        return kind != "script_finished" or message.script_finished == _AGAIN


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.users", description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    users = [User() for _ in range(given.users)]
    with tempfile.TemporaryDirectory(prefix="users-") as home:
        server, port = _served(Path(home))
        try:
            most = _all_at_once(users, port, given.minutes * 60, server.pid)
        finally:
            server.terminate()
            server.wait(60)
    return _told(users, most)


def _served(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("CASEBOOK_")}
    env = {**outside, "CASEBOOK_HOME": str(home), "CASEBOOK_BURNED_IN": "off", "CASEBOOK_FACES": "off"}
    command = [sys.executable, "-m", "assistant", "chat", "--port", str(port)]
    unread = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=unread, stderr=unread)
    until = time.monotonic() + _STARTS_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, port
        time.sleep(0.5)
    server.terminate()
    raise SystemExit("The page did not start.")


def _all_at_once(users: list[User], port: int, seconds: float, server: int) -> int:
    """Let all users work; the most memory that the server and its children had meanwhile, bytes."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=_work, args=(user, port, until)) for user in users]
    for thread in threads:
        thread.start()
    most = 0
    while any(thread.is_alive() for thread in threads):
        most = max(most, _memory(server))
        time.sleep(1.0)
    return most


def _work(user: User, port: int, until: float) -> None:

    from websockets.exceptions import WebSocketException

    chance = random.Random(user.word)
    try:
        tab = Tab(port, user)
        examples = [label for label in tab._buttons if label == "Try it"]
        if examples:
            tab.run(button=examples[0])
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


def _memory(process: int) -> int:
    """Resident memory of a process and all below it. Source: proc(5)."""
    total, left = 0, [process]
    while left:
        one = Path("/proc", str(left.pop()))
        try:
            lines = (one / "status").read_text().splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
            for task in (one / "task").iterdir():
                left += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return total


def _told(users: list[User], most: int) -> int:
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
    print(f"the server and its children took at most {most / 2**20:,.0f} MiB")
    for fault in sorted(set(faults)):
        print(f"  {faults.count(fault)} times: {fault}")
    return 1 if faults or crossed or not seconds else 0


if __name__ == "__main__":
    sys.exit(main())
