"""A changed prompt, word list or piece of code is named."""

from __future__ import annotations

from pathlib import Path

from assistant.provenance.sources import python, sources, versions


def written(root: Path) -> Path:
    """A small Casebook."""
    plain = {"assistant/chat.py": "1", "store/a/b.py": "2", "tools/c.py": "3", "prompts/system.md": "4"}
    for name, text in plain.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def changed(one: Path, other: Path) -> set[str]:
    before, after = sources(one), sources(other)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_changed_prompt_is_named_and_nothing_else(tmp_path: Path) -> None:
    one = written(tmp_path / "one")
    assert not changed(one, written(tmp_path / "same"))
    edited = written(tmp_path / "three")
    (edited / "prompts" / "system.md").write_text("5")
    assert changed(one, edited) == {"words prompts/system.md"}


def test_changed_code_is_named_by_its_folder(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one"), written(tmp_path / "two")
    (two / "store" / "a" / "b.py").write_text("9")
    assert changed(one, two) == {"code store/a"}


def test_what_python_compiled_is_no_code_of_casebook(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one"), written(tmp_path / "two")
    (two / "tools" / "__pycache__").mkdir()
    (two / "tools" / "__pycache__" / "c.pyc").write_bytes(b"compiled")
    assert not changed(one, two)


def test_words_are_named_in_the_order_of_their_folders_and_a_link_to_nothing_is_none(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "prompts" / "b").mkdir()
    (root / "prompts" / "b" / "z.toml").write_text("6")
    (root / "prompts" / "b" / ".#z.toml").symlink_to(root / "nobody")
    words = [name for name in sources(root) if name.startswith("words ")]
    assert words == ["words prompts/system.md", "words prompts/b/z.toml"]


def test_this_casebook_is_known_by_all_its_rooms_and_words() -> None:
    found = sources()
    assert {
        "code assistant/turn",
        "code tools",
        "code store/chats",
        "words prompts/system.md",
    } <= found.keys()
    assert any(name.startswith("words prompts/sayings/de/") for name in found)


def test_a_package_that_is_not_there_has_no_version() -> None:
    found = versions(("casebook", "no-such-package"))
    assert found["package no-such-package"] is None
    assert found["package casebook"]
    assert python()[0] == "3"
