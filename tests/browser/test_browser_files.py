"""Files that are too large, among others that are bad, and as phones write them, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.inputs.photos import corner, heic, orientation

pytestmark = pytest.mark.browser
Visit = Callable[..., View]


@pytest.fixture(scope="module")
def small_server(chromium: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Casebook that reads files of up to 1 MiB."""
    home = tmp_path_factory.mktemp("small")
    running = Server(home, ROOT / "streamlit_app.py", CASEBOOK_MAX_FILE_MB="1")
    yield running
    running.stop()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0007.HEIC"
    path.write_bytes(heic(corner(240, 320), exif=orientation(6)))
    return path


def test_a_file_over_the_limit_is_told_on_the_page_and_the_question_waits_for_the_user(
    visit: Visit, small_server: Server, tmp_path: Path, photo: Path
) -> None:
    large = tmp_path / "large.zip"
    large.write_bytes(b"PK\x03\x04" + bytes(2 * 2**20))
    view = visit(small_server)
    view.attach(large)
    view.ask("what does this series show?")
    alert = view.page.get_by_role("alert").filter(has_text="Your question is back in the box.")
    expect(alert).to_contain_text("This file takes 2 MB. Up to 1 MB are read.")
    box = view.page.get_by_test_id("stChatInput").get_by_role("textbox")
    expect(box).to_have_value("what does this series show?")
    expect(view.page.get_by_text("Your chats")).to_have_count(0)
    view.attach(photo)
    view.ask("what is this?")
    view.answers(1)


def test_a_photo_of_a_phone_is_shown_upright_and_a_bad_file_beside_it_is_told(
    visit: Visit, small_server: Server, tmp_path: Path, photo: Path
) -> None:
    letter = tmp_path / "letter.png"
    letter.write_text("This is a letter, not a picture. " * 20)
    view = visit(small_server)
    view.attach(letter, photo)
    view.ask("what is this?")
    answer = view.answers(1)
    expect(answer).to_contain_text("File 1 of 2 was left out.")
    shown = view.page.get_by_label("Chat message from user").locator("img").first
    width, height = shown.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert height > width
