"""Take pictures of the page for the README and for looking at: ``python -m tests.browser.screenshots OUT``.

With ``--files FILE …`` the real files are asked about instead of the drawn examples; with ``--teach`` a
teaching session on drawn cases is looked at instead, as teacher and as learner.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant import Assistant
from assistant.examples import examples
from assistant.settings import load_settings
from tests.browser.chromium import MissingError, launched
from tests.browser.conftest import LAPTOP, PHONE, ROOT, Server
from tests.browser.page import View
from tests.browser.test_browser_teach import join, make_session
from tests.inputs.teaching_library import write_teaching_cases

QUESTIONS = ("What is this?", "Measure the lesion", "Find similar cases")


def main(argv: Sequence[str]) -> int:
    """Start the page on an empty folder, ask, and keep a picture of every state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--files", type=Path, nargs="*", default=[])
    parser.add_argument("--teach", action="store_true")
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        home = Path(folder) / "home"
        if given.teach:
            _fill(home, Path(folder))
        server = Server(home, ROOT / "streamlit_app.py")
        try:
            browser = launched(play)
            if given.teach:
                _teach(browser, server, f"{given.out}/teach")
                return 0
            files = given.files or _drawn(Path(folder))
            for name, size in (("laptop", LAPTOP), ("phone", PHONE)):
                _look(browser, server, files, f"{given.out / name}-light", {**size, "color_scheme": "light"})
                _look(
                    browser, server, files[:1], f"{given.out / name}-dark", {**size, "color_scheme": "dark"}
                )
        except MissingError as error:
            print(error)
            return 3
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


def _fill(home: Path, folder: Path) -> None:
    """A library of drawn cases to teach from."""
    with Assistant(load_settings(home=home)) as casebook:
        for table in write_teaching_cases(folder / "sets"):
            casebook.import_cases(table)


def _teach(browser: Browser, server: Server, out: str) -> None:
    """A class of one: the case before the commit, the reveal, and the class view."""
    teacher, learner = (View(browser.new_context(**LAPTOP).new_page(), server.url) for _ in range(2))
    code = make_session(teacher)
    join(learner, code, "Anna")
    page = learner.page
    page.get_by_label("What you see", exact=True).fill("A dark spot with an even border.")
    page.get_by_label("Diagnosis 1", exact=True).fill("melanoma")
    page.get_by_label("How sure, % (1)", exact=True).fill("60")
    page.keyboard.press("Tab")
    page.get_by_text("1 diagnosis.").wait_for()
    _shoot_all(learner, f"{out}-case")
    page.get_by_role("button", name="Commit to this answer").click()
    page.get_by_role("button", name="Next case").wait_for()
    _shoot_all(learner, f"{out}-reveal")
    teacher.page.get_by_text("1 / 3").wait_for()
    _shoot_all(teacher, f"{out}-class")


def _shoot_all(view: View, path: str) -> None:
    """The page at its whole height."""
    main = view.page.get_by_test_id("stMain")
    view.page.set_viewport_size({"width": 1280, "height": main.evaluate("main => main.scrollHeight") + 80})
    main.evaluate("main => main.scrollTo(0, 0)")
    _shoot(view, path)
    view.page.set_viewport_size({"width": 1280, "height": 800})


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
