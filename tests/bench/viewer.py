"""How fast slices follow in the viewer, and whether its memory stays flat: python -m tests.bench.viewer

In Chromium, with slices from a server beside it, one key after the other: from the key to the
slice on the canvas, fetched, windowed and drawn.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from assistant.viewer.component import Options
from store.pictures.image import Image
from store.pictures.window import Window
from tests.browser.chromium import launched
from tests.browser.viewer_page import ViewerPage, ready, served

SIDE, SLICES, MANY = 512, 300, 2000
MOST_MS = 50.0

_SCROLL = """async ([from, to]) => {
  const canvas = document.querySelector("canvas");
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  for (let slice = from; slice <= to; slice++) {
    const started = performance.now();
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    do await frame(); while (canvas.dataset.slice !== String(slice));
    times.push(performance.now() - started);
  }
  return times;
}"""


def scan(slices: int) -> Image:
    """Noise of so many slices, of which few lie in memory."""
    some = np.random.default_rng(1).integers(-1000, 1000, (SIDE, SIDE)).astype(np.int16)
    values = np.broadcast_to(some, (slices, SIDE, SIDE))
    frames = np.broadcast_to(np.zeros((SIDE, SIDE), np.uint8), values.shape)
    return Image(frames=frames, values=values, unit="HU", file_type="DICOM", window=Window(40.0, 400.0))


def renderer_mb() -> float:
    """Resident memory of the largest renderer of Chromium, in MiB."""
    sizes = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                sizes.append(int((process / "statm").read_text().split()[1]) * 4096)
        except OSError:
            continue
    return max(sizes) / 2**20


def scrolled(page: Page, first: int, last: int) -> np.ndarray:
    """Milliseconds for each slice from the key to the canvas."""
    return np.array(page.evaluate(_SCROLL, [first, last]))


def main() -> None:
    """Print the figures."""
    with sync_playwright() as play, served(ViewerPage([scan(MANY)], Options())) as url:
        browser = launched(play)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        ready(page)
        took = scrolled(page, 2, SLICES)
        middle, high = np.percentile(took, [50, 95])
        print(f"{SLICES} slices of {SIDE}×{SIDE}, key to canvas: median {middle:.1f} ms, p95 {high:.1f} ms")
        print(f"target p95 ≤ {MOST_MS:g} ms: {'met' if high <= MOST_MS else 'missed'}")
        before = renderer_mb()
        page.locator("canvas").press("Home")
        ready(page, 1)
        again = scrolled(page, 2, SLICES)
        print(f"once more, as held: median {np.median(again):.1f} ms, p95 {np.percentile(again, 95):.1f} ms")
        sizes = []
        for first in range(SLICES + 1, MANY, 425):
            scrolled(page, first, min(first + 424, MANY))
            sizes.append(renderer_mb())
        told = ", ".join(f"{one:.0f}" for one in sizes)
        print(f"renderer's memory: {before:.0f} MiB after {SLICES} slices, then {told} MiB up to {MANY}")
        browser.close()


if __name__ == "__main__":
    main()
