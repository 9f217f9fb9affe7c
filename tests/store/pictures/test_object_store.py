"""What is said when an object store cannot be used."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fsspec.registry import _registry

from store.errors import SetupError
from store.pictures.image import Image
from store.pictures.object_store import ObjectStore
from store.pictures.stores import PictureStores
from tests.packages import needs
from tests.servers.s3_server import S3Server

IMAGE = Image(frames=np.zeros((1, 8, 8, 3), np.uint8), file_type="PNG")


@pytest.mark.parametrize(
    "url",
    [
        "bucket/folder",
        "/a/folder",
        "ftp://host/folder",
        "s3://",
        "s3://key:secret@bucket/folder",
        "s3://bucket/folder?region=x",
        "file://",
    ],
)
def test_other_urls_are_refused_with_what_is_accepted(tmp_path: Path, url: str) -> None:
    with pytest.raises(SetupError, match=r"takes s3://BUCKET/FOLDER or file:///FOLDER") as told:
        ObjectStore(url, tmp_path)
    assert "key:secret" not in str(told.value)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(_registry, "s3", raising=False)
    with pytest.raises(SetupError, match=r"s3://bucket/folder need the package s3fs, which is not installed"):
        ObjectStore("s3://bucket/folder", tmp_path).check()


def test_a_place_that_is_no_folder_any_more_cannot_be_reached(tmp_path: Path) -> None:
    home, far = tmp_path / "home", tmp_path / "far"
    home.mkdir()
    stores = PictureStores(home, 2**20, f"file://{far}", 2**20)
    far.write_text("no folder")
    with pytest.raises(SetupError, match=r"far cannot be reached, or broke off"):
        stores.images.put(IMAGE)
    assert not list((home / "cache" / "images").glob("??/*"))  # nothing of it is left


def test_a_place_that_lets_nobody_in_is_told_apart(tmp_path: Path) -> None:
    store = ObjectStore(f"file://{tmp_path}", tmp_path)
    with pytest.raises(SetupError, match="does not let Casebook in"), store.answering():
        raise PermissionError("the key of somebody")


@needs("s3fs", "moto", "flask")
def test_without_a_key_s3_is_not_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = S3Server(monkeypatch)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    try:
        with pytest.raises(SetupError, match=r"does not let Casebook in\. For S3 set AWS_ACCESS_KEY_ID"):
            ObjectStore(f"s3://{server.bucket}/folder", tmp_path).check()
    finally:
        server.close()


@needs("s3fs", "moto", "flask")
def test_a_bucket_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = S3Server(monkeypatch)
    try:
        with pytest.raises(SetupError, match=r"There is no s3://other/folder. Make the bucket"):
            ObjectStore("s3://other/folder", tmp_path).check()
    finally:
        server.close()


@needs("s3fs", "moto", "flask")
def test_a_server_that_goes_away_is_told_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = S3Server(monkeypatch)
    stores = PictureStores(tmp_path, 2**20, f"s3://{server.bucket}/folder", 2**20)
    assert not stores.images.holds("0" * 64)
    server.close()
    began = time.monotonic()
    with pytest.raises(SetupError, match="cannot be reached, or broke off"):
        stores.images.put(IMAGE)
    assert time.monotonic() - began < 30
