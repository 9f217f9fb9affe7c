"""Files that are too large, among others that are bad, and as phones write them, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

from tests.browser.conftest import ROOT, Server
from tests.browser.page import View
from tests.inputs.make_dicom import make_dicom
from tests.inputs.make_series import make_slice
from tests.inputs.photos import corner, heic, orientation

pytestmark = pytest.mark.browser
Visit = Callable[..., View]


@pytest.fixture(scope="module")
def small_server(chromium: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Casebook that reads files of up to 1 MiB."""
    home = tmp_path_factory.mktemp("small")
    running = Server(home, ROOT / "streamlit_app.py", CASEBOOK_MAX_FILE_MB="1")
    yield running
    running.stop()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0007.HEIC"
    path.write_bytes(heic(corner(240, 320), exif=orientation(6)))
    return path


def test_a_file_over_the_limit_is_told_on_the_page_and_the_question_waits_for_the_user(
    visit: Visit, small_server: Server, tmp_path: Path, photo: Path
) -> None:
    large = tmp_path / "large.zip"
    large.write_bytes(b"PK\x03\x04" + bytes(2 * 2**20))
    view = visit(small_server)
    view.attach(large)
    view.ask("what does this series show?")
    alert = view.page.get_by_role("alert").filter(has_text="Your question is back in the box.")
    expect(alert).to_contain_text("This file takes 2 MB. Up to 1 MB are read.")
    box = view.page.get_by_test_id("stChatInput").get_by_role("textbox")
    expect(box).to_have_value("what does this series show?")
    expect(view.page.get_by_text("Your chats")).to_have_count(0)
    view.attach(photo)
    view.ask("what is this?")
    view.answers(1)


def test_a_photo_of_a_phone_is_shown_upright_and_a_bad_file_beside_it_is_told(
    visit: Visit, small_server: Server, tmp_path: Path, photo: Path
) -> None:
    letter = tmp_path / "letter.png"
    letter.write_text("This is a letter, not a picture. " * 20)
    view = visit(small_server)
    view.attach(letter, photo)
    view.ask("what is this?")
    answer = view.answers(1)
    expect(answer).to_contain_text("of 2 was left out.")
    shown = view.page.get_by_label("Chat message from user").locator("img").first
    width, height = shown.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert height > width


def slices(folder: Path, count: int) -> list[Path]:
    """Loose files of one series, each a little brighter than the one below it, in names of no order."""
    uid = generate_uid()
    y, x = np.mgrid[:128, :128]
    body = (y - 64) ** 2 + (x - 64) ** 2 < 50**2
    return [
        make_slice(
            folder / f"IM{(7 * n) % count:04d}.dcm",
            0,
            5.0 * n,
            SeriesInstanceUID=uid,
            PixelData=(body * (60 + 6 * n)).astype("<u2").tobytes(),
            Rows=128,
            Columns=128,
        )
        for n in range(count)
    ]


def test_24_loose_slices_become_one_volume_that_can_be_gone_through(
    visit: Visit, small_server: Server, tmp_path: Path
) -> None:
    view = visit(small_server)
    view.attach(*slices(tmp_path, 24))
    view.ask("How many slices are there?")
    expect(view.answers(1)).to_contain_text("img-1 has 24 slices or frames. This chat has 1 image.")
    shown = view.page.get_by_label("Chat message from user").first.locator("img")
    expect(shown).to_have_count(1)
    view.ask("show slice 24")
    expect(view.answers(2)).to_contain_text("slice 24 of 24")


def test_an_ultrasound_with_rows_twice_as_far_apart_as_columns_looks_round(
    visit: Visit, small_server: Server, tmp_path: Path
) -> None:
    region = Dataset()
    region.RegionSpatialFormat, region.RegionDataType = 1, 1
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
    region.PhysicalDeltaX, region.PhysicalDeltaY = 0.02, 0.04
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 0, 0
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 399, 199
    y, x = np.mgrid[:200, :400]
    disc = (((y - 100) * 2) ** 2 + (x - 200) ** 2 < 150**2) * 160 + 30
    path = make_dicom(
        tmp_path / "a.dcm", disc.astype("u1"), modality="US", SequenceOfUltrasoundRegions=Sequence([region])
    )
    view = visit(small_server)
    view.attach(path)
    view.ask("Are the pixels square?")
    expect(view.answers(1)).to_contain_text("resampled from 400 × 200 to 400 × 400 square pixels")
    shown = view.page.get_by_label("Chat message from user").locator("img").first
    width, height = shown.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert width == height
    wide, tall = shown.evaluate("image => [image.clientWidth, image.clientHeight]")
    assert abs(wide - tall) < 2
