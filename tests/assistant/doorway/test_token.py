"""The token: made, read, compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.doorway.token import token_of
from store.errors import SetupError


def test_without_one_a_new_one_is_made_at_every_start() -> None:
    first, second = token_of(None, None), token_of(None, None)
    assert first.is_new and first.text != second.text and len(first.text) >= 40
    assert first.fits(f"Bearer {first.text}") and not first.fits(f"Bearer {second.text}")


def test_that_of_a_file_wins_over_that_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("token-of-the-file\n")
    assert token_of("token-of-the-settings", tmp_path / "token").text == "token-of-the-file"
    assert not token_of("token-of-the-settings", None).is_new


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic token-of-the-settings", "Bearer tökén"])
def test_any_other_header_does_not_fit(header: str) -> None:
    token = token_of("token-of-the-settings", None)
    assert not token.fits(header)
    assert token.fits("bearer token-of-the-settings")


@pytest.mark.parametrize("given", ["short", "with blanks in between", "ümlaut-ümlaut-ümlaut"])
def test_one_that_is_too_short_or_cannot_be_sent_is_refused_without_being_shown(given: str) -> None:
    with pytest.raises(SetupError, match="16 characters") as refused:
        token_of(given, None)
    assert given not in str(refused.value)


def test_a_file_that_cannot_be_read_is_named_by_its_option(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="--token-file"):
        token_of(None, tmp_path / "missing")
