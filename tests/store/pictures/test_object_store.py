"""What is said when an object store cannot be used."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fsspec.registry import _registry

from assistant.settings import load_settings
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
        "memory://",
        "memory://folder",
        "memory:///folder",
        "s3://",
        "s3:///",
        "s3:///folder",
        "S3://bucket/folder",
        "s3://bucket/../other",
        "file://",
        "file:///",
        "file:////",
        "file://folder",
        "file://~/folder",
        "file:/a/folder",
        "file:///a/../folder",
        "",
        "/",
    ],
)
def test_a_url_of_no_place_is_refused_when_it_is_set_with_what_was_given_and_what_is_accepted(
    tmp_path: Path, url: str
) -> None:
    said = re.escape(f"is {url!r}. It takes s3://BUCKET, s3://BUCKET/FOLDER or file:///FOLDER")
    with pytest.raises(SetupError, match=said):
        ObjectStore(url, tmp_path)
    if url:  # an empty setting counts as none
        with pytest.raises(SetupError, match=said):
            load_settings(pictures_url=url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://key:secret@bucket/folder", "s3://…bucket/folder"),
        ("s3://key:se/cret@bucket/folder", "s3://…bucket/folder"),
        ("s3://bucket/folder?secret", "s3://bucket/folder"),
        ("s3://bucket/folder#secret", "s3://bucket/folder"),
        ("s3://secret:bucket/folder", "s3://…bucket/folder"),
    ],
)
def test_keys_in_a_url_are_refused_and_not_said(url: str, shown: str) -> None:
    with pytest.raises(SetupError, match=re.escape(f"is {shown!r}")):
        load_settings(pictures_url=url)


@pytest.mark.parametrize("url", ["s3://bucket", "s3://a.b-c_d/e f/", "file:///a", "file:///a b/ü@c/"])
def test_a_bucket_and_a_folder_by_its_whole_path_are_taken(url: str) -> None:
    assert load_settings(pictures_url=url, pictures_remote=True).pictures_place == url


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(_registry, "s3", raising=False)
    with pytest.raises(SetupError, match=r"s3://bucket/folder need the package s3fs, which is not installed"):
        ObjectStore("s3://bucket/folder", tmp_path).check()


@pytest.mark.skipif(os.name != "posix", reason="there are no such modes")
def test_a_folder_that_is_made_for_pictures_is_for_its_owner_alone_and_another_stays_as_it_is(
    tmp_path: Path,
) -> None:
    home, new, old = tmp_path / "home", tmp_path / "new" / "far", tmp_path / "old"
    home.mkdir()
    old.mkdir(mode=0o750)
    ObjectStore(f"file://{new}", home).check()
    ObjectStore(f"file://{old}", home).check()
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (new, old)] == [0o700, 0o750]


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
    assert not {"0" * 64} & stores.images.keys()
    server.close()
    began = time.monotonic()
    with pytest.raises(SetupError, match="cannot be reached, or broke off"):
        stores.images.put(IMAGE)
    assert time.monotonic() - began < 30
