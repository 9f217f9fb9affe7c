"""A Chromium and the page's server for the browser tests."""

from __future__ import annotations

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import forks
from tests.browser.chromium import MissingError, launched
from tests.browser.page import View

ROOT = Path(__file__).parents[2]
# A page on a busy machine is slow, not wrong.
expect.set_options(timeout=60_000)
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}


class Server:
    """The page's server as a process of its own, on a free port, with its own Casebook folder."""

    def __init__(self, home: Path, app: Path, **settings: str) -> None:
        self.home, self._app, self._settings = home, app, settings
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        words = ["run", str(self._app), "--server.headless", "true", "--server.port", str(self._port)]
        env = {name: value for name, value in os.environ.items() if not name.startswith("CASEBOOK_")}
        env |= {"CASEBOOK_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        # Looking into pixels takes seconds a picture; tests of it switch it on.
        env |= {"CASEBOOK_BURNED_IN": "off", "CASEBOOK_FACES": "off", **self._settings}
        with Path(os.devnull).open("w") as nothing:
            self._process = forks.begin(
                "streamlit", words, libraries=forks.PAGE, environment=env, stdout=nothing.fileno(), stderr=2
            )
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, "the page's server ended by itself"
            assert time.monotonic() < until, "the page's server did not answer within 60 s"
            time.sleep(0.1)

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(10)

    def kill(self) -> None:
        """End the process as a machine that fails does."""
        self._process.kill()
        self._process.wait(10)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture(scope="package")
def chromium(process: None) -> Iterator[Browser]:
    """The system's Chromium without a window."""
    with sync_playwright() as play:
        try:
            # A page of a test lives for seconds, too short for its scripts to be optimised.
            browser = launched(play, "--in-process-gpu", "--js-flags=--no-opt")
        except MissingError as error:
            pytest.skip(str(error))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Casebook as a user starts it."""
    home = tmp_path_factory.mktemp("page")
    (home / "settings.toml").write_text(f"import_folders = '{tmp_path_factory.getbasetemp()}'\n")
    running = Server(home, ROOT / "streamlit_app.py")
    yield running
    running.stop()


@pytest.fixture(scope="package")
def slow_server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Casebook with a chat model that takes half a minute to answer."""
    running = Server(tmp_path_factory.mktemp("slow"), ROOT / "tests" / "browser" / "slow_app.py")
    yield running
    running.stop()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., View]]:
    """Opens a page as a browser that was never here before; closes all of them at the end."""
    contexts = []

    def open_page(server: Server, *, phone: bool = False, dark: bool = False) -> View:
        options = PHONE if phone else LAPTOP
        context = chromium.new_context(color_scheme="dark" if dark else "light", **options)
        contexts.append(context)
        view = View(context.new_page(), server.url)
        view.open()
        return view

    yield open_page
    for context in contexts:
        context.close()
