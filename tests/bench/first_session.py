"""The README's way from `make chat` to a running session, followed in Chromium and timed.

    python -m tests.bench.first_session             four cases, one of them with a region

A program clicks and types at once what a teacher thinks about; what is measured is how long the page makes
them wait. Prints the seconds since `casebook chat` was begun, step by step.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import launched
from tests.browser.conftest import LAPTOP, PHONE, ROOT
from tests.browser.page import View
from tests.browser.test_browser_teach import canvas, draw_box, join
from tests.inputs.case_library import mole, save

DIAGNOSES = ("melanoma", "naevus", "angioma", "dermatofibroma")

Step = Callable[[str], None]


def main() -> int:
    """Follow it and print."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port, folder = probe.getsockname()[1], Path(name)
        probe.close()
        pictures = [folder / save(folder, f"{at}.png", mole(at)) for at in range(len(DIAGNOSES))]
        began = time.monotonic()

        def step(told: str) -> None:
            print(f"{time.monotonic() - began:6.1f} s  {told}", flush=True)

        command = [sys.executable, "-m", "assistant", "chat", "--port", str(port)]
        env = {**os.environ, "CASEBOOK_HOME": str(folder / "home")}
        page = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        try:
            _answers(f"http://127.0.0.1:{port}/_stcore/health")
            step("the page answers")
            with sync_playwright() as play:
                browser = launched(play)
                _follow(browser, f"http://127.0.0.1:{port}", pictures, step)
                browser.close()
        finally:
            page.terminate()
            page.wait(30)
    return 0


def _follow(browser: Browser, url: str, pictures: list[Path], step: Step) -> None:
    teacher = View(browser.new_context(**LAPTOP).new_page(), url)
    teacher.open()
    step("it is drawn")
    for picture, diagnosis in zip(pictures, DIAGNOSES, strict=True):
        _make_case(teacher, picture, diagnosis)
        step(f"the case {diagnosis} is kept")
    page = teacher.page
    teacher.open("/teach")
    page.get_by_role("button", name="New session").click()
    page.get_by_text("My teaching cases, by hand").click()
    page.get_by_label("Title", exact=True).fill("Tuesday")
    for diagnosis in DIAGNOSES:
        page.get_by_label("Teaching cases, in order", exact=True).fill(diagnosis)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Make the session").click()
    code = page.get_by_test_id("join-code").inner_text()
    step("the session runs, its code is shown")
    learner = View(browser.new_context(**PHONE).new_page(), url)
    join(learner, code, "Bob")
    expect(canvas(learner)).to_have_attribute("aria-busy", "false")
    step("a learner on a phone sees the first picture")
    _commit(learner.page)
    step("their answer is committed and the case revealed")
    expect(page.get_by_text(f"1 / {len(DIAGNOSES)}")).to_be_visible()
    step("the class view shows it")


def _make_case(view: View, picture: Path, diagnosis: str) -> None:
    page = view.page
    view.open("/teach")
    page.get_by_role("button", name="My teaching cases").click()
    page.get_by_role("button", name="New case").click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(picture)
    page.get_by_label("History", exact=True).fill("It grew over six months.")
    page.get_by_label("Diagnosis", exact=True).fill(diagnosis)
    page.get_by_label("Findings", exact=True).fill("A brown spot.")
    page.get_by_role("button", name="Keep the case").click()
    expect(page.get_by_role("heading", name=diagnosis)).to_be_visible()
    if diagnosis == DIAGNOSES[0]:
        draw_box(view, (0.4, 0.4), (0.6, 0.6))
        expect(page.get_by_text("Drawn and not kept yet: 1.")).to_be_visible()
        page.get_by_role("button", name="Keep the regions").click()
        expect(page.get_by_text(re.compile("^Version 2"))).to_be_visible()


def _commit(page: Page) -> None:
    page.get_by_label("Diagnosis 1", exact=True).fill(DIAGNOSES[0])
    page.get_by_label("How sure, % (1)", exact=True).fill("60")
    page.get_by_role("button", name="Commit to this answer").click()
    expect(page.get_by_text("What the teacher says it is")).to_be_visible()


def _answers(url: str) -> None:
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
