"""Pictures kept once by content, whole or not at all."""

import numpy as np
import pytest
from PIL import Image as PillowImage

from store.errors import CaseError, SetupError
from store.pictures.blobs import BlobStore

PICTURE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def test_the_same_picture_is_kept_once(tmp_path):
    store = BlobStore(tmp_path)
    assert store.put(PICTURE) == store.put(PICTURE.copy())
    assert len(list(tmp_path.rglob("*.png"))) == 1


def test_what_is_kept_comes_back_exactly(tmp_path):
    store = BlobStore(tmp_path)
    assert (np.asarray(PillowImage.open(store.path(store.put(PICTURE)))) == PICTURE).all()


def test_nothing_is_left_of_a_picture_that_could_not_be_written(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SetupError, match="disk is full"):
        BlobStore(tmp_path).put(PICTURE)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_removed_picture_is_said_to_be_gone(tmp_path):
    store = BlobStore(tmp_path)
    key = store.put(PICTURE)
    store.remove(key)
    store.remove(key)
    with pytest.raises(CaseError, match="no longer kept"):
        store.path(key)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "g" * 64, "A" * 64])
def test_what_is_not_a_key_never_becomes_a_path(tmp_path, key):
    with pytest.raises(CaseError, match="not the key"):
        BlobStore(tmp_path).path(key)
