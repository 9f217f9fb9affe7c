"""What the viewer paints is what pydicom computes, pixel for pixel, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page
from pydicom.pixels import apply_modality_lut, apply_voi_lut, apply_windowing
from pydicom.uid import RLELossless

from assistant.viewer.component import Options
from store.pictures.image import Image
from tests.browser.viewer_page import ViewerPage, ready, served
from tests.inputs.make_dicom import CT, build, lut, save
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """Opens a viewer on an image in a page of its own."""
    context = chromium.new_context(viewport={"width": 900, "height": 800})
    places = []

    def open_viewer(*images: Image) -> Page:
        place = served(ViewerPage(images, Options()))
        places.append(place)
        page = context.new_page()
        page.goto(place.__enter__())
        ready(page)
        return page

    yield open_viewer
    context.close()
    for place in places:
        place.__exit__(None, None, None)


def painted(page: Page, image: Image) -> NDArray[np.uint8]:
    """The pixels on the screen where one pixel of the picture takes one: ``(H, W, 4)``."""
    page.locator("canvas").press("*")
    ready(page)
    width, height = image.size
    flat = page.evaluate(
        """([width, height]) => {
          const canvas = document.querySelector("canvas");
          const left = Math.round((canvas.width - width) / 2), top = Math.round((canvas.height - height) / 2);
          return [...canvas.getContext("2d").getImageData(left, top, width, height).data];
        }""",
        [width, height],
    )
    return np.array(flat, np.uint8).reshape(height, width, 4)


def noise(low: int, high: int, kind: type[np.generic], seed: int = 7) -> NDArray[Any]:
    return np.random.default_rng(seed).integers(low, high, (40, 56)).astype(kind)


def told(level: float, width: float, function: str = "LINEAR") -> dict[str, Any]:
    return {"WindowCenter": str(level), "WindowWidth": str(width), "VOILUTFunction": function}


KINDS = {
    "CT, unsigned with a rescale": (noise(0, 4096, np.uint16), "CT", {**CT, **told(40, 400)}),
    "CT, signed": (
        noise(-2000, 2000, np.int16),
        "CT",
        {"BitsStored": 16, "RescaleSlope": "1", "RescaleIntercept": "-24", **told(-600, 1500)},
    ),
    "CT with a broken slope": (
        noise(0, 4096, np.uint16),
        "CT",
        {"BitsStored": 12, "RescaleSlope": "0.37", "RescaleIntercept": "-300.5", **told(100.5, 333.3)},
    ),
    "MR without a rescale": (noise(0, 1500, np.uint16), "MR", {"BitsStored": 12, **told(600, 1201)}),
    "MR, sigmoid": (
        noise(0, 1500, np.uint16),
        "MR",
        {"BitsStored": 12, **told(600, 700, "SIGMOID")},
    ),
    "MR, linear exact": (
        noise(0, 1500, np.uint16),
        "MR",
        {"BitsStored": 12, **told(600, 700, "LINEAR_EXACT")},
    ),
    "MR, signed, sigmoid": (
        noise(-900, 900, np.int16),
        "MR",
        {"BitsStored": 16, **told(-20, 333, "SIGMOID")},
    ),
    "DX, MONOCHROME1": (
        noise(0, 16384, np.uint16),
        "DX",
        {"BitsStored": 14, "PhotometricInterpretation": "MONOCHROME1", **told(8000, 9000)},
    ),
    "CR, MONOCHROME1, sigmoid": (
        noise(0, 1024, np.uint16),
        "CR",
        {"BitsStored": 10, "PhotometricInterpretation": "MONOCHROME1", **told(500, 600, "SIGMOID")},
    ),
    "DX, all 16 bits": (noise(0, 65536, np.uint16), "DX", {"BitsStored": 16, **told(40000, 50000)}),
    "US, 8 bits": (noise(0, 256, np.uint8), "US", {**told(100, 151)}),
    "CR, 8 bits, MONOCHROME1": (
        noise(0, 256, np.uint8),
        "CR",
        {"PhotometricInterpretation": "MONOCHROME1", **told(90, 200, "LINEAR_EXACT")},
    ),
}


def expected(path: Path, level: float | None = None, width: float | None = None) -> NDArray[np.float64]:
    """What pydicom makes of a file, as ``(H, W)`` from 0 to 255 over the range that it computes in."""
    ds = pydicom.dcmread(path)
    if level is not None and width is not None:
        ds.WindowCenter, ds.WindowWidth = str(level), str(width)
    values = apply_modality_lut(ds.pixel_array, ds)
    shown = apply_windowing(values, ds)
    signed = ds.PixelRepresentation == 1
    low = -(2 ** (ds.BitsStored - 1)) if signed else 0
    high = 2 ** (ds.BitsStored - signed) - 1
    slope, intercept = float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0))
    low, high = low * slope + intercept, high * slope + intercept
    grey: NDArray[np.float64] = (shown - low) / (high - low) * 255
    return 255 - grey if ds.PhotometricInterpretation == "MONOCHROME1" else grey


def same(page: Page, image: Image, wanted: NDArray[np.float64]) -> bool:
    """Whether every pixel painted is the whole number nearest to the one wanted, either one for a half."""
    return bool((np.abs(painted(page, image)[:, :, 0] - wanted) <= 0.5 + 1e-6).all())


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_grey_is_painted_as_pydicom_windows_it(opened: Open, tmp_path: Path, name: str) -> None:
    pixels, modality, elements = KINDS[name]
    path = save(build(pixels, modality=modality, **elements), tmp_path / "a.dcm")
    image = read_dicom(path, ReadLimits())
    page = opened(image)
    assert same(page, image, expected(path))
    for level, width in ((310, 77), (-20.5, 1000), (3, 1)):
        for name, value in (("Level", level), ("Width", width)):
            page.get_by_role("spinbutton", name=name).fill(str(value))
            page.get_by_role("spinbutton", name=name).press("Enter")
        assert same(page, image, expected(path, level, width)), (level, width)


def test_a_compressed_file_is_painted_the_same(opened: Open, tmp_path: Path) -> None:
    ds = build(noise(0, 4096, np.uint16), modality="MR", BitsStored=12, **told(1000, 900))
    path = save(ds, tmp_path / "a.dcm")
    other = pydicom.dcmread(path)
    other.compress(RLELossless)
    other.save_as(tmp_path / "b.dcm")
    image = read_dicom(tmp_path / "b.dcm", ReadLimits())
    assert same(opened(image), image, expected(path))


def test_a_table_of_the_file_is_shown_first_and_a_window_leaves_it(opened: Open, tmp_path: Path) -> None:
    table = lut((np.arange(4096) ** 2) // 4097, 0, 12)
    ds = build(noise(0, 4096, np.uint16), modality="DX", BitsStored=12, VOILUTSequence=table)
    path = save(ds, tmp_path / "a.dcm")
    image = read_dicom(path, ReadLimits())
    page = opened(image)
    ds = pydicom.dcmread(path)
    by_table = np.rint(apply_voi_lut(ds.pixel_array, ds) / 4095 * 255)
    assert (painted(page, image)[:, :, 0] == by_table).all()
    page.locator("canvas").press("w")
    ready(page)
    assert (painted(page, image)[:, :, 0] != by_table).any()
    page.get_by_role("combobox", name="Window").select_option("as in the file")
    assert (painted(page, image)[:, :, 0] == by_table).all()


@pytest.mark.parametrize(
    ("preset", "level", "width"), [("bone", 480, 2500), ("brain", 40, 80), ("lung", -600, 1500)]
)
def test_a_preset_of_ct_is_its_window(
    opened: Open, tmp_path: Path, preset: str, level: float, width: float
) -> None:
    path = save(build(noise(0, 4096, np.uint16), **CT, **told(40, 400)), tmp_path / "a.dcm")
    image = read_dicom(path, ReadLimits())
    page = opened(image)
    page.get_by_role("combobox", name="Window").select_option(preset)
    assert same(page, image, expected(path, level, width))
    page.locator("canvas").press("i")
    assert same(page, image, 255 - expected(path, level, width))


def test_presets_are_offered_for_ct_alone(opened: Open, tmp_path: Path) -> None:
    path = save(build(noise(0, 900, np.uint16), modality="MR", BitsStored=12), tmp_path / "a.dcm")
    options = opened(read_dicom(path, ReadLimits())).get_by_label("Window", exact=True).locator("option")
    assert options.all_inner_texts() == ["as in the file", "all values of the slice"]


def test_a_photograph_is_painted_as_it_is_and_has_no_window(opened: Open) -> None:
    colours = np.random.default_rng(3).integers(0, 256, (1, 30, 44, 3)).astype(np.uint8)
    image = Image(frames=colours, file_type="PNG")
    page = opened(image)
    assert (painted(page, image)[:, :, :3] == colours[0]).all()
    assert page.get_by_role("combobox", name="Window").count() == 0
