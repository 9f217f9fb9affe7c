"""The viewer on the page: opened on demand, its slices for their owner alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server
from tests.browser.page import View
from tests.inputs.phantom import make_phantom

pytestmark = pytest.mark.browser
Visit = Callable[..., View]


def test_the_viewer_is_loaded_when_it_is_opened_and_its_slices_go_to_nobody_else(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    series = Path(shutil.make_archive(str(tmp_path / "Roe_Jane"), "zip", make_phantom(tmp_path / "ct", 12)))
    view = visit(server)
    asked: list[str] = []
    view.page.on("request", lambda request: asked.append(request.url))
    view.attach(series)
    view.ask("what is this?")
    view.answers(1)
    assert not [url for url in asked if "/slices/" in url or "viewer" in url]
    view.press("View in detail")
    canvas = view.page.locator(".viewer canvas")
    expect(canvas).to_have_attribute("aria-busy", "false")
    expect(view.page.locator(".viewer").get_by_text("Lengths rest on the pixel spacing")).to_be_visible()
    slices = [url for url in asked if "/slices/" in url]
    assert slices
    assert not [url for url in asked if "Roe" in url]
    stranger = visit(server)
    assert stranger.page.request.get(slices[0]).status == 404
    assert view.page.request.get(slices[0]).status == 200
    bare = view.page.evaluate("async (url) => (await fetch(url, { credentials: 'omit' })).status", slices[0])
    assert bare == 404
    guessed = slices[0].rpartition("/")[0] + "x/1"
    assert view.page.request.get(guessed).status == 404
    canvas.press("End")
    expect(canvas).to_have_attribute("data-slice", "12")
    view.ask("go to slice 3")
    view.answers(2)
    expect(canvas).to_have_attribute("data-slice", "3")
    canvas.press("PageDown")
    expect(canvas).to_have_attribute("data-slice", "12")
    canvas.press("ArrowUp")
    view.page.wait_for_timeout(1500)  # the view is told once it has stayed so for a moment
    view.ask("previous slice")
    expect(view.answers(3)).to_contain_text("slice 10 of 12")
    expect(canvas).to_have_attribute("data-slice", "10")
    view.ask("use a bone window")
    view.answers(4)
    expect(canvas).to_have_attribute("aria-label", re.compile("slice 10 of 12; level 480, width 2500"))
    view.press("Close the detailed view")
    expect(canvas).to_have_count(0)
    assert view.hosts == {server.url.removeprefix("http://")}
