"""No form of a teacher and no page of a case shuts anybody out, as far as axe-core tells, at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import WIDTHS, serious
from tests.browser.conftest import Server
from tests.browser.page import View
from tests.browser.test_browser_teach import canvas, join, make_session, teaching

__all__ = ["teaching"]
pytestmark = pytest.mark.browser


def test_a_case_of_the_library_and_the_forms_of_a_teaching_case_have_no_serious_finding(
    visit: Callable[..., View], teaching: Server
) -> None:
    view = visit(teaching)
    page, found = view.page, {}
    view.open("/library")
    page.get_by_role("button", name="See the case").first.click()
    expect(page.get_by_role("button", name="Ask about this case")).to_be_visible()
    view.drawn()
    found["case of the library"] = serious(page)
    page.get_by_role("button", name="Make a teaching case of it").click()
    expect(page.get_by_text("It is among your teaching cases")).to_be_visible()
    view.open("/teach?case=all")
    page.get_by_role("button", name="See the case").first.click()
    page.get_by_text("History, hints, diagnosis and findings").click()
    expect(page.get_by_role("button", name="Keep the words")).to_be_visible()
    expect(canvas(view)).to_have_attribute("aria-busy", "false")
    view.drawn()
    found["words of a case"] = serious(page)
    view.open("/teach?case=new")
    expect(page.get_by_role("button", name="Keep the case")).to_be_visible()
    view.drawn()
    found["new case"] = serious(page)
    assert not any(found.values()), found


def test_every_page_and_each_step_of_a_session_has_no_serious_finding(
    visit: Callable[..., View], teaching: Server
) -> None:
    teacher, learner = visit(teaching), visit(teaching)
    found = {}
    for place in ("/", "/library", "/works", "/teach", "/teach?new=1"):
        teacher.open(place)
        teacher.drawn()
        found[place] = serious(teacher.page)
    code = make_session(teacher)
    join(learner, code, "Bob")
    expect(canvas(learner)).to_have_attribute("aria-busy", "false")
    learner.drawn()
    found["before the commit"] = serious(learner.page)
    learner.page.get_by_label("Diagnosis 1", exact=True).fill("psoriasis")
    learner.page.get_by_role("button", name="Commit to this answer").click()
    expect(learner.page.get_by_text("What the teacher says it is")).to_be_visible()
    expect(canvas(learner)).to_have_attribute("aria-busy", "false")
    learner.drawn()
    found["after the commit"] = serious(learner.page)
    expect(teacher.page.get_by_text("1 / 3")).to_be_visible()
    teacher.page.get_by_text("Overrule an answer").click()
    teacher.drawn()
    found["the class"] = serious(teacher.page)
    assert not any(found.values()), found


def test_what_shuts_somebody_out_is_found(visit: Callable[..., View], teaching: Server) -> None:
    page = visit(teaching).page
    page.set_content("<html lang=en><title>t</title><main><button></button><img src='x'></main></html>")
    rules = {one.partition(" (")[0] for one in serious(page)}
    assert rules >= {f"at {width} px: {rule}" for width in WIDTHS for rule in ("button-name", "image-alt")}
