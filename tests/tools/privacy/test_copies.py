"""Copies of files and folders, and the report on them."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as PillowImage

from store.errors import CaseError, SetupError
from tests.inputs.make_dicom import make_dicom, ramp
from tools.files.decoding import Decoder
from tools.privacy.cleaning import Cleaner
from tools.privacy.copies import look_at, write_copies
from tools.privacy.secret import Secret

MARK = "ZQMARKER"


@pytest.fixture
def cleaner():
    """It starts no process: none of these files is drawn again."""
    return Cleaner(Secret(b"k" * 32), Decoder(), 2**20)


@pytest.fixture
def folder(tmp_path):
    """A patient's folder: a slice, a photograph, and a text."""
    source = tmp_path / f"{MARK}_Anna"
    source.mkdir()
    make_dicom(source / f"{MARK}.dcm", ramp(), PatientName=MARK)
    PillowImage.fromarray(np.zeros((8, 8), np.uint8)).save(source / f"{MARK}.jpg", comment=MARK.encode())
    (source / "notes.txt").write_text(MARK)
    return source


def test_a_folder_is_copied_without_names_and_its_report_says_what_failed(folder, tmp_path, cleaner):
    out = tmp_path / "out"
    done = list(write_copies(folder, out, cleaner))
    assert [bool(one.written) for one in done] == [True, True, False]
    assert "text file" in str(done[2].refused)
    text = (tmp_path / "out.report.json").read_text("utf-8")
    told = json.loads(text)
    assert (told["given"], told["written"], told["failed"]) == (3, 2, 1)
    assert {one["copy"] for one in told["files"]} == {path.name for path in out.iterdir()}
    assert MARK not in text + str(list(out.iterdir()))
    assert not any(MARK.encode() in path.read_bytes() for path in out.iterdir())


def test_copies_of_copies_are_the_same_and_have_the_same_names(folder, tmp_path, cleaner):
    one, two = tmp_path / "one", tmp_path / "two"
    list(write_copies(folder, one, cleaner))
    again = list(write_copies(one, two, cleaner))
    assert not any(outcome.copy.changes for outcome in again)
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }


def test_names_are_kept_if_that_is_wished(tmp_path, cleaner):
    source = tmp_path / "source"
    (source / "naevus").mkdir(parents=True)
    PillowImage.fromarray(np.zeros((8, 8), np.uint8)).save(source / "naevus" / "a.b.jpg")
    list(write_copies(source, tmp_path / "out", cleaner, keep_names=True))
    assert (tmp_path / "out" / "naevus" / "a.b.jpg").is_file()


def test_two_files_with_the_same_copy_are_two_copies(tmp_path, cleaner):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("one", "two"):
        PillowImage.fromarray(np.zeros((8, 8), np.uint8)).save(source / f"{name}.jpg", comment=name.encode())
    done = list(write_copies(source, tmp_path / "out", cleaner))
    assert len({one.written for one in done}) == len(list((tmp_path / "out").iterdir())) == 2


def test_one_file_is_copied_to_the_name_given(folder, tmp_path, cleaner):
    (done,) = write_copies(folder / f"{MARK}.dcm", tmp_path / "out.dcm", cleaner)
    assert done.written == tmp_path / "out.dcm"
    assert (tmp_path / "out.dcm.report.json").is_file()


def test_looking_writes_nothing(folder, tmp_path, cleaner):
    before = sorted(tmp_path.rglob("*"))
    done = list(look_at(folder, cleaner))
    assert any(change.attribute == "PatientName" for change in done[0].copy.changes)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("where", ["", "inside", "..", f"{MARK}.dcm"])
def test_nothing_is_written_in_place_or_over_what_is_there(folder, cleaner, where):
    before = {path: path.read_bytes() for path in folder.rglob("*")}
    with pytest.raises(CaseError, match=r"among their sources|there already"):
        list(write_copies(folder, folder / where, cleaner))
    with pytest.raises(CaseError, match="there already"):
        list(write_copies(folder / f"{MARK}.dcm", folder / f"{MARK}.dcm", cleaner))
    assert {path: path.read_bytes() for path in folder.rglob("*")} == before


def test_an_unclean_copy_is_removed_and_counts_as_failed(folder, tmp_path, cleaner):
    class Careless(Cleaner):
        """Leaves in a picture whatever is in it, and says so when it looks again."""

        def copy(self, path):
            return replace(super().copy(path), data=path.read_bytes())

    careless = Careless(cleaner.secret, cleaner.decoder, cleaner.most_bytes)
    (done,) = write_copies(folder / f"{MARK}.jpg", tmp_path / "out", careless)
    assert "not clean" in str(done.refused)
    assert not list((tmp_path / "out").iterdir())
    assert json.loads((tmp_path / "out.report.json").read_text())["failed"] == 1


def test_a_copy_has_its_name_only_after_it_was_found_clean(folder, tmp_path, cleaner):
    class Killed(Cleaner):
        """Is ended while it looks again at what was written."""

        def copy(self, path):
            if path.parent == tmp_path / "out":
                raise KeyboardInterrupt
            return super().copy(path)

    killed = Killed(cleaner.secret, cleaner.decoder, cleaner.most_bytes)
    with pytest.raises(KeyboardInterrupt):
        list(write_copies(folder, tmp_path / "out", killed))
    assert not [one.name for one in (tmp_path / "out").iterdir() if not one.name.startswith(".")]
    assert not (tmp_path / "out.report.json").exists()


def test_a_report_that_cannot_be_written_is_a_sentence(folder, tmp_path, cleaner):
    (tmp_path / "out.report.json").mkdir()
    with pytest.raises(SetupError, match=r"report .* cannot be written"):
        list(write_copies(folder, tmp_path / "out", cleaner))


def test_a_file_that_is_too_large_is_left_out_in_words(folder, cleaner):
    done = list(look_at(folder, replace(cleaner, most_bytes=100)))
    assert all("CASEBOOK_MAX_FILE_MB" in str(one.refused) for one in done if one.source.suffix == ".dcm")


def test_an_empty_folder_is_refused_in_words(tmp_path, cleaner):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseError, match="no file"):
        list(look_at(tmp_path / "empty", cleaner))
