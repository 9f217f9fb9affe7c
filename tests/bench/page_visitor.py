"""The page as browsers meet it: its server as a process of its own, and tabs that speak its websocket."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# What a fast page gives in a second is far below them; what takes longer has failed.
_STARTS_S, _ANSWERS_S = 120.0, 300.0
_AGAIN = 2  # Source: Streamlit's ForwardMsg.proto, FINISHED_EARLY_FOR_RERUN


class PageServer:
    """`casebook chat` on a free port, with a Casebook folder of its own.

    Args:
        home: the folder.
    """

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._home = home
        self.start()

    def start(self) -> None:
        """Start, and wait until it takes connections; SystemExit if it does not."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("CASEBOOK_")}
        env = {
            **outside,
            "CASEBOOK_HOME": str(self._home),
            "CASEBOOK_BURNED_IN": "off",
            "CASEBOOK_FACES": "off",
        }
        command = [sys.executable, "-m", "assistant", "chat", "--port", str(self.port)]
        unread = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=unread, stderr=unread, start_new_session=True
        )
        until = time.monotonic() + _STARTS_S
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.5)
        self.stop()
        raise SystemExit("The page did not start.")

    def stop(self) -> None:
        """Ask it to end, and wait for it."""
        self._process.terminate()
        self._process.wait(60)

    def kill(self) -> None:
        """End it and all that it started as a machine that fails does."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(60)

    def memory(self) -> int:
        """Resident memory of the server and all below it, bytes. Source: proc(5)."""
        lines = (line for one in self._all("status") for line in one.splitlines())
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))

    def cpu_s(self) -> float:
        """CPU seconds of the server, all below it, and what these waited for. Source: proc(5), stat."""
        ticks = (one.rpartition(")")[2].split()[11:15] for one in self._all("stat"))
        return sum(int(tick) for four in ticks for tick in four) / os.sysconf("SC_CLK_TCK")

    def _all(self, name: str) -> Iterator[str]:
        """A file of the system on the server and on each process below it."""
        left = [self._process.pid]
        while left:
            one = Path("/proc", str(left.pop()))
            with suppress(OSError):  # it ended
                text = (one / name).read_text()
                for task in (one / "task").iterdir():
                    left += map(int, (task / "children").read_text().split())
                yield text


def asked(port: int, path: str, cookie: str = "") -> tuple[bytes, str]:
    """What the server gives at a path, and the cookie that it sets.

    Raises:
        OSError: it gives nothing, or refuses.
    """
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        page.request("GET", path, headers={"Accept": "text/html"} | ({"Cookie": cookie} if cookie else {}))
        answer = page.getresponse()
        if answer.status != 200:
            raise OSError(f"{answer.status} of {path.partition('?')[0].split('/')[1] or 'the page'}")
        return answer.read(), answer.getheader("set-cookie", "").partition(";")[0]
    except http.client.HTTPException as error:
        raise OSError(f"{type(error).__name__} of the page") from error
    finally:
        page.close()


@dataclass
class Drawn:
    """What the last run of the page drew.

    Attributes:
        buttons: ids by label.
        fields: id and first value by label, of what is typed into.
        texts: headings, text and notices in order.
        data: what components of ours were given, as JSON.
        box: the id of the box for questions; "" without one.
    """

    buttons: dict[str, str] = field(default_factory=dict)
    fields: dict[str, tuple[str, Any]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    box: str = ""

    def take(self, element: Any) -> None:
        """Note one element."""
        kind = element.WhichOneof("type")
        one = getattr(element, kind)
        match kind:
            case "button":
                self.buttons[one.label] = one.id
            case "chat_input":
                self.box = one.id
            case "text_input" | "text_area" | "number_input":
                self.fields[one.label] = (one.id, one.default)
            case "heading" | "markdown" | "alert":
                self.texts.append(one.body)
            case "bidi_component":
                self.data.append(one.json)


class Tab:
    """A browser's tab: a cookie, a websocket, and what was drawn last.

    Args:
        port: of the server.
        page: the page's name in the address; "" for the first.
        cookie: of a browser that was here before; "" for a new one.
    """

    def __init__(self, port: int, page: str = "", cookie: str = "") -> None:
        from websockets.sync.client import connect

        self.cookie = asked(port, f"/{page}", cookie)[1] or cookie
        self.received, self.faults, self.drawn = bytearray(), list[str](), Drawn()
        self._page, self._query, self._hash = page, "", ""
        self._typed: dict[str, str | int] = {}
        self._held: dict[str, Any] = {}
        self._socket = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            origin=f"http://127.0.0.1:{port}",
            subprotocols=["streamlit"],
            additional_headers={"Cookie": self.cookie},
            max_size=None,
            open_timeout=60,
        )
        self.run()

    def run(self, button: str = "", question: str = "", typed: dict[str, str | int] | None = None) -> None:
        """Run the page as after a click, a question or words typed into fields, until it is complete.

        Raises:
            KeyError: no such button or field was drawn.
            OSError, WebSocketException: the server has gone.
            TimeoutError: it did not become complete in time.
        """
        from streamlit.proto.BackMsg_pb2 import BackMsg

        sent = BackMsg()
        asks = sent.rerun_script
        asks.query_string, asks.page_name, asks.page_script_hash = self._query, self._page, self._hash
        self._typed |= {self.drawn.fields[label][0]: value for label, value in (typed or {}).items()}
        for name, value in self._typed.items():
            state = asks.widget_states.widgets.add(id=name)
            setattr(state, "int_value" if isinstance(value, int) else "string_value", value)
        if button:
            asks.widget_states.widgets.add(id=self.drawn.buttons[button], trigger_value=True)
        if question:
            asks.widget_states.widgets.add(id=self.drawn.box).chat_input_value.data = question
        self._socket.send(sent.SerializeToString())
        until = time.monotonic() + _ANSWERS_S
        while self._take(self._socket.recv(timeout=max(until - time.monotonic(), 0.0))):
            pass

    def close(self) -> None:
        self._socket.close()

    def _take(self, data: Any) -> bool:
        """Note what a message draws; whether more must come."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        self.received += data
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "ref_hash":
            message = self._held[message.ref_hash]
        elif message.metadata.cacheable:
            self._held[message.hash] = message
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.drawn = Drawn()
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.HasField("new_element"):
            self._draw(message.delta.new_element)
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        return kind != "script_finished" or message.script_finished == _AGAIN

    def _draw(self, element: Any) -> None:
        self.drawn.take(element)
        match element.WhichOneof("type"):
            case "exception":
                self.faults.append(f"exception: {element.exception.message[:200]}")
            case "alert" if element.alert.format == element.alert.ERROR:
                self.faults.append(f"refused: {element.alert.body[:200]}")
