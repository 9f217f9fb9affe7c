"""Take pictures of the page for the README and for looking at: ``python -m tests.browser.screenshots OUT``.

With ``--files FILE …`` the real files are asked about instead of the drawn examples.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant.examples import examples
from tests.browser.conftest import LAPTOP, PHONE, ROOT, Server
from tests.browser.page import View

QUESTIONS = ("What is this?", "Measure the lesion", "Find similar cases")


def main(argv: Sequence[str]) -> int:
    """Start the page on an empty folder, ask, and keep a picture of every state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--files", type=Path, nargs="*", default=[])
    given = parser.parse_args(argv)
    program = shutil.which("chromium")
    if program is None:
        print("Chromium is not installed here; the Debian package is called chromium")
        return 3
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        server = Server(Path(folder) / "home", ROOT / "streamlit_app.py")
        try:
            browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
            files = given.files or _drawn(Path(folder))
            for name, size in (("laptop", LAPTOP), ("phone", PHONE)):
                _look(browser, server, files, f"{given.out / name}-light", {**size, "color_scheme": "light"})
                _look(
                    browser, server, files[:1], f"{given.out / name}-dark", {**size, "color_scheme": "dark"}
                )
        finally:
            server.stop()
    return 0


def _drawn(folder: Path) -> list[Path]:
    paths = []
    for example in examples():
        path = folder / example.name
        path.write_bytes(example.draw())
        paths.append(path)
    return paths


def _look(browser: Browser, server: Server, files: Sequence[Path], out: str, size: dict[str, object]) -> None:
    context = browser.new_context(**size)  # type: ignore[arg-type]
    view = View(context.new_page(), server.url)
    view.open()
    _shoot(view, f"{out}-first")
    for file in files:
        view.open()
        view.drop(file)
        view.press(QUESTIONS[0])
        for n, question in enumerate(QUESTIONS, 1):
            if n > 1:
                view.ask(question)
            view.answers(n)
            _shoot(view, f"{out}-{file.stem}-{n}")
    for page in ("library", "works"):
        view.open(f"/{page}")
        _shoot(view, f"{out}-{page}")
    context.close()


def _shoot(view: View, path: str) -> None:
    view.page.wait_for_timeout(1200)
    view.page.screenshot(path=f"{path}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
