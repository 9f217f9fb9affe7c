"""In Chromium a learner takes back what they did, and a teacher deletes the session: nothing is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server
from tests.browser.page import View
from tests.browser.test_browser_teach import join, make_session, teaching
from tools.privacy.searching import Needle, find_in_folder

__all__ = ["teaching"]
pytestmark = pytest.mark.browser


def test_a_learner_takes_back_and_a_teacher_deletes_until_nothing_is_found(
    visit: Callable[..., View], teaching: Server
) -> None:
    teacher, learner = visit(teaching), visit(teaching)
    code = make_session(teacher, "Tuesdaysecret")
    join(learner, code, "Nicksecret")
    page = learner.page
    page.get_by_label("Diagnosis 1", exact=True).fill("Guesssecret")
    page.get_by_label("Diagnosis 1", exact=True).press("Enter")
    expect(page.get_by_text("1 diagnosis")).to_be_visible()
    assert found(teaching, "Guesssecret")
    page.get_by_role("button", name="Take back what I did here").click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_label("Join code", exact=True)).to_be_visible()
    expect(teacher.page.get_by_text("nothing is kept of what they did: 1")).to_be_visible()
    expect(teacher.page.get_by_text("Nobody has joined yet")).to_have_count(0)
    assert not found(teaching, "Guesssecret")
    assert not found(teaching, "Nicksecret")
    page = teacher.page
    page.get_by_role("button", name="Close the session").click()
    page.get_by_role("button", name="Delete this session").click()
    page.get_by_role("button", name="Delete the session").click()
    expect(page.get_by_label("Join code", exact=True)).to_be_visible()
    expect(page.get_by_text("Tuesdaysecret")).to_have_count(0)
    assert not found(teaching, "Tuesdaysecret")


def found(server: Server, text: str) -> bool:
    return any(find_in_folder(server.home, Needle(text)))


def test_an_open_class_looks_for_new_learners_and_a_closed_one_also_elsewhere_does_not(
    visit: Callable[..., View], teaching: Server
) -> None:
    teacher = visit(teaching)
    frames: list[object] = []

    def hear(frame: object) -> None:
        frames.append(frame)

    teacher.page.on("websocket", lambda socket: socket.on("framereceived", hear))
    make_session(teacher)
    address = teacher.page.url
    other = teacher.page.context.new_page()
    other.goto(address)

    def frames_in(ms: int) -> int:
        frames.clear()
        teacher.page.wait_for_timeout(ms)
        return len(frames)

    assert frames_in(8_000)
    other.get_by_role("button", name="Close the session").click()
    expect(teacher.page.get_by_text("This session is closed.")).to_be_visible()
    teacher.drawn()
    frames_in(2_000)
    assert not frames_in(8_000)
