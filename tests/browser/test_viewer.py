"""The viewer used by mouse, fingers and keyboard: measures, marks, slices, and what it tells the server."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.viewer.component import Options, Order
from assistant.viewer.state import Mark, ShownWindow, ViewerState, viewer_state
from store.pictures.image import Image, Slice
from store.pictures.window import Window
from tests.browser.viewer_page import ViewerPage, ready, served

pytestmark = pytest.mark.browser
Open = Callable[..., tuple[Page, ViewerPage]]
SIZE = (200, 300)  # rows, columns


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """Opens a viewer in a page of its own, with a mouse or with fingers."""
    closing = []

    def open_viewer(
        *images: Image, options: Options | None = None, phone: bool = False
    ) -> tuple[Page, ViewerPage]:
        size = {"width": 390, "height": 844} if phone else {"width": 1000, "height": 900}
        context = chromium.new_context(viewport=size, has_touch=phone)
        viewer = ViewerPage(images, options or Options())
        place = served(viewer)
        closing.extend([context.close, lambda: place.__exit__(None, None, None)])
        page = context.new_page()
        page.goto(place.__enter__())
        ready(page)
        return page, viewer

    yield open_viewer
    for close in closing:
        close()


def scan(slices: int = 1, spacing: tuple[float, float] | None = (0.7, 0.7), seed: int = 1) -> Image:
    values = np.random.default_rng(seed).integers(-1000, 1000, (slices, *SIZE)).astype(np.int16)
    return Image(
        frames=np.zeros(values.shape, np.uint8),
        values=values,
        unit="HU",
        file_type="DICOM",
        spacing_mm=spacing,
        window=Window(40.0, 400.0),
    )


def actual(page: Page) -> tuple[float, float]:
    """Shows one pixel on one of the screen; where the first one is."""
    page.locator("canvas").first.press("*")
    ready(page)
    left, top, width, height = page.evaluate(
        "() => { const c = document.querySelector('canvas'); const b = c.getBoundingClientRect();"
        " return [b.left, b.top, c.width, c.height]; }"
    )
    return left + round(width / 2 - SIZE[1] / 2), top + round(height / 2 - SIZE[0] / 2)


def drag(page: Page, *points: tuple[float, float]) -> None:
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def told(page: Page) -> ViewerState:
    """What the server was told last, once it was told anything."""
    page.wait_for_function("() => window.sent.length > 0")
    page.wait_for_timeout(600)
    found = viewer_state(page.evaluate("() => window.sent.at(-1)"))
    assert found is not None
    return found


@pytest.mark.parametrize("spacing", [(0.7, 0.7), (0.5, 1.25), (1.0, 0.4)])
@pytest.mark.parametrize("run", [(150.0, 0.0), (0.0, 120.0), (120.0, 90.0)])
def test_a_drawn_length_is_that_of_the_spacing_within_one_percent(
    opened: Open, spacing: tuple[float, float], run: tuple[float, float]
) -> None:
    page, _ = opened(scan(spacing=spacing))
    page.get_by_role("button", name="Distance").click()
    left, top = actual(page)
    aspect = spacing[0] / spacing[1]
    top += (SIZE[0] - SIZE[0] * aspect) / 2
    drag(page, (left + 40, top + 50 * aspect), (left + 40 + run[0], top + (50 + run[1]) * aspect))
    (mark,) = told(page).panes[0].marks
    assert mark.measure is not None
    assert mark.measure.unit == "mm"
    assert mark.measure.value == pytest.approx(math.hypot(run[0] * spacing[1], run[1] * spacing[0]), rel=0.01)
    expect(page.get_by_role("list", name="Marks")).to_contain_text(
        f"Distance {mark.measure.value:.1f}".rstrip("0").rstrip(".")
    )


def test_an_angle_is_that_in_the_patient_also_where_pixels_are_not_square(opened: Open) -> None:
    page, _ = opened(scan(spacing=(1.0, 0.5)))
    page.get_by_role("button", name="Angle", exact=True).click()
    left, top = actual(page)
    top += (SIZE[0] - SIZE[0] * 2) / 2
    # Along 100 columns (50 mm) and up 50 rows (50 mm, drawn twice as high): 45°.
    drag(page, (left + 200, top + 200), (left + 100, top + 200))
    drag(page, (left + 200, top + 100), (left + 200, top + 100))
    (mark,) = told(page).panes[0].marks
    assert mark.measure is not None
    assert mark.measure.unit == "°"
    assert mark.measure.value == pytest.approx(45, abs=1)


def test_without_a_spacing_there_are_no_millimetres(opened: Open) -> None:
    page, _ = opened(scan(spacing=None))
    page.get_by_role("button", name="Distance").click()
    left, top = actual(page)
    drag(page, (left + 10, top + 10), (left + 110, top + 10))
    expect(page.get_by_role("list", name="Marks")).to_contain_text("Distance 100 pixels")
    assert " mm" not in page.content()


@pytest.mark.parametrize("kind", ["Rectangle", "Ellipse", "Freehand line", "Arrow"])
def test_what_is_marked_can_be_captioned_and_removed(opened: Open, kind: str) -> None:
    page, _ = opened(scan())
    page.get_by_role("button", name=kind).click()
    left, top = actual(page)
    drag(page, (left + 20, top + 20), (left + 60, top + 30), (left + 80, top + 90))
    row = page.get_by_role("list", name="Marks").get_by_role("listitem")
    row.get_by_label(f"Caption of {kind}").fill("a nodule")
    row.get_by_label(f"Caption of {kind}").press("Enter")
    mark = told(page).panes[0].marks[0]
    assert (mark.caption, mark.slice, mark.measure) == ("a nodule", 0, None)
    assert mark.points[0] == pytest.approx((20, 20), abs=1)
    assert mark.points[-1] == pytest.approx((80, 90), abs=1)
    row.get_by_role("button", name=f"Remove {kind}").click()
    expect(row).to_have_count(0)
    assert told(page).panes[0].marks == ()


def test_the_wheel_the_slider_and_the_keys_scroll_and_a_mark_stays_on_its_slice(opened: Open) -> None:
    page, _ = opened(scan(30))
    canvas = page.locator("canvas")
    canvas.hover()
    for _ in range(3):
        page.mouse.wheel(0, 40)
    ready(page, 4)
    canvas.press("PageDown")
    ready(page, 14)
    canvas.press("ArrowUp")
    ready(page, 13)
    page.get_by_role("slider").fill("20")
    ready(page, 20)
    page.get_by_role("button", name="Arrow").click()
    left, top = actual(page)
    drag(page, (left + 20, top + 20), (left + 60, top + 30))
    expect(canvas).to_have_attribute("aria-label", re.compile(r"slice 20 of 30.*Arrow"))
    canvas.press("Escape")
    canvas.press("End")
    ready(page, 30)
    expect(canvas).to_have_attribute("aria-label", re.compile("slice 30 of 30"))
    expect(canvas).not_to_have_attribute("aria-label", re.compile("Arrow"))
    page.get_by_role("button", name="Arrow, slice 20").click()
    ready(page, 20)


def test_two_series_scroll_together_until_they_are_parted(opened: Open) -> None:
    page, _ = opened(scan(10), scan(12, seed=2))
    first, second = page.locator("canvas").all()
    first.press("ArrowDown")
    expect(second).to_have_attribute("data-slice", "2")
    page.get_by_role("button", name="Scroll both together").click()
    first.press("ArrowDown")
    expect(first).to_have_attribute("data-slice", "3")
    expect(second).to_have_attribute("data-slice", "2")
    assert [pane.slice for pane in told(page).panes] == [2, 1]


def test_a_drag_changes_the_window_and_reset_takes_it_back(opened: Open) -> None:
    page, _ = opened(scan())
    left, top = actual(page)
    drag(page, (left + 50, top + 50), (left + 150, top + 100))
    window = told(page).panes[0].window
    assert window is not None
    assert window.width > 400
    assert window.level < 40
    page.locator("canvas").press("x")
    assert told(page).panes[0].window == ShownWindow(level=40, width=400, function="LINEAR")


def test_fingers_scroll_and_pinch(opened: Open) -> None:
    page, _ = opened(scan(40), phone=True)
    client = page.context.new_cdp_session(page)
    box = page.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind: str, *points: tuple[float, float]) -> None:
        told = [{"x": a, "y": b, "id": n} for n, (a, b) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    page.get_by_role("button", name="Scroll through the slices").click()
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x, y + 15 * step))
    touch("touchEnd")
    assert int(page.locator("canvas").get_attribute("data-slice") or 0) > 3
    touch("touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 6):
        touch("touchMove", (x - 20 - 8 * step, y), (x + 20 + 8 * step, y))
    touch("touchEnd")
    assert told(page).panes[0].zoom == pytest.approx(3, rel=0.1)


def test_everything_is_done_by_the_keyboard_alone(opened: Open) -> None:
    page, _ = opened(scan(5))
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.tagName") == "CANVAS":
            break
    keys = page.keyboard
    for key in ("ArrowDown", "w", "w", "Shift+L", "i", "+", "d"):
        keys.press(key)
    for key in ("ArrowLeft", "Enter", *["Shift+ArrowRight"] * 5, "Enter", "Escape"):
        keys.press(key)
    keys.press("a")
    for key in ("Enter", "Enter", *["Shift+ArrowRight"] * 2, "Enter", *["Shift+ArrowDown"] * 2, "Enter"):
        keys.press(key)
    pane = told(page).panes[0]
    assert (pane.slice, pane.inverted) == (1, True)
    assert pane.window is not None
    assert (pane.window.width, pane.window.level) == (pytest.approx(441), pytest.approx(17.95))
    assert pane.zoom == pytest.approx(1.25)
    assert [(mark.kind, mark.measure and mark.measure.value) for mark in pane.marks] == [
        ("distance", pytest.approx(50 * 0.7)),
        ("angle", pytest.approx(90)),
    ]
    keys.press("Backspace")
    assert len(told(page).panes[0].marks) == 1
    keys.press("Escape")
    keys.press("Escape")
    keys.press("k")
    expect(page.locator(".viewer.dark")).to_have_count(1)
    keys.press("Escape")
    expect(page.locator(".viewer.dark")).to_have_count(0)
    keys.press("?")
    expect(page.get_by_role("status")).to_contain_text("Page up and down: ten slices.")


def test_every_control_has_a_name_and_the_picture_is_told_in_words(opened: Open) -> None:
    page, _ = opened(scan(5))
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, canvas")].filter((one) =>
          !one.getAttribute("aria-label") && !one.textContent.trim() && !one.closest("label")).length"""
    )
    assert nameless == 0
    expect(page.locator("canvas")).to_have_attribute(
        "aria-label", "img-1; slice 1 of 5; level 40, width 400. Press ? to hear the keys."
    )


def test_an_order_of_the_page_is_followed_once(opened: Open) -> None:
    page, _ = opened(scan(9))
    mark = Mark(kind="arrow", slice=4, points=((10, 10), (30, 30)), caption="here").model_dump(mode="json")
    window = {"level": 480, "width": 2500, "function": "LINEAR"}
    orders = [{"number": 1, "pane": 0, "slice": 4, "window": window, "marks": [mark]}]
    page.evaluate("(orders) => window.draw({ orders })", orders)
    ready(page, 5)
    page.locator("canvas").press("Home")
    page.evaluate("(orders) => window.draw({ orders })", orders)
    ready(page, 1)
    state = told(page)
    assert (state.order, state.panes[0].slice) == (1, 0)
    assert state.panes[0].window == ShownWindow(level=480, width=2500, function="LINEAR")
    assert [one.caption for one in state.panes[0].marks] == ["here"]


def test_each_slice_has_its_own_window_and_spacing_where_the_file_says_so(opened: Open) -> None:
    slices = tuple(
        Slice(spacing_mm=(mm, mm), window=Window(10.0 * number, 100.0))
        for number, mm in enumerate((1.0, 2.0, 3.0))
    )
    image = scan(3)
    image = Image(frames=image.frames, values=image.values, unit="HU", file_type="DICOM", slices=slices)
    page, _ = opened(image)
    page.locator("canvas").press("End")
    ready(page, 3)
    expect(page.locator("canvas")).to_have_attribute("aria-label", re.compile("level 20, width 100"))
    page.get_by_role("button", name="Distance").click()
    left, top = actual(page)
    drag(page, (left + 10, top + 10), (left + 110, top + 10))
    expect(page.get_by_role("list", name="Marks")).to_contain_text("Distance 300 mm, slice 3")


def test_no_more_slices_are_held_than_the_limit_allows(opened: Open) -> None:
    page, _ = opened(scan())
    held = page.evaluate(
        """async () => {
          const { Slices } = await import("/page/slices.js");
          const slices = new Slices({ url: "", count: 2000, kind: "uint8" }, () => {}, () => {});
          for (let number = 0; number < 400; number++) slices.keep(`${number}`, new Uint8Array(1024 ** 2));
          return [slices.bytes, slices.held.size, slices.held.has("399"), slices.held.has("0")];
        }"""
    )
    assert held == [160 * 1024**2, 160, True, False]


def test_while_the_reader_looks_the_slices_of_the_next_seconds_come_the_nearest_first(opened: Open) -> None:
    page, viewer = opened(scan(100))
    page.wait_for_function("() => performance.getEntriesByType('resource').length > 68")
    page.wait_for_timeout(500)
    asked = [int(path.rsplit("/", 1)[1]) for path in viewer.asked if path.startswith("/slices/")]
    assert sorted(asked) == list(range(61))
    assert max(asked[:16]) < 20
    page.locator("canvas").press("PageDown")
    page.wait_for_timeout(500)
    assert len(set(viewer.asked)) == len(viewer.asked), "what is held is asked for once"


def test_a_picture_that_is_no_longer_lent_says_so(opened: Open) -> None:
    page, viewer = opened(scan(200))
    viewer._lent.take_back("me")
    page.locator("canvas").press("End")
    expect(page.get_by_role("status")).to_contain_text("no longer open here")


def test_a_closed_viewer_asks_for_nothing_more(opened: Open) -> None:
    page, viewer = opened(scan(30))
    page.evaluate("() => window.close()")
    page.wait_for_timeout(300)
    asked = len(viewer.asked)
    page.wait_for_timeout(700)
    assert len(viewer.asked) == asked
    assert page.locator(".viewer").count() == 0


def test_the_orders_and_marks_of_the_page_reach_the_browser(opened: Open) -> None:
    mark = Mark(kind="distance", slice=1, points=((0, 0), (10, 0)))
    page, _ = opened(scan(3), options=Options(orders=(Order(1, slice=1, marks=(mark,)),)))
    ready(page, 2)
    expect(page.get_by_role("list", name="Marks")).to_contain_text("Distance 7 mm, slice 2")


def test_without_its_style_the_picture_does_not_grow(chromium: Browser) -> None:
    """The style comes by itself, and may come late or never; growing, a picture would hold up the page."""
    with served(ViewerPage([scan()], Options())) as url:
        page = chromium.new_page(viewport={"width": 1000, "height": 900})
        page.route("**/viewer.css", lambda route: route.abort())
        page.goto(url)
        page.locator("canvas").wait_for(state="attached")
        page.wait_for_timeout(1000)
        heights = page.evaluate("() => [...document.querySelectorAll('canvas')].map((one) => one.height)")
        assert max(heights) < 1000
        page.close()
