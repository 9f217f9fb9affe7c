"""The viewer's own files in a page of their own, without Streamlit: quick, and with every number at hand."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Page

from assistant.pages.headers import HEADERS
from assistant.viewer import component
from assistant.viewer.component import Options, Shown
from assistant.viewer.lent import Lent
from store.errors import CaseError
from store.pictures.image import Image

_TYPES = {"js": "text/javascript", "css": "text/css"}
_PAGE = """<!doctype html><html lang="en"><title>viewer</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page/viewer.css">
<body style="margin:0"><main id="place"></main><script type="module">
import show from "/page/viewer.js";
const data = await (await fetch("/data")).json();
window.sent = [];
window.draw = (more = {}) => show({
  data: { ...data, ...more }, parentElement: document.getElementById("place"),
  setStateValue: (name, value) => window.sent.push(value),
});
window.close = window.draw();
</script></body></html>"""


class ViewerPage:
    """A page with one viewer, and the server behind it."""

    def __init__(self, images: Sequence[Image], options: Options) -> None:
        self.asked: list[str] = []
        self._lent = Lent()
        tokens = [
            self._lent.lend("me", str(number), lambda one=one: one) for number, one in enumerate(images)
        ]
        shown = [
            Shown(one, token, f"img-{n}")
            for n, (one, token) in enumerate(zip(images, tokens, strict=True), 1)
        ]
        self._data = json.dumps(component._data(shown, options))

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body for an address."""
        self.asked.append(path)
        if path == "/":
            return 200, "text/html", _PAGE.encode()
        if path == "/data":
            return 200, "application/json", self._data.encode()
        if found := re.fullmatch(r"/page/([a-z_]+\.(js|css))", path):
            return 200, _TYPES[found[2]], (component._FILES / found[1]).read_bytes()
        if found := re.fullmatch(r"/slices/([\w-]+)/(\d+)(/shown)?", path):
            try:
                data = self._lent.slice_bytes(found[1], "me", int(found[2]), as_shown=bool(found[3]))
            except CaseError:
                return 404, "text/plain", b""
            return 200, "application/octet-stream", data
        return 404, "text/plain", b""


@contextmanager
def served(viewer: ViewerPage) -> Iterator[str]:
    """The address of a page, under the headers of the real one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body = viewer.answer(self.path)
            self.send_response(status)
            for name, value in {**HEADERS, "content-type": kind, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def ready(page: Page, slice_number: int | None = None) -> None:
    """Wait until the picture is drawn: the slice of this number, if one is given."""
    canvas = "canvas[aria-busy=false]" + (f"[data-slice='{slice_number}']" if slice_number else "")
    page.locator(canvas).first.wait_for()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
