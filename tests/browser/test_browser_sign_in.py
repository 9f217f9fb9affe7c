"""Who sees what: the class code before the page, and chats that are carried to another browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from store.class_code import ClassCode
from tests.browser.conftest import ROOT, Server
from tests.browser.page import View

pytestmark = pytest.mark.browser
Visit = Callable[..., View]
CODE = "seven quiet owls"


@pytest.fixture(scope="module")
def class_server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Casebook for a class: at every address of this machine, behind a class code."""
    home = tmp_path_factory.mktemp("class")
    ClassCode(home).set(CODE)
    running = Server(home, ROOT / "streamlit_app.py", STREAMLIT_SERVER_ADDRESS="0.0.0.0")
    yield running
    running.stop()


def enter(view: View, typed: str) -> None:
    view.page.get_by_label("Class code").fill(typed)
    view.press("Enter")


def test_before_the_class_code_there_is_a_form_and_behind_it_the_page(
    visit: Visit, class_server: Server
) -> None:
    view = visit(class_server)
    expect(view.page.get_by_text("What works here")).to_have_count(0)
    assert view.page.locator("script").count() == 0
    enter(view, "seven loud owls")
    expect(view.page.get_by_role("alert")).to_contain_text("not the class code")
    enter(view, CODE)
    for _ in range(2):
        expect(view.page.get_by_text("What works here")).to_be_visible()
        expect(view.page.get_by_test_id("stChatInput")).to_be_visible()
        view.page.reload()
    expect(visit(class_server).page.get_by_label("Class code")).to_be_visible()
    assert view.hosts == {class_server.url.removeprefix("http://")}


def test_a_link_to_a_chat_leads_there_after_the_class_code(visit: Visit, class_server: Server) -> None:
    view = visit(class_server)
    view.open("/?chat=abc")
    enter(view, CODE)
    expect(view.page.get_by_text("This chat is not one of this browser's")).to_be_visible()


def other_browsers(view: View) -> None:
    view.press("Other browsers")
    view.page.get_by_role("dialog").wait_for()


def test_chats_are_carried_to_another_browser_with_a_code_that_works_once(
    visit: Visit, server: Server
) -> None:
    first, second, third = (visit(server) for _ in range(3))
    first.ask("what is a nevus?")
    first.answers(1)
    other_browsers(first)
    first.press("Show a code")
    code = first.page.get_by_role("dialog").get_by_test_id("stCode").inner_text().strip()
    for view in (second, third):
        other_browsers(view)
        view.page.get_by_label("Code that the other browser shows").fill(code.lower())
        view.press("Bring them here")
        if view is second:
            expect(view.page.get_by_role("dialog")).to_have_count(0)
            view.page.get_by_role("link", name="nevus").click()
            view.answers(1)
    expect(third.page.get_by_text("This code is not in force")).to_be_visible()
    expect(third.page.get_by_role("link", name="nevus")).to_have_count(0)
    other_browsers(second)
    second.press("Begin anew")
    expect(second.page.get_by_role("link", name="nevus")).to_have_count(0)
    first.page.reload()
    expect(first.page.get_by_role("link", name="nevus")).to_have_count(1)


def test_the_page_works_under_the_policy_that_keeps_other_sites_out_of_it(
    visit: Visit, server: Server
) -> None:
    view = visit(server)
    refused: list[str] = []
    view.page.on(
        "console", lambda told: refused.append(told.text) if "Content Security Policy" in told.text else None
    )
    view.page.reload()
    view.press("Try it")
    view.answers(1)
    assert view.page.get_by_test_id("stImage").count() > 0
    for link in ("Case library", "What works here"):
        view.page.get_by_role("link", name=link).click()
        view.page.get_by_role("heading", name=link, level=1).wait_for()
    assert not refused
    view.page.evaluate("fetch('http://127.0.0.1:9/x').catch(() => null)")
    assert refused  # the policy is in force


@pytest.fixture
def small_server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Casebook with room for 1 MiB of files in a tab."""
    running = Server(tmp_path_factory.mktemp("small"), ROOT / "streamlit_app.py", CASEBOOK_UPLOADS_MB="4")
    yield running
    running.stop()


def test_a_tab_holds_only_so_much_of_what_is_sent_and_nothing_of_what_was_asked_about(
    visit: Visit, small_server: Server, tmp_path: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (500, 450, 3), np.uint8)
    files = [tmp_path / f"{number}.png" for number in range(2)]
    for number, file in enumerate(files):
        Image.fromarray(noise // (number + 1)).save(file, compress_level=0)
    view = visit(small_server)
    statuses: list[int] = []
    view.page.on("response", lambda got: statuses.append(got.status) if got.request.method == "PUT" else None)
    view.drop(files[0])
    target = view.page.get_by_test_id("stFileUploader").locator("input[type=file]")
    target.set_input_files(files[1])
    expect(view.page.get_by_text("413")).to_be_visible()
    view.press("What is this?")
    view.page.wait_for_url("**chat=**")
    view.page.get_by_role("link", name="New chat").click()
    view.page.get_by_role("heading", name="Casebook", exact=True).wait_for()
    for _ in range(20):  # the place to drop may be drawn anew meanwhile
        if len(statuses) > 2:
            break
        target.first.set_input_files(files[1])
        view.page.wait_for_timeout(3000)
    assert [status < 300 for status in statuses[:3]] == [True, False, True]
