"""A teaching session in Chromium: what a learner's browser is given before the commit, and the class."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, Page, Response, expect

from assistant import Assistant
from assistant.settings import load_settings
from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.inputs.case_library import mole, save
from tests.inputs.teaching_library import CAPTION, KINDS, SOURCE, write_teaching_cases

pytestmark = pytest.mark.browser
SIDE = 96  # of a drawn mole
# What of the library's cases is hidden before the commit; shorter words stand in random ids by chance.
SECRETS = (*KINDS, "nevi", "naevus", CAPTION, SOURCE, "fracture", "sets/skin")


@pytest.fixture
def teaching(chromium: object, tmp_path: Path) -> Iterator[Server]:
    """A server with a library to teach from."""
    home = tmp_path / "home"
    with Assistant(load_settings(home=home)) as casebook:
        for table in write_teaching_cases(tmp_path / "sets"):
            casebook.import_cases(table)
    server = Server(home, ROOT / "streamlit_app.py")
    yield server
    server.stop()


def make_session(view: View, title: str = "Tuesday", number: int = 3) -> str:
    """A teacher makes a session of library cases without normals; the join code."""
    view.open("/teach")
    view.page.get_by_role("button", name="New session").click()
    view.page.get_by_label("Title", exact=True).fill(title)
    view.page.get_by_label("Number of cases", exact=True).fill(str(number))
    slider = view.page.get_by_role("slider", name="Share of normals and mimics")
    slider.focus()
    for _ in range(8):
        slider.press("ArrowLeft")
    view.page.get_by_role("button", name="Make the session").click()
    code = view.page.get_by_test_id("join-code")
    expect(code).to_have_text(re.compile(r"^[A-Z2-9]{6}$"))
    return code.inner_text()


def join(view: View, code: str, nickname: str) -> None:
    view.open("/teach")
    view.page.get_by_label("Join code", exact=True).fill(code)
    view.page.get_by_label("Nickname", exact=True).fill(nickname)
    view.page.get_by_role("button", name="Join a session").click()
    expect(view.page.get_by_role("heading", name=re.compile("^Case 1 of"))).to_be_visible()


def test_from_pictures_to_a_class_that_reads_them(
    visit: Callable[..., View], teaching: Server, tmp_path: Path
) -> None:
    """The way that the README tells, on the page alone."""
    teacher = visit(teaching)
    page = teacher.page
    for seed, name in enumerate(("naevus", "melanoma")):
        teacher.open("/teach")
        page.get_by_role("button", name="My teaching cases").click()
        page.get_by_role("button", name="New case").click()
        uploader = page.get_by_test_id("stFileUploader").locator("input[type=file]")
        uploader.set_input_files(tmp_path / save(tmp_path, f"{seed}.png", mole(seed)))
        page.get_by_label("History", exact=True).fill("It grew.")
        page.get_by_label("Diagnosis", exact=True).fill(name)
        page.get_by_role("button", name="Keep the case").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        expect(canvas(teacher)).to_have_attribute("aria-busy", "false")
    teacher.open("/teach")
    page.get_by_role("button", name="New session").click()
    page.get_by_text("My teaching cases, by hand").click()
    page.get_by_label("Title", exact=True).fill("Wednesday")
    for name in ("naevus", "melanoma"):
        page.get_by_label("Teaching cases, in order", exact=True).fill(name)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Make the session").click()
    expect(page.get_by_text("open to this machine alone")).to_be_visible()
    learner = visit(teaching)
    join(learner, page.get_by_test_id("join-code").inner_text(), "Bob")
    expect(learner.page.get_by_text("Case 1 of 2")).to_be_visible()
    expect(learner.page.get_by_text("It grew.")).to_be_visible()
    expect(canvas(learner)).to_have_attribute("aria-busy", "false")


class Ears:
    """Every byte that a browser receives: pages, pictures, websocket frames."""

    def __init__(self, page: Page) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.unread: list[str] = []
        self._waiting: list[Response] = []
        self._page = page
        page.on("websocket", lambda socket: socket.on("framereceived", self._frame))
        page.on("response", self._answered)

    def _frame(self, frame: str | bytes) -> None:
        self.got.append(("websocket", frame if isinstance(frame, bytes) else frame.encode()))

    def _answered(self, answer: Response) -> None:
        # The page's own programs, the same for everybody, are left out.
        if "/static/" not in answer.url and answer.status == 200:
            self._waiting.append(answer)

    def hear(self) -> None:
        """Read what came; to be called before another page is opened."""
        self._page.wait_for_function("[...document.images].every(one => one.complete)")
        for answer in self._waiting:
            try:
                self.got.append((answer.url, answer.body()))
            except Error:  # it came so late that another page was open already: it is asked for once more
                again = self._page.request.get(answer.url)
                self.got.append((answer.url, again.body()))
                self.unread += [] if again.ok else [answer.url]
        self._waiting.clear()


def test_no_byte_before_the_commit_gives_a_case_away_and_after_it_all_is_open(
    visit: Callable[..., View], teaching: Server
) -> None:
    code = make_session(visit(teaching))
    view = visit(teaching)
    ears = Ears(view.page)
    join(view, code, "Bob")
    expect(canvas(view)).to_have_attribute("aria-busy", "false")
    for page in ("/library", "/chat", "/"):
        ears.hear()
        view.open(page)
        expect(view.page.get_by_text("closed in this browser")).to_be_visible()
    ears.hear()
    view.open("/teach")
    view.page.get_by_label("What you see", exact=True).fill("A brown spot.")
    view.page.get_by_label("Ask the tutor", exact=True).fill("Find similar cases and tell me the label")
    view.page.get_by_role("button", name="Ask", exact=True).click()
    expect(view.page.get_by_text("stays closed")).to_have_count(1)
    expect(view.page.get_by_label("What you see", exact=True)).to_have_value("A brown spot.")
    ears.hear()
    before = list(ears.got)
    assert any(name == "websocket" for name, _ in before)
    for name, data in before:
        for secret in SECRETS:
            assert secret.encode().lower() not in data.lower(), (secret, name)
    assert not [url for url in ears.unread if re.search("/slices/|/media/|_stcore/(?!health)", url)]
    pictures = {name: data for name, data in before if "/slices/" in name}
    assert pictures
    side = {len(data) for data in pictures.values()}
    assert side == {3 * SIDE * SIDE}, "a slice is its pixels and nothing else"

    view.page.get_by_label("Diagnosis 1", exact=True).fill("psoriasis")
    view.page.get_by_label("How sure, % (1)", exact=True).fill("60")
    view.page.get_by_role("button", name="Commit to this answer").click()
    expect(view.page.get_by_text("What the teacher says it is")).to_be_visible()
    expect(view.page.get_by_text(CAPTION).first).to_be_visible()
    expect(view.page.get_by_text(SOURCE).first).to_be_visible()


def canvas(view: View) -> Locator:
    return view.page.locator(".viewer canvas").first


def draw_box(view: View, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag a rectangle in shares of the picture's canvas."""
    expect(canvas(view)).to_have_attribute("aria-busy", "false")
    view.page.locator(".viewer [data-act=rectangle]").click()
    box = canvas(view).bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    view.page.mouse.move(*points[0])
    view.page.mouse.down()
    view.page.mouse.move(*points[1], steps=3)
    view.page.mouse.up()


def test_a_region_is_drawn_by_the_teacher_hidden_marked_by_the_learner_and_both_are_revealed(
    visit: Callable[..., View], teaching: Server
) -> None:
    teacher = visit(teaching)
    make_session(teacher)
    teacher.page.get_by_role("button", name="All sessions").click()
    teacher.page.get_by_role("button", name="My teaching cases").click()
    teacher.page.get_by_role("button", name="See the case").first.click()
    draw_box(teacher, (0.4, 0.4), (0.6, 0.6))
    teacher.page.get_by_label(re.compile("^Caption of Rectangle")).fill("Placesecret")
    teacher.page.get_by_label(re.compile("^Caption of Rectangle")).press("Enter")
    expect(teacher.page.get_by_text("Drawn and not kept yet: 1.")).to_be_visible()
    teacher.page.get_by_role("button", name="Keep the regions").click()
    expect(teacher.page.get_by_text("Version 2.")).to_be_visible()
    code = by_hand(teacher)

    view = visit(teaching)
    ears = Ears(view.page)
    join(view, code, "Bob")
    draw_box(view, (0.4, 0.4), (0.6, 0.62))
    expect(view.page.get_by_text("Marks kept: 1.")).to_be_visible()
    view.page.reload()
    expect(view.page.get_by_label(re.compile("^Caption of Rectangle"))).to_be_visible()
    ears.hear()
    assert any("/slices/" in name for name, _ in ears.got)
    assert not [name for name, data in ears.got if b"placesecret" in data.lower()]
    view.page.get_by_label("Diagnosis 1", exact=True).fill("psoriasis")
    view.page.get_by_role("button", name="Commit to this answer").click()
    expect(view.page.get_by_text(re.compile("“Placesecret” .*found.*IoU 0.[89]"))).to_be_visible()
    listed = view.page.locator(".viewer ol.marks li")
    expect(listed.filter(has_text="the case's Rectangle “Placesecret”")).to_have_count(1)
    expect(listed).to_have_count(2)
    expect(view.page.locator(".viewer [data-act=rectangle]")).to_have_count(0)


def by_hand(view: View) -> str:
    """A session on the first of the teacher's own cases; the join code."""
    view.open("/teach")
    view.page.get_by_role("button", name="New session").click()
    view.page.get_by_text("My teaching cases, by hand").click()
    view.page.get_by_label("Title", exact=True).fill("Wednesday")
    view.page.get_by_label("Teaching cases, in order").click()
    view.page.get_by_role("option").first.click()
    view.page.keyboard.press("Escape")
    view.page.get_by_role("button", name="Make the session").click()
    return view.page.get_by_test_id("join-code").inner_text()


def test_a_whole_case_by_keyboard_alone_and_the_teacher_sees_it_without_a_reload(
    visit: Callable[..., View], teaching: Server
) -> None:
    teacher = visit(teaching)
    code = make_session(teacher)
    expect(teacher.page.get_by_text("Nobody has joined yet")).to_be_visible()
    view = visit(teaching, phone=True)
    join(view, code, "Bob")
    expect(teacher.page.get_by_text("Bob (L01)")).to_be_visible()
    keys = view.page.keyboard
    _tab_into_picture(view.page)
    for key in ("r", "Enter", "Enter", *["Shift+ArrowRight"] * 2, *["Shift+ArrowDown"] * 2, "Enter"):
        keys.press(key)
    expect(view.page.get_by_text("Marks kept: 1.")).to_be_visible()
    view.page.get_by_label("What you see", exact=True).focus()
    keys.type("A brown spot.")
    _tab_to(view.page, "Diagnosis 1")
    keys.type("psoriasis")
    _tab_to(view.page, "How sure, % (1)")
    keys.type("60")
    _tab_to(view.page, "Commit to this answer")
    keys.press("Enter")
    expect(view.page.get_by_text("What the teacher says it is")).to_be_visible()
    _tab_to(view.page, "Next case")
    keys.press("Enter")
    expect(view.page.get_by_role("heading", name="Case 2 of 3")).to_be_visible()
    expect(teacher.page.get_by_text("1 / 3")).to_be_visible()
    expect(teacher.page.get_by_text("Hardest cases")).to_be_visible()


def _tab_into_picture(page: Page) -> None:
    """Press the tab key until the picture has the focus."""
    expect(page.locator(".viewer canvas")).to_have_attribute("aria-busy", "false")
    inside = "document.activeElement.shadowRoot?.activeElement ?? document.activeElement"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"({inside}).tagName") == "CANVAS":
            return
    raise AssertionError("the picture was never reached")


def _tab_to(page: Page, name: str) -> None:
    """Press the tab key until what has this name has the focus."""
    page.wait_for_timeout(800)
    told = "e => (e.getAttribute('aria-label') || e.innerText || '') + '|' + (e.labels?.[0]?.innerText || '')"
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in page.evaluate(f"({told})(document.activeElement)"):
            return
    raise AssertionError(f"{name} was never reached")


def test_a_restart_in_the_middle_loses_nothing_that_was_acknowledged(
    visit: Callable[..., View], teaching: Server
) -> None:
    code = make_session(visit(teaching))
    view = visit(teaching)
    join(view, code, "Bob")
    view.page.get_by_label("What you see", exact=True).fill("A brown spot.")
    view.page.get_by_label("Diagnosis 1", exact=True).fill("psoriasis")
    view.page.get_by_label("Diagnosis 2", exact=True).focus()
    expect(view.page.get_by_text("Draft kept: 13 characters and 1 diagnosis.")).to_be_visible()
    teaching.stop()
    teaching.start()
    view.open("/teach")
    expect(view.page.get_by_label("What you see", exact=True)).to_have_value("A brown spot.")
    expect(view.page.get_by_label("Diagnosis 1", exact=True)).to_have_value("psoriasis")
    view.page.get_by_role("button", name="Commit to this answer").click()
    expect(view.page.get_by_text("What the teacher says it is")).to_be_visible()
    teaching.stop()
    teaching.start()
    view.open("/teach")
    expect(view.page.get_by_text("What the teacher says it is")).to_be_visible()
    expect(view.page.get_by_text("You said: psoriasis")).to_be_visible()
