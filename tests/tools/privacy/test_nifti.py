"""NIfTI volumes and their copies."""

import gzip

import nibabel
import numpy as np
import pytest

from store.errors import CaseError
from tools.privacy.nifti import clean_nifti

MARK = b"ZQMARKER"
MOST = 2**24


def volume(kind=nibabel.Nifti1Image, order="<"):
    header = kind.header_class(endianness=order)
    image = kind(np.arange(60, dtype=np.int16).reshape(3, 4, 5), np.diag([2, 3, 4, 1]), header)
    image.header["descrip"] = MARK
    image.header["aux_file"] = MARK
    image.header["intent_name"] = MARK
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", MARK))
    return image.to_bytes() + MARK


KINDS = [(nibabel.Nifti1Image, "<"), (nibabel.Nifti1Image, ">"), (nibabel.Nifti2Image, "<")]


@pytest.mark.parametrize(("kind", "order"), KINDS)
def test_words_and_extensions_go_and_voxels_and_geometry_stay(kind, order):
    data = volume(kind, order)
    copy = clean_nifti(data, MOST)
    assert MARK not in copy.data
    before, after = kind.from_bytes(data), kind.from_bytes(copy.data)
    assert (np.asarray(before.dataobj) == np.asarray(after.dataobj)).all()
    assert (before.affine == after.affine).all()
    told = {change.attribute for change in copy.changes}
    assert told >= {"descrip", "aux_file", "intent_name", "extensions", "bytes after its end"}
    again = clean_nifti(copy.data, MOST)
    assert (again.data, list(again.changes)) == (copy.data, [])


def test_a_gzipped_volume_stays_gzipped_and_loses_the_name_in_its_head(tmp_path):
    path = tmp_path / f"{MARK.decode()}.nii.gz"
    with gzip.open(path, "wb") as file:
        file.write(volume())
    data = path.read_bytes()
    assert MARK in data
    copy = clean_nifti(data, MOST)
    assert copy.suffix == ".nii.gz"
    assert MARK not in copy.data + gzip.decompress(copy.data)
    assert not clean_nifti(copy.data, MOST).changes


def test_what_is_cut_off_or_unpacks_to_too_much_is_refused_in_words():
    with pytest.raises(CaseError, match="cut off or damaged"):
        clean_nifti(volume()[:400], MOST)
    with pytest.raises(CaseError, match="cut off or damaged"):
        clean_nifti(gzip.compress(volume())[:60], MOST)
    with pytest.raises(CaseError, match="unpacks to more"):
        clean_nifti(gzip.compress(bytes(2**21)), 2**20)


def test_a_volume_in_two_parts_is_refused_in_words():
    data = bytearray(volume())
    data[344:348] = b"ni1\0"
    with pytest.raises(CaseError, match="two parts"):
        clean_nifti(bytes(data), MOST)
