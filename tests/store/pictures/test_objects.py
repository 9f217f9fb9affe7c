"""Images and pictures in an object store: fsspec's folder, and S3 where its packages are."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.errors import CaseError, SetupError
from store.pictures.image import Image
from store.pictures.objects import Objects
from store.pictures.stores import PictureStores
from tests.packages import needs
from tests.servers.s3_server import S3Server

MB = 2**20
FAR = ["file", pytest.param("s3", marks=needs("s3fs", "moto", "flask"))]


def picture(seed: int = 0, side: int = 30) -> Image:
    pixels = np.random.default_rng(seed).integers(0, 255, (1, side, side, 3)).astype(np.uint8)
    return Image(frames=pixels, file_type="PNG")


def scan() -> Image:
    frames = np.random.default_rng(1).integers(0, 255, (4, 16, 12)).astype(np.uint8)
    return Image(
        frames=frames, file_type="DICOM", values=frames.astype(np.int16) - 100, unit="HU", modality="CT"
    )


@pytest.fixture(params=FAR)
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "s3":
        server = S3Server(monkeypatch)
        yield f"s3://{server.bucket}/casebook"
        server.close()
    else:
        yield f"file://{tmp_path / 'far'}"


@pytest.fixture
def stores(tmp_path: Path, url: str) -> Callable[[], PictureStores]:
    """Opens the place, each time as a process that was just started does."""
    home = tmp_path / "home"
    home.mkdir()
    return lambda: PictureStores(home, 100 * MB, url, 100 * MB)


def forget_copies(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "home" / "cache", ignore_errors=True)


def names(stores: PictureStores, folder: str = "images") -> list[str]:
    assert stores.object_store is not None
    return list(Objects(stores.object_store, folder, stores._cache).sizes(""))


def move_all(files: Any, place: str, to: str) -> None:
    for name in files.find(place):
        files.cp_file(name, to + name.removeprefix(place))
    files.rm(place, recursive=True)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def spoil(path: Path) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


def test_an_image_and_a_volume_come_back_without_their_copies(
    stores: Callable[[], PictureStores], tmp_path: Path
) -> None:
    keys = [stores().images.put(one) for one in (picture(), scan())]
    assert not (tmp_path / "home" / "images").exists()
    forget_copies(tmp_path)
    photograph, volume = (stores().images.get(key) for key in keys)
    assert np.array_equal(photograph.frames, picture().frames)
    assert volume.values is not None
    assert np.array_equal(volume.values, scan().values)
    assert isinstance(volume.frames, np.memmap)
    assert not volume.frames.flags.writeable
    assert stores().images.keys() == set(keys)


def test_a_drawn_picture_comes_back_and_one_that_was_changed_does_not(
    stores: Callable[[], PictureStores], tmp_path: Path
) -> None:
    key = stores().drawn.put(picture().frames[0])
    forget_copies(tmp_path)
    one = stores()
    assert one.drawn.path(key).read_bytes().startswith(b"\x89PNG")
    forget_copies(tmp_path)
    assert one.object_store is not None
    one.object_store.files.pipe_file(one.object_store.at(f"pictures/{key[:2]}/{key}.png"), b"another")
    with pytest.raises(CaseError, match="no longer kept"):
        one.drawn.path(key)


@pytest.mark.parametrize("damage", [Path.unlink, cut, spoil])
@pytest.mark.parametrize("file", ["meta.json", "frames.npy", "values.npy"])
def test_half_a_copy_of_an_image_is_fetched_again(
    stores: Callable[[], PictureStores], tmp_path: Path, file: str, damage: Callable[[Path], None]
) -> None:
    one = stores()
    key = one.images.put(scan())
    copy = tmp_path / "home" / "cache" / "images" / key[:2] / key
    damage(copy / file)
    assert np.array_equal(one.images.get(key).frames, scan().frames)
    assert {path.name for path in copy.iterdir()} == {"meta.json", "frames.npy", "values.npy"}
    for name in names(one):
        assert one.object_store is not None
        one.object_store.files.rm_file(one.object_store.at(f"images/{name}"))
    assert stores().images.get(key).values is not None  # the copy is whole again
    damage(copy / file)
    with pytest.raises(CaseError, match="no longer kept"):
        one.images.get(key)


@pytest.mark.parametrize("damage", [Path.unlink, cut, spoil])
def test_half_a_copy_of_a_drawn_picture_is_fetched_again_and_never_shown(
    stores: Callable[[], PictureStores], damage: Callable[[Path], None]
) -> None:
    one = stores()
    key = one.drawn.put(picture().frames[0])
    copy = one.drawn.path(key)
    whole = copy.read_bytes()
    damage(copy)
    assert one.drawn.path(key).read_bytes() == whole
    damage(copy)
    assert one.object_store is not None
    one.object_store.files.rm_file(one.object_store.at(f"pictures/{key[:2]}/{key}.png"))
    with pytest.raises(CaseError, match="no longer kept"):
        one.drawn.path(key)
    assert not copy.exists()


def test_half_a_copy_is_not_what_is_put(stores: Callable[[], PictureStores], tmp_path: Path) -> None:
    one = stores()
    key = one.images.put(scan())
    copy = tmp_path / "home" / "cache" / "images" / key[:2] / key
    for name in names(one):
        assert one.object_store is not None
        one.object_store.files.rm_file(one.object_store.at(f"images/{name}"))
    (copy / "values.npy").unlink()
    assert one.images.put(scan()) == key
    assert sorted(Path(name).name for name in names(one)) == ["frames.npy", "meta.json", "values.npy"]
    assert (copy / "values.npy").is_file()


def test_a_drawn_picture_of_another_size_is_put_again(stores: Callable[[], PictureStores]) -> None:
    one = stores()
    key = one.drawn.put(picture().frames[0])
    assert one.object_store is not None
    one.object_store.files.pipe_file(one.object_store.at(f"pictures/{key[:2]}/{key}.png"), b"half")
    one.drawn.path(key).unlink()
    assert one.drawn.put(picture().frames[0]) == key
    assert one.drawn.path(key).stat().st_size > 4


def test_less_than_the_place_said_is_no_copy(
    stores: Callable[[], PictureStores], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = stores()
    key = one.images.put(scan())
    forget_copies(tmp_path)
    told = Objects.sizes
    monkeypatch.setattr(
        Objects, "sizes", lambda own, name: {one: size + 1 for one, size in told(own, name).items()}
    )
    with pytest.raises(SetupError, match="broke off"):
        one.images.get(key)
    assert not [path for path in (tmp_path / "home" / "cache").rglob("*") if path.is_file()]
    monkeypatch.undo()
    assert one.images.get(key).frame_count == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_a_full_disk_is_told_as_that_of_the_side_that_has_no_room(
    stores: Callable[[], PictureStores], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    one = stores()
    key = one.images.put(scan())
    assert one.object_store is not None
    objects = Objects(one.object_store, "images", one._cache)
    name, size = next(iter(objects.sizes("").items()))
    with pytest.raises(SetupError, match="Casebook folder cannot be written or its disk is full"):
        objects.fetch(name, Path("/dev/full"), size)  # the kernel answers every write with "no space left"
    if url.startswith("file"):
        monkeypatch.setattr(one.object_store.files, "put_file", lambda path, _: cp(path, "/dev/full"))
        cp = one.object_store.files.cp_file
        with pytest.raises(SetupError, match=rf"The disk of {url} is full\. Make room there"):
            one.images.put(picture())
        assert one.images.keys() == {key}


def test_what_is_removed_is_gone_there_and_here(stores: Callable[[], PictureStores], tmp_path: Path) -> None:
    one = stores()
    image, drawn = one.images.put(scan()), one.drawn.put(picture().frames[0])
    one.images.remove(image)
    one.drawn.remove(drawn)
    assert (names(one), names(one, "pictures")) == ([], [])
    assert not any(key in str(path) for key in (image, drawn) for path in tmp_path.rglob("*.*"))
    assert (one.images.size([image]), one.images.keys(), one.drawn.keys()) == (0, set(), set())
    for store, key in ((one.images, image), (one.drawn, drawn)):
        store.remove(key)  # once more is no error
        with pytest.raises(CaseError, match="no longer kept"):
            store.get(key) if store is one.images else one.drawn.path(key)


@pytest.mark.parametrize("key", ["", "/", "..", "../images", "A" * 64, "0" * 63, f"{'0' * 64}\n"])
def test_nothing_is_removed_under_what_is_no_key(stores: Callable[[], PictureStores], key: str) -> None:
    one = stores()
    image, drawn = one.images.put(picture()), one.drawn.put(picture().frames[0])
    for asked in (one.images.remove, lambda bad: one.images.size([bad]), one.images.get):
        with pytest.raises(CaseError, match="not the key of a kept image"):
            asked(key)
    for also in (one.drawn.remove, one.drawn.path):
        with pytest.raises(CaseError, match="not the key of a kept picture"):
            also(key)
    assert (one.images.keys(), one.drawn.keys()) == ({image}, {drawn})


def test_no_copy_is_left_of_what_is_removed_while_it_is_fetched(
    stores: Callable[[], PictureStores], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = stores()
    image, drawn = one.images.put(picture()), one.drawn.put(picture().frames[0])
    forget_copies(tmp_path)
    fetch, read = Objects.fetch, Objects.read

    def fetch_and_remove(own: Objects, name: str, to: Path, size: int) -> None:
        fetch(own, name, to, size)
        if to.name == "meta.json":
            one.images.remove(image)

    def read_and_remove(own: Objects, name: str) -> bytes:
        data = read(own, name)
        one.drawn.remove(drawn)
        return data

    monkeypatch.setattr(Objects, "fetch", fetch_and_remove)
    monkeypatch.setattr(Objects, "read", read_and_remove)
    for ask in (lambda: one.images.get(image), lambda: one.drawn.path(drawn)):
        with pytest.raises(CaseError, match="no longer kept"):
            ask()
    assert not [path for path in (tmp_path / "home" / "cache").rglob("*") if path.is_file()]


def test_an_image_that_was_not_put_to_its_end_is_none_and_is_put_again(
    stores: Callable[[], PictureStores], tmp_path: Path
) -> None:
    one = stores()
    key = one.images.put(scan())
    assert one.object_store is not None
    one.object_store.files.rm_file(one.object_store.at(f"images/{key[:2]}/{key}/meta.json"))
    forget_copies(tmp_path)
    assert one.images.keys() == set()
    assert one.images.older(-60) == [key]  # so that it is swept
    with pytest.raises(CaseError, match="no longer kept"):
        one.images.get(key)
    assert one.images.put(scan()) == key
    assert {key} <= one.images.keys()


def test_what_makes_an_image_is_put_last_and_removed_first(
    stores: Callable[[], PictureStores], monkeypatch: pytest.MonkeyPatch
) -> None:
    put, removed, send, remove = [], [], Objects.send, Objects.remove
    monkeypatch.setattr(
        Objects, "send", lambda own, path, name: (put.append(path.name), send(own, path, name))
    )
    monkeypatch.setattr(Objects, "remove", lambda own, name: (removed.append(name), remove(own, name)))
    one = stores()
    key = one.images.put(scan())
    one.images.remove(key)
    assert put[-1] == "meta.json"
    assert sorted(put[:-1]) == ["frames.npy", "values.npy"]
    assert removed == [f"{key[:2]}/{key}/meta.json", f"{key[:2]}/{key}"]


def test_only_what_is_old_is_old_and_sizes_count_all_objects(stores: Callable[[], PictureStores]) -> None:
    one = stores()
    image, drawn = one.images.put(scan()), one.drawn.put(picture().frames[0])
    assert (one.images.older(60), one.drawn.older(60)) == ([], [])
    assert (one.images.older(-60), one.drawn.older(-60)) == ([image], [drawn])
    assert one.images.size([image]) > scan().frames.nbytes
    assert one.object_store is not None
    assert one.object_store.taken() > one.images.size([image])


def test_what_many_images_take_is_told_by_one_list_of_the_place(
    stores: Callable[[], PictureStores], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = stores()
    keys = [one.images.put(picture(seed)) for seed in range(4)]
    here = one.images.size(keys)
    for key in keys[:3]:
        shutil.rmtree(tmp_path / "home" / "cache" / "images" / key[:2] / key)
    asked, listed = list[str](), Objects._listed
    monkeypatch.setattr(Objects, "_listed", lambda own, at: asked.append(at) or listed(own, at))
    assert one.images.size([*keys, "0" * 64]) == here > 4 * 30 * 30 * 3
    assert asked == [""]
    assert one.images.size(keys) == here
    assert asked == [""]  # known by now
    one.images.remove(keys[0])
    assert one.images.size(keys) < here


def test_there_is_a_limit_on_what_is_kept_there(
    stores: Callable[[], PictureStores], tmp_path: Path, url: str
) -> None:
    stores().images.put(picture(side=700))
    small = PictureStores(tmp_path / "home", MB, url, MB)
    with pytest.raises(CaseError, match="CASEBOOK_KEPT_MB"):
        small.cases.put(picture(1).frames[0])


def test_a_place_belongs_to_one_casebook_folder(
    stores: Callable[[], PictureStores], tmp_path: Path, url: str
) -> None:
    key = stores().images.put(picture())
    other = tmp_path / "other"
    other.mkdir()
    theirs = PictureStores(other, MB, url, MB)
    with pytest.raises(SetupError, match="another Casebook folder"):
        theirs.images.older(0)
    with pytest.raises(SetupError, match="another Casebook folder"):
        theirs.images.remove(key)
    assert {key} <= stores().images.keys()


def test_a_place_that_was_emptied_is_refused_and_not_taken_for_one_without_pictures(
    stores: Callable[[], PictureStores], tmp_path: Path
) -> None:
    one = stores()
    key = one.images.put(scan())
    assert one.object_store is not None
    files, place = one.object_store.files, one.object_store.at("")
    move_all(files, place, f"{place}-away")
    forget_copies(tmp_path)
    asked: list[Callable[[], object]] = [
        stores().images.keys,
        lambda: stores().images.get(key),
        lambda: stores().drawn.put(picture().frames[0]),
        lambda: stores().room.refuse_without(1),
    ]
    for ask in asked:
        with pytest.raises(SetupError, match=r"There is nothing at .* were put at .*Mount its disk, correct"):
            ask()
    assert not files.exists(place)
    move_all(files, f"{place}-away", place)
    assert stores().images.get(key).frame_count == 4


def test_another_place_without_the_pictures_is_refused_until_they_are_said_to_be_gone(
    stores: Callable[[], PictureStores], tmp_path: Path, url: str
) -> None:
    other = PictureStores(tmp_path / "home", MB, f"{url}-other", MB)
    assert other.images.keys() == set()  # none were put anywhere yet
    key = stores().images.put(picture())
    another = PictureStores(tmp_path / "home", MB, f"{url}-another", MB)
    with pytest.raises(
        SetupError, match=rf"nothing at {url}-another, .* were put at {url}\. .*delete casebook"
    ):
        another.images.keys()
    assert {key} <= stores().images.keys()
    (tmp_path / "home" / "casebook.at").unlink()
    assert another.images.keys() == set()


def test_where_pictures_lie_is_found_out_where_nobody_wrote_it_down(
    stores: Callable[[], PictureStores], tmp_path: Path, url: str
) -> None:
    stores().images.put(picture())
    note = tmp_path / "home" / "casebook.at"
    note.unlink()  # as in a folder of before
    assert len(stores().images.keys()) == 1
    assert note.read_text("utf-8") == url


def test_nothing_is_put_below_a_disk_that_was_taken_out(tmp_path: Path) -> None:
    home, far = tmp_path / "home", tmp_path / "far"
    home.mkdir()
    one = PictureStores(home, 100 * MB, f"file://{far}", 100 * MB)
    one.images.put(scan())
    far.rename(tmp_path / "away")
    far.mkdir()
    with pytest.raises(SetupError, match="There is nothing at"):
        one.images.put(picture())
    assert list(far.iterdir()) == []


def test_the_trial_of_the_doctor_leaves_nothing(stores: Callable[[], PictureStores]) -> None:
    one = stores()
    assert one.object_store is not None
    one.object_store.check()
    assert names(one, "trial") == []


def test_what_was_kept_in_the_folder_before_goes_there(
    stores: Callable[[], PictureStores], tmp_path: Path
) -> None:
    before = PictureStores(tmp_path / "home", 100 * MB, None, MB)
    images = [before.images.put(scan()), before.teaching.put(picture())]
    pictures = [before.drawn.put(picture().frames[0]), before.cases.put(picture(2).frames[0])]
    now = stores()
    assert len(now.left_here()) == 4
    assert not {images[0]} & now.images.keys()
    now.move_there()
    assert now.left_here() == []
    assert before.images.keys() | before.teaching.keys() | before.drawn.keys() | before.cases.keys() == set()
    assert np.array_equal(now.images.get(images[0]).frames, scan().frames)
    assert {images[1]} <= now.teaching.keys()
    assert {pictures[0]} <= now.drawn.keys()
    assert now.cases.path(pictures[1]).is_file()


def test_any_tool_copies_the_objects_back_into_a_folder(tmp_path: Path) -> None:
    far, home = tmp_path / "far", tmp_path / "home"
    home.mkdir()
    there = PictureStores(home, 100 * MB, f"file://{far}", MB)
    keys = there.images.put(scan()), there.drawn.put(picture().frames[0])
    for kind in ("images", "pictures"):
        shutil.copytree(far / kind, home / kind)
    here = PictureStores(home, 100 * MB, None, MB)
    assert np.array_equal(here.images.get(keys[0]).frames, scan().frames)
    assert here.drawn.path(keys[1]).is_file()


def test_copies_stay_below_their_size_and_those_in_use_stay(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    one = PictureStores(home, 100 * MB, f"file://{tmp_path / 'far'}", 200_000)
    keys = [one.images.put(picture(seed, side=200)) for seed in range(4)]  # 120 kB each
    copies = {key: home / "cache" / "images" / key[:2] / key for key in keys}
    assert all(path.is_dir() for path in copies.values())  # all were used just now
    for hours, path in zip((4, 3, 2), copies.values(), strict=False):
        os.utime(path, (time.time() - hours * 3600,) * 2)
    one.images.get(keys[0])  # used again
    one.images.put(picture(9, side=200))
    assert [path.is_dir() for path in copies.values()] == [True, False, False, True]
    assert np.array_equal(one.images.get(keys[1]).frames, picture(1, side=200).frames)  # fetched again


def test_a_copy_whose_removal_is_killed_is_gone_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    one = PictureStores(home, 100 * MB, f"file://{tmp_path / 'far'}", 1)
    key = one.images.put(scan())
    copy = home / "cache" / "images" / key[:2] / key
    os.utime(copy, (0, 0))
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)  # as if killed here
    one.images.put(picture())
    assert not copy.exists()
    monkeypatch.undo()
    assert one.images.get(key).frame_count == 4


def test_a_copy_that_was_killed_is_swept(tmp_path: Path) -> None:
    home, far = tmp_path / "home", tmp_path / "far"
    home.mkdir()
    (far / "part").mkdir(parents=True)
    old, new = far / "part" / "old", far / "part" / "new"
    for path in (old, new):
        path.write_bytes(b"half a picture")
    os.utime(old, (0, 0))
    PictureStores(home, MB, f"file://{far}", MB).images.put(picture())
    assert (old.exists(), new.exists()) == (False, True)
