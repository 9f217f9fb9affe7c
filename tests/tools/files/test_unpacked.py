"""Cases as a browser sends them, laid out in a folder that is cleared at the end."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from assistant import Assistant
from store.errors import CaseError
from tools.files.unpacked import Sent, unpacked
from tools.files.workplace import workplaces

MOST_MB = 1


def picture(shade: int) -> bytes:
    buffer = io.BytesIO()
    PillowImage.effect_noise((64, 48), shade).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def packed(files: Mapping[str, bytes]) -> list[Sent]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return [Sent("whatever", buffer.getvalue())]


def refusal(sent: list[Sent], label: str = "") -> str:
    before = workplaces()
    with pytest.raises(CaseError) as refused, unpacked(sent, label, MOST_MB):
        pass
    assert workplaces() == before
    return str(refused.value)


def labels(sent: list[Sent], label: str = "") -> list[str]:
    """The labels of the library after these were imported."""
    with Assistant() as assistant, unpacked(sent, label, MOST_MB) as folder:
        assistant.import_cases(folder)
        (collection,) = assistant.library.collections()
        return sorted(collection.labels)


TABLE = b"image,label,modality\none.png,nevus,XC\nsub/two.png,melanoma,XC\n"


@pytest.mark.process
def test_a_zip_with_a_table_becomes_cases() -> None:
    files = {
        "table.csv": TABLE,
        "one.png": picture(40),
        "sub/two.png": picture(90),
        "__MACOSX/._one.png": b"x",
    }
    assert labels(packed(files)) == ["melanoma", "nevus"]


@pytest.mark.process
def test_a_table_beside_its_pictures_becomes_cases_whatever_path_the_browser_names() -> None:
    table = TABLE.replace(b"sub/", b"")
    sent = [Sent("t.CSV", table), Sent("../one.png", picture(40)), Sent("deep/two.png", picture(90))]
    assert labels(sent) == ["melanoma", "nevus"]


def test_a_zip_with_one_folder_for_each_label_is_laid_out_as_it_was() -> None:
    with unpacked(
        packed({"nevus/a.png": b"a", "other/b.png": b"b", ".hidden/c": b"c"}), "", MOST_MB
    ) as folder:
        found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        assert found == ["nevus/a.png", "other/b.png"]
    assert not folder.exists()


def test_pictures_alone_get_the_label_that_was_typed_and_lose_their_names() -> None:
    sent = [Sent("Zebedee Quill.png", b"x"), Sent("Zebedee Quill.png", b"y")]
    with unpacked(sent, ' a "spot", pale ', MOST_MB) as folder:
        assert sorted(path.name for path in folder.iterdir()) == ["00001", "00002", "table.csv"]
        assert (folder / "table.csv").read_text().splitlines()[1] == '00001,"a ""spot"", pale"'
    assert "Type one" in refusal(sent, "  ")


def test_two_files_of_one_name_are_refused_instead_of_one_of_them_being_lost() -> None:
    sent = [Sent("t.csv", TABLE), Sent("a/one.png", picture(40)), Sent("b/one.png", picture(90))]
    assert "same name" in refusal(sent)


@pytest.mark.parametrize("name", ["../out.png", "/out.png", "a/../../out.png", "a\\b.png", "a/.."])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    assert "outside of it" in refusal(packed({"table.csv": TABLE, name: b"x"}))


def test_a_zip_that_holds_more_than_is_allowed_is_refused_before_it_fills_the_disk() -> None:
    assert "more than 1 MiB" in refusal(packed({"a/one.png": bytes(700_000), "a/two.png": bytes(700_000)}))


def test_a_damaged_and_a_locked_zip_are_refused() -> None:
    (whole,) = packed({"a/one.png": picture(40)})
    assert "damaged" in refusal([Sent("x", whole.data[: len(whole.data) // 2])])
    locked = bytearray(whole.data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    assert "password" in refusal([Sent("x", bytes(locked))])


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tools.files.unpacked._MOST_FILES", 2)
    assert "holds 3 files" in refusal(packed({f"a/{n}.png": b"" for n in range(3)}))
