"""The log says what broke and where, and nothing that anybody wrote."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.log import keep_log

NAME = "Jane Doe"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    logger = logging.getLogger("casebook")
    before = list(logger.handlers)
    # A handler that comes first leaves its own traceback, with the message, on the record.
    first = logging.StreamHandler(io.StringIO())
    logger.addHandler(first)
    keep_log(tmp_path)
    yield tmp_path / "casebook.log"
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()


def raise_chain(header: str) -> None:
    try:
        try:
            {}[header]
        except KeyError as error:
            raise ValueError(f"{header} is no header") from error
    except ValueError:
        raise ExceptionGroup(header, [RuntimeError(header), OSError(header)])  # noqa: B904 - the implicit context is what is tested


def written(log: Path, stack: bool = False) -> str:
    try:
        raise_chain(NAME)
    except ExceptionGroup:
        logging.getLogger("casebook").exception("it failed (reference %s)", "abc", stack_info=stack)
    return log.read_text("utf-8")


def test_the_whole_chain_is_told_by_type_and_place(log: Path) -> None:
    text = written(log)
    assert "ERROR it failed (reference abc)" in text
    kinds = [line for line in text.splitlines() if line.startswith("builtins.")]
    assert kinds == [
        f"builtins.{one}" for one in ("ExceptionGroup", "OSError", "RuntimeError", "ValueError", "KeyError")
    ]
    assert f'File "{__file__}"' in text
    assert ", in raise_chain" in text


def test_neither_a_message_nor_a_source_line_nor_a_note_reaches_the_log(log: Path) -> None:
    text = written(log, stack=True)
    assert NAME not in text
    assert "{}[header]" not in text
    assert "is no header" not in text


def test_a_context_that_was_put_aside_stays_aside(log: Path) -> None:
    try:
        try:
            int(NAME)
        except ValueError:
            raise RuntimeError from None
    except RuntimeError:
        logging.getLogger("casebook").exception("it failed")
    text = log.read_text("utf-8")
    assert "builtins.RuntimeError" in text
    assert "ValueError" not in text


def test_endless_recursion_does_not_fill_the_log(log: Path) -> None:
    def again() -> None:
        again()

    try:
        again()
    except RecursionError:
        logging.getLogger("casebook").exception("it failed")
    assert len(log.read_text("utf-8").splitlines()) < 60


def test_a_line_without_an_exception_is_kept_as_it_is(log: Path) -> None:
    logging.getLogger("casebook").error("two %s", "words")
    assert log.read_text("utf-8").strip().endswith("ERROR two words")
    assert sys.exc_info() == (None, None, None)


def test_where_it_cannot_be_written_nothing_of_it_is_told_elsewhere(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.mkdir()
    try:
        raise_chain(NAME)
    except ExceptionGroup:
        logging.getLogger("casebook").warning("it broke off")
    told = "".join(capsys.readouterr())
    assert told == "casebook.log cannot be written (IsADirectoryError).\n"


def test_one_folder_has_the_log_at_a_time(log: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    keep_log(other)
    logging.getLogger("casebook").warning("it failed")
    assert "it failed" in (other / "casebook.log").read_text("utf-8")
    assert not log.exists()
