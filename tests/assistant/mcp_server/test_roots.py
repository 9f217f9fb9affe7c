"""Only what lies below the folders that were given is found; nothing tells what lies elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.mcp_server.roots import Roots, roots_of
from store.errors import CaseError, SetupError


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    for name in ("open", "open/series", "closed", "open/casebook"):
        (tmp_path / name).mkdir()
    for name in ("open/a.png", "open/series/b.dcm", "closed/c.png", "open/casebook/conversations.db"):
        (tmp_path / name).write_bytes(b"x")
    return roots_of([str(tmp_path / "open")], tmp_path / "open" / "casebook")


@pytest.mark.parametrize("typed", ["a.png", "series", "series/b.dcm", "series/../a.png"])
def test_a_file_or_folder_below_a_root_is_found(roots: Roots, typed: str) -> None:
    assert roots.find(typed) == (roots.folders[0] / typed).resolve()
    assert roots.find(str(roots.folders[0] / typed)) == (roots.folders[0] / typed).resolve()


@pytest.mark.parametrize(
    "typed",
    ["../closed/c.png", "missing.png", "/etc/passwd", "casebook/conversations.db", "casebook", ".", "a\0b",
     "x" * 5000],
)  # fmt: skip
def test_anything_else_is_refused_in_the_same_words(roots: Roots, typed: str) -> None:
    with pytest.raises(CaseError, match="no such file or folder below") as refused:
        roots.find(typed)
    assert typed not in str(refused.value) or typed == "."


def test_a_link_out_of_a_root_is_not_followed(roots: Roots, tmp_path: Path) -> None:
    (tmp_path / "open" / "link.png").symlink_to(tmp_path / "closed" / "c.png")
    (tmp_path / "open" / "folder").symlink_to(tmp_path / "closed")
    for typed in ("link.png", "folder", "folder/c.png"):
        with pytest.raises(CaseError):
            roots.find(typed)


def test_a_root_may_itself_be_a_link(roots: Roots, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(tmp_path / "closed")
    assert roots_of([str(tmp_path / "alias")], roots.home).find("c.png").name == "c.png"


def test_without_roots_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="--root"):
        Roots((), tmp_path).find(str(tmp_path))


def test_a_root_that_is_no_folder_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for typed, said in (("missing", "no folder"), ("file", "is a file")):
        with pytest.raises(SetupError, match=said):
            roots_of([str(tmp_path / typed)], tmp_path)
