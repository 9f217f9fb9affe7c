"""What a test does on the page, in a reader's words."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class View:
    """One browser tab on the page."""

    def __init__(self, page: Page, url: str) -> None:
        page.set_default_timeout(60_000)
        self.page, self._url = page, url
        self.hosts: set[str] = set()
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def open(self, path: str = "/") -> None:
        """Open an address of the page."""
        self.page.goto(self._url + path)
        self.page.get_by_role("heading", level=1).first.wait_for()

    def drop(self, *files: Path) -> None:
        """Give files to the drop target of the opening."""
        self.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(files)
        self.page.get_by_role("button", name="What is this?", exact=True).wait_for()

    def attach(self, *files: Path) -> None:
        """Add files to the box to ask in, and wait until they are with the server: only then can one ask."""
        arrived: list[str] = []
        self.page.on("response", lambda got: arrived.append(got.url) if got.request.method == "PUT" else None)
        box = self.page.get_by_test_id("stChatInput")
        box.locator("input[type=file]").set_input_files(files)
        box.get_by_text(files[0].suffix or files[0].name[:6]).first.wait_for()
        for _ in range(150):
            if len(arrived) >= len(files):
                break
            self.page.wait_for_timeout(100)
        assert len(arrived) >= len(files), "the files did not arrive"
        self.page.wait_for_timeout(300)  # the box hears of it

    def ask(self, text: str) -> None:
        """Type a question and send it."""
        box = self.page.get_by_test_id("stChatInput").get_by_role("textbox")
        expect(box).to_be_enabled()
        box.fill(text)
        box.press("Enter")

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def answers(self, count: int) -> Locator:
        """Wait until so many answers are complete and the page is drawn; the last one."""
        answers = self.page.get_by_label("Chat message from assistant")
        expect(answers).to_have_count(count)
        expect(self.page.get_by_role("button", name="Stop")).to_have_count(0)
        expect(self.page.get_by_test_id("stChatInput").get_by_role("textbox")).to_be_enabled()
        self.drawn()
        return answers.last

    def drawn(self) -> None:
        """Wait until the page is drawn to its end."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def open_evidence(self, answer: Locator) -> None:
        """Open the evidence of an answer, again if a drawing of the page closes it."""
        evidence = answer.locator("details", has_text="Evidence:")
        for _ in range(10):
            if evidence.get_attribute("open") is None:
                evidence.locator("summary").click()
            self.page.wait_for_timeout(200)
            if evidence.get_attribute("open") is not None:
                return
        raise AssertionError("The evidence of the answer does not stay open.")
