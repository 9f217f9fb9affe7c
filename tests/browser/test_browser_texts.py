"""What others wrote is shown letter by letter, and a refusal is seen where the eyes are."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from assistant.examples import examples
from tests.browser.conftest import Server
from tests.browser.page import View

pytestmark = pytest.mark.browser
Visit = Callable[..., View]
HOSTILE = (
    "<img src=x onerror=alert(1)> *b* [c](javascript:alert(2)) :red[x] :material/home: http://127.0.0.1:9"
)
# What a text of somebody else's must never become.
MADE = "a[href*='127.0.0.1:9'], a[href*='javascript'], img[src='x'], .stMarkdownColoredText"


def letters(place: Locator) -> str:
    """What is to be read there."""
    return re.sub(r"\s+", " ", place.inner_text().replace("\u2060", ""))


def check(view: View, place: Locator, at_least: int) -> None:
    """The hostile text is there so many times, and nothing was made of it."""
    expect(place.get_by_text("onerror").first).to_be_visible()
    until = time.monotonic() + 60
    while letters(place).count(HOSTILE) < at_least and time.monotonic() < until:
        view.page.wait_for_timeout(100)
    assert letters(place).count(HOSTILE) >= at_least
    expect(view.page.locator(MADE)).to_have_count(0)
    expect(view.page.get_by_text("home", exact=True)).to_have_count(0)
    bold = view.page.locator("strong, em").all_inner_texts()
    assert not [text for text in bold if text.strip() in ("b", "c", "x")]
    assert "127.0.0.1:9" not in view.hosts


@pytest.fixture
def table(tmp_path: Path) -> Path:
    drawn = Image.open(io.BytesIO(examples()[0].draw()))
    with (tmp_path / "table.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "label", "modality", "group", "source", "licence", "body_part", "caption"])
        for n in range(3):
            # Other pictures than those of other tests: a case that is known keeps its label.
            drawn.rotate(40 * n + 33).resize((250, 170)).save(tmp_path / f"case-{n}.png")
            rows.writerow([f"case-{n}.png", HOSTILE, "XC", f"lesion-{n}", *[HOSTILE] * 4])
    return tmp_path


def test_a_hostile_label_stays_a_label_on_every_page(visit: Visit, server: Server, table: Path) -> None:
    view = visit(server)
    dialogs: list[str] = []
    view.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    view.open("/library")
    view.page.get_by_label("Folder or CSV file").fill(str(table))
    view.press("Import")
    expect(view.page.get_by_text("Added 3 cases")).to_be_visible(timeout=20_000)
    check(view, view.page.get_by_test_id("stMain"), 3)
    view.page.get_by_label("Label").first.click()
    check(view, view.page.locator("body"), 4)

    photo = table / "photo.png"
    photo.write_bytes(examples()[0].draw())
    view.open()
    view.drop(photo)
    view.ask(f"find similar cases {HOSTILE}")
    answer = view.answers(1)
    view.open_evidence(answer)
    expect(answer).to_contain_text("find_similar_cases on img-1")
    check(view, answer, 5)
    check(view, view.page.get_by_label("Chat message from user"), 1)
    assert not dialogs


@pytest.mark.parametrize("phone", [False, True])
def test_why_a_question_was_refused_is_seen_beside_the_box(
    visit: Visit, server: Server, tmp_path: Path, phone: bool
) -> None:
    bad = [tmp_path / f"bad-{n}.png" for n in range(3)]
    for path in bad:
        path.write_text("This is a letter, not a picture. " * 20)
    view = visit(server, phone=phone)
    view.page.get_by_role("button", name="Try it").first.click()
    view.answers(1)
    for beginning in (False, True):
        if beginning:
            view.open()
        view.attach(*bad)
        view.ask("what do these show?")
        alert = view.page.get_by_role("alert").filter(has_text="Your question is back in the box.")
        expect(alert).to_contain_text("Files 1 (1 KB), 2 (1 KB), 3 (1 KB) of 3")
        view.page.wait_for_timeout(1200)
        expect(alert).to_be_in_viewport(ratio=0.3)
        box = view.page.get_by_test_id("stChatInput").get_by_role("textbox")
        expect(box).to_be_in_viewport()
        expect(box).to_have_value("what do these show?")


def test_a_question_that_is_too_long_is_refused_and_kept_in_the_box(visit: Visit, server: Server) -> None:
    view = visit(server)
    view.ask("why? " * 1999 + "why?")
    expect(view.page.get_by_role("alert")).to_contain_text("has 9999 characters; at most 8000 are accepted")
    expect(view.page.get_by_test_id("stChatInput").get_by_role("textbox")).to_have_value(re.compile("^why"))


# Contrast as WCAG 2.2 defines it, between an element's text and the first background below it that is opaque.
CONTRAST = """element => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const over = (top, alpha, below) => top.map((c, i) => c * alpha + below[i] * (1 - alpha));
  let opacity = 1, below = null;
  for (let at = element; at; at = at.parentElement) {
    const [r, g, b, a = 1] = rgb(getComputedStyle(at).backgroundColor);
    if (a === 1) { below = [r, g, b]; break; }
    opacity *= Number(getComputedStyle(at).opacity);
  }
  const [r, g, b, a = 1] = rgb(getComputedStyle(element).color);
  const light = (colour) => colour.map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const pair = [light(over([r, g, b], a * opacity, below)), light(below)].sort((x, y) => y - x);
  return (pair[0] + 0.05) / (pair[1] + 0.05);
}"""


def test_captions_are_dark_enough_to_read(visit: Visit, server: Server) -> None:
    view = visit(server)
    captions = view.page.get_by_test_id("stCaptionContainer").locator("p")
    expect(captions).to_have_count(4)
    until = time.monotonic() + 20
    while (found := min(one.evaluate(CONTRAST) for one in captions.all())) < 4.5 and time.monotonic() < until:
        view.page.wait_for_timeout(200)  # what is drawn anew is pale at first
    assert found >= 4.5


def test_the_opening_says_what_it_accepts(visit: Visit, server: Server) -> None:
    view = visit(server)
    expect(view.page.get_by_text("Up to 512 MiB per file.")).to_be_visible()
    expect(view.page.get_by_text("1GB")).to_be_hidden()
