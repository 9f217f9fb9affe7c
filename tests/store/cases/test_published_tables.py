"""Tables as published sets write them: ids without an ending, other column names, one column per label."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from store.cases.library import ImportReport
from store.errors import CaseError
from store.records import Gate
from tests.inputs.case_library import library, mole, read, save, write_csv

SKIN = Gate(domain="dermatology", modality="DMS", known_from="pixels", score=0.9)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "set"


def run(root: Path, table: Path) -> ImportReport:
    return library(root).import_csv(table, read, lambda _image: SKIN)


def labels(root: Path) -> list[str]:
    return sorted(case.label for case in library(root).cases())


@pytest.mark.parametrize("place", ["", "images/", "part_2/deep/"])
@pytest.mark.parametrize("ending", [".png", ".JPG", ".jpeg", ".dcm"])
def test_an_id_without_an_ending_is_found_beside_or_below_the_table(
    root: Path, folder: Path, place: str, ending: str
) -> None:
    save(folder, f"{place}DERM_17{ending}", mole(1))
    save(folder, f"{place}DERM_171{ending}", mole(2))
    report = run(root, write_csv(folder, [("DERM_17", "nevus")], "image,label"))
    assert (report.added, report.skipped) == (1, ())


@pytest.mark.parametrize("written", ["b.png", "b", "two/b", "two/b.png", "two\\b"])
def test_a_file_is_found_below_the_table_by_as_much_of_its_path_as_is_written(
    root: Path, folder: Path, written: str
) -> None:
    save(folder, "one/two/b.png", mole(1))
    assert run(root, write_csv(folder, [(written, "x")], "image,label")).added == 1


@pytest.mark.parametrize("written", ["wo/b", "three/b", "b.jpg", "B", "one/two"])
def test_what_is_only_like_a_name_is_not_taken_for_it(root: Path, folder: Path, written: str) -> None:
    save(folder, "one/two/b.png", mole(1))
    report = run(root, write_csv(folder, [(written, "x")], "image,label"))
    assert report.added == 0
    assert "not there" in report.skipped[0].reason


def test_an_id_with_dots_keeps_them(root: Path, folder: Path) -> None:
    save(folder, "1.2.840.7.png", mole(1))
    save(folder, "1.2.840.8.png", mole(2))
    assert run(root, write_csv(folder, [("1.2.840.7", "x")], "image,label")).added == 1


def test_an_id_that_fits_two_different_pictures_is_said_and_not_guessed(root: Path, folder: Path) -> None:
    save(folder, "a.png", mole(1))
    save(folder, "small/a.jpg", mole(2))
    report = run(root, write_csv(folder, [("a", "x")], "image,label"))
    assert report.added == 0
    assert "can be 'a.png', 'small/a.jpg'" in report.skipped[0].reason
    assert "Write its path" in report.skipped[0].reason


def test_copies_of_one_picture_and_files_that_describe_it_do_not_make_an_id_unclear(
    root: Path, folder: Path
) -> None:
    save(folder, "one/a.png", mole(1))
    (folder / "two").mkdir()
    shutil.copy(folder / "one/a.png", folder / "two/a.png")
    (folder / "one/a.json").write_text("{}")
    (folder / "one/.a.png").write_text("hidden")
    assert run(root, write_csv(folder, [("a", "x")], "image,label")).added == 1


def test_a_link_below_the_table_leads_nowhere_else(root: Path, folder: Path, tmp_path: Path) -> None:
    save(tmp_path, "secret.png", mole(1))
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.png").symlink_to(tmp_path / "secret.png")
    report = run(root, write_csv(folder, [("a", "x")], "image,label"))
    assert report.added == 0
    assert "outside the folder" in report.skipped[0].reason


@pytest.mark.parametrize(
    ("header", "row", "label"),
    [
        (
            "isic_id,attribution,copyright_license,diagnosis_1,diagnosis_3",
            "a,Clinic,CC-0,Benign,Nevus",
            "Benign",
        ),
        ("lesion_id,image_id,dx,dx_type,age,sex,localization", "L1,a,bkl,histo,80,male,scalp", "bkl"),
        ("patient_id,lesion_id,smoke,diagnostic,img_id,biopsed", "P1,7,False,BCC,a.png,True", "BCC"),
        ("md5hash,fitzpatrick_scale,label,three_partition_label,url", "a,3,psoriasis,benign,x", "psoriasis"),
        ("image_name,patient_id,sex,diagnosis,benign_malignant,target", "a,P,male,nevus,benign,0", "nevus"),
        ("Image Index,Finding Labels,Follow-up #", "a.png,Effusion,0", "Effusion"),
        ("Filename;Diagnosis", "a;Ekzem", "Ekzem"),
    ],
)
def test_the_columns_of_published_sets_are_understood_and_said(
    root: Path, folder: Path, header: str, row: str, label: str
) -> None:
    save(folder, "images/a.png", mole(1))
    (folder / "metadata.csv").write_text(f"{header}\n{row}\n")
    report = run(root, folder / "metadata.csv")
    assert labels(root) == [label]
    assert any("taken by another name" in notice for notice in report.notices)


def test_lesions_become_groups_and_patients_are_kept_nowhere(root: Path, folder: Path) -> None:
    save(folder, "a.png", mole(1))
    report = run(
        root, write_csv(folder, [("a", "nevus", "L7", "Roe^Jane")], "image_id,dx,lesion_id,patient_id")
    )
    (case,) = library(root).cases()
    assert case.group == "L7"
    assert "Roe" not in repr(case)
    assert "Ignored columns: patient_id." in report.notices


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("image,label,dx", [("a.png", "right", "wrong")]),
        ("dx,label,image,path", [("wrong", "right", "a.png", "b.png")]),
        ("diagnosis,dx,image", [("wrong", "right", "a.png")]),
    ],
)
def test_its_own_name_comes_before_all_others(
    root: Path, folder: Path, header: str, rows: list[tuple[str, ...]]
) -> None:
    save(folder, "a.png", mole(1))
    run(root, write_csv(folder, rows, header))
    assert labels(root) == ["right"]


@pytest.mark.parametrize(("yes", "no"), [("1.0", "0.0"), ("1", "0")])
def test_one_column_per_label_gives_each_row_the_label_it_marks(
    root: Path, folder: Path, yes: str, no: str
) -> None:
    for number in range(4):
        save(folder, f"{number}.png", mole(number))
    rows = [("0", yes, no, no), ("1", no, yes, no), ("2", yes, yes, no), ("3", no, no, no)]
    report = run(root, write_csv(folder, rows, "image,MEL,NV,BKL"))
    assert labels(root) == ["MEL", "NV"]
    assert [row.reason for row in report.skipped] == [
        "It marks 2 labels (MEL, NV); one is needed.",
        "It marks 0 labels (none); one is needed.",
    ]
    assert any("marks with 1: MEL, NV, BKL" in notice for notice in report.notices)


@pytest.mark.parametrize(
    ("header", "row"),
    [("image,age,side", ("a", "34", "1")), ("image,MEL", ("a", "1")), ("image,MEL,NV", ("a", "", "1"))],
)
def test_columns_that_are_not_all_marks_make_no_label(
    root: Path, folder: Path, header: str, row: tuple[str, ...]
) -> None:
    save(folder, "a.png", mole(1))
    with pytest.raises(CaseError, match="no column label"):
        run(root, write_csv(folder, [row], header))


def test_a_folder_with_a_table_of_tabs_is_read(root: Path, folder: Path) -> None:
    save(folder, "a.png", mole(1))
    (folder / "cases.tsv").write_text("image\tlabel\na\tnevus\n")
    assert run(root, folder).added == 1
