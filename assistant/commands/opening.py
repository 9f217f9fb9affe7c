"""Open Casebook for a command: read the settings, keep the log in its folder, close it at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import CasebookError, CaseError
from store.pictures.file_kind import refuse_no_file

if TYPE_CHECKING:
    from assistant.chat import Assistant, Chat


@contextmanager
def opened() -> Iterator[Assistant]:
    """Casebook with its settings from the environment.

    Raises:
        SetupError: a setting is not acceptable, or the folder cannot be written.
    """
    from assistant.chat import Assistant
    from assistant.log import keep_log
    from assistant.retention import delete_old

    with Assistant() as assistant:
        keep_log(assistant.services.settings.home)
        with suppress(CasebookError):  # the command itself says what is wrong with the database
            delete_old(assistant.services)
        yield assistant


def chat_of(assistant: Assistant, chat_id: str) -> Chat:
    """The chat called `chat_id`.

    Raises:
        CaseError: there is none, or it was made elsewhere; says where.
    """
    if assistant.services.conversations.owner_of(chat_id) in (None, assistant.owner):
        return assistant.chat(chat_id)
    raise CaseError(
        f"The chat {chat_id!r} belongs to a browser: go on with it on the page there. "
        "From here it can be seen with casebook chats list --all, and deleted with "
        f"casebook chats delete {chat_id} --all."
    )


def readable(typed: str) -> Path:
    """The file or folder that the user typed.

    Raises:
        CaseError: it is not there, is neither a file nor a folder, or cannot be read.
    """
    path = Path(typed)
    refuse_no_file(path, typed)
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        else:
            path.open("rb").close()
    except FileNotFoundError:
        raise CaseError(f"There is no file or folder {typed!r}. Check the name and where it lies.") from None
    except (OSError, ValueError):
        raise CaseError(
            f"{typed!r} cannot be read. Check its permissions and that it is a file or folder."
        ) from None
    return path
