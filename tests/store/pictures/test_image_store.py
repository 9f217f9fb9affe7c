"""Decoded images: once by content, whole or not at all, and nothing of the file's metadata."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from store.errors import CaseError, SetupError
from store.pictures.image import Image, Slice
from store.pictures.image_store import ImageStore
from store.pictures.window import Window


@pytest.fixture
def store(tmp_path):
    return ImageStore(tmp_path / "images")


def picture(seed=0, **said):
    pixels = np.random.default_rng(seed).integers(0, 255, (1, 20, 30, 3)).astype(np.uint8)
    return Image(frames=pixels, file_type="PNG", **said)


def scan(values_type=np.int16):
    frames = np.random.default_rng(1).integers(0, 255, (4, 16, 12)).astype(np.uint8)
    return Image(
        frames=frames,
        file_type="DICOM",
        index=2,
        values=(frames.astype(values_type) - 100),
        unit="HU",
        spacing_mm=(0.5, 0.75),
        modality="CT",
        body_part="chest",
        facts={"tube voltage": "120 kV"},
        notes=("Brightness follows the window in the file.",),
        slices=tuple(Slice({"window": f"{n}/400"}, (f"Of slice {n}.",), (0.5, 0.75)) for n in range(4)),
        scale_caution="The scale is that of the detector.",
        volumes=2,
    )


def same(one, other):
    arrays = (one.frames == other.frames).all() and one.frames.shape == other.frames.shape
    values = one.values is other.values is None or (one.values == other.values).all()
    said = (
        "file_type",
        "index",
        "unit",
        "spacing_mm",
        "modality",
        "body_part",
        "notes",
        "slices",
        "scale_caution",
        "volumes",
    )
    return arrays and values and all(getattr(one, name) == getattr(other, name) for name in said)


@pytest.mark.parametrize("image", [picture(), scan(), scan().at(0)])
def test_an_image_comes_back_as_it_was(store, image):
    back = store.get(store.put(image))
    assert same(back, image)
    assert dict(back.facts) == dict(image.facts)


def test_a_grey_picture_comes_back_grey(store):
    grey = Image(frames=np.arange(64, dtype=np.uint8).reshape(1, 8, 8), file_type="PNG")
    assert store.get(store.put(grey)).frames.shape == (1, 8, 8)


def test_the_same_content_is_kept_once_and_another_apart(store, tmp_path):
    assert store.put(picture()) == store.put(picture())
    assert store.put(picture(1)) != store.put(picture())
    assert store.put(replace(picture(), facts={"size": "other"})) != store.put(picture())
    assert len(list((tmp_path / "images").glob("??/*"))) == 3


def test_frames_of_a_volume_are_a_read_only_map(store):
    back = store.get(store.put(scan()))
    assert isinstance(back.frames, np.memmap)
    assert not back.frames.flags.writeable


@pytest.mark.parametrize(
    ("values", "kind"),
    [(np.float64, np.int16), (np.int16, np.int16), (np.float32, np.int16)],
)
def test_whole_values_are_kept_as_int16(store, values, kind):
    assert store.get(store.put(scan(values))).values.dtype == kind


def test_broken_numbers_are_kept_as_float32(store):
    image = replace(scan(), values=scan().values + np.float32(0.25))
    back = store.get(store.put(image))
    assert back.values.dtype == np.float32
    assert (back.values == image.values).all()


def test_a_removed_image_is_gone_and_removing_again_is_no_error(store):
    key = store.put(scan())
    store.remove(key)
    store.remove(key)
    with pytest.raises(CaseError, match="no longer kept"):
        store.get(key)
    assert store.put(scan()) == key


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_what_is_no_key_is_refused(store, key):
    with pytest.raises(CaseError, match="not the key"):
        store.get(key)


@pytest.mark.parametrize("name", ["meta.json", "frames.npy", "values.npy"])
@pytest.mark.parametrize("damage", ["missing", "cut", "garbage"])
def test_a_damaged_part_is_a_sentence_and_not_a_wrong_image(store, tmp_path, name, damage):
    key = store.put(scan())
    path = tmp_path / "images" / key[:2] / key / name
    data = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(data[: len(data) // 2] if damage == "cut" else b"\x00" * len(data))
    with pytest.raises(CaseError, match="no longer kept"):
        store.get(key)


def test_a_write_that_fails_leaves_nothing_behind(store, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(SetupError, match="disk is full"):
        store.put(scan())
    monkeypatch.undo()
    assert not [path for path in (tmp_path / "images").rglob("*") if path.is_file()]
    assert same(store.get(store.put(scan())), scan())


def test_what_a_dead_process_left_half_written_is_swept_away(store, tmp_path):
    left = tmp_path / "images" / ".part" / "left"
    left.mkdir(parents=True)
    (left / "frame.png").write_bytes(b"half")
    fresh = tmp_path / "images" / ".part" / "fresh"
    fresh.mkdir()
    os.utime(left, (time.time() - 7200,) * 2)
    store.put(picture())
    assert not left.exists()
    assert fresh.exists()


def test_many_threads_keeping_the_same_image_keep_it_once(store, tmp_path):
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(store.put(scan()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert same(store.get(keys[0]), scan())


def test_the_window_and_the_inversion_come_back_and_an_older_image_has_none(store):
    window = Window(40.0, 400.0, "SIGMOID")
    image = replace(scan(), window=window, inverted=True)
    key = store.put(image)
    back = store.get(key)
    assert (back.window, back.inverted) == (window, True)
    assert store.get(store.put(scan())).window is None
