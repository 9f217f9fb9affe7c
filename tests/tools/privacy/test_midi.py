"""Copies are scored by the ten actions of MIDI-B; a file without a copy fails in all that is asked of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.bench.midi import ACTIONS, Asked, draw, score
from tools.files.decoding import Decoder
from tools.privacy.cleaning import Cleaner
from tools.privacy.copies import write_copies
from tools.privacy.secret import Secret


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Asked], Path, Path]:
    """What is asked for, the sources, and their copies; text in pixels is left out, which needs a model."""
    folder = tmp_path_factory.mktemp("midi")
    asked = [one for one in draw(folder / "sources") if one.action != "pixels_hidden"]
    cleaner = Cleaner(Secret(b"k" * 32), Decoder(), 2**29, move_dates=True)
    assert all(
        one.written for one in write_copies(folder / "sources", folder / "copies", cleaner, keep_names=True)
    )
    return asked, folder / "sources", folder / "copies"


def test_every_action_is_done_in_the_copies_that_the_command_writes(
    copied: tuple[list[Asked], Path, Path],
) -> None:
    found = score(*copied)
    assert {action for action, done in found.items() if done} == {*ACTIONS} - {"pixels_hidden"}
    assert [action for action, done in found.items() if not all(done)] == []


def test_all_that_is_asked_of_a_missing_file_has_failed(copied: tuple[list[Asked], Path, Path]) -> None:
    asked, sources, _copies = copied
    found = score(asked, sources, sources / "nowhere")
    assert not any(done for every in found.values() for done in every)
    assert sum(map(len, found.values())) == len(asked)


def test_sources_given_as_their_own_copies_fail_in_all_that_should_have_changed(
    copied: tuple[list[Asked], Path, Path],
) -> None:
    asked, sources, _copies = copied
    found = score(asked, sources, sources)
    for action in ("text_removed", "date_shifted", "uid_changed", "uid_consistent", "patid_consistent"):
        assert not any(found[action]), action
    for action in ("tag_retained", "text_notnull", "text_retained", "pixels_retained"):
        assert all(found[action]), action


def test_two_stand_ins_for_one_uid_and_one_for_two_patients_are_told(
    copied: tuple[list[Asked], Path, Path], tmp_path: Path
) -> None:
    _asked, sources, copies = copied
    for name, patient in (("p0/0.dcm", "CB1"), ("p1/0.dcm", "CB1")):
        ds = dcmread(copies / name)
        ds.PatientID, ds.StudyInstanceUID = patient, f"2.25.{len(name)}{name[1]}"
        (tmp_path / name).parent.mkdir(parents=True)
        ds.save_as(tmp_path / name)
    (tmp_path / "p0/1.dcm").write_bytes((copies / "p0/1.dcm").read_bytes())
    one = Asked("p0/0.dcm", "uid_consistent", "StudyInstanceUID")
    two = Asked("p0/0.dcm", "patid_consistent", "PatientID")
    found = score([one, replace(one, file="p0/1.dcm"), two, replace(two, file="p1/0.dcm")], sources, tmp_path)
    assert found["uid_consistent"] == [False, False]
    assert found["patid_consistent"] == [False, False]


def test_a_box_counts_as_hidden_only_if_it_is_of_one_value(tmp_path: Path) -> None:
    (asked, *_) = [one for one in draw(tmp_path) if one.action == "pixels_hidden"]
    assert score([asked], tmp_path, tmp_path)["pixels_hidden"] == [False]
    ds = dcmread(tmp_path / asked.file)
    ds.PixelData = bytes(len(ds.PixelData))
    ds.save_as(tmp_path / asked.file)
    assert score([asked], tmp_path, tmp_path)["pixels_hidden"] == [True]


def test_an_action_of_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="none of tag_retained"):
        score([Asked("a.dcm", "text_keep")], tmp_path, tmp_path)
