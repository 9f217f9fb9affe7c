"""`Assistant` and `Chat`: the Python API, and what the page and the command line stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.build import LOCAL, Services
from assistant.conversation import Chat
from assistant.settings import Settings, load_settings
from store.chats.conversations import ChatRow
from store.errors import CaseError
from tools.language.identifiers import without_persons

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool

    from assistant.turn.case_pictures import CasePictures
    from store.cases.importing import ImportReport, Progress
    from store.cases.library import Library
    from store.cases.looking import Look
    from tools.context import CaseTool

__all__ = ["Assistant", "Chat"]


class Assistant:
    """Casebook for one owner of chats.

    Args:
        settings: where things are kept and what is allowed; read from the environment by default.
        model: a LangChain chat model for the loop; the built-in planner by default.
        tools: LangChain tools for the loop; Casebook's own by default.
        owner: whose chats these are. Owners never see each other's chats.

    Raises:
        SetupError: a setting is not acceptable, or the folder cannot be written.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        model: BaseChatModel | None = None,
        tools: Sequence[CaseTool | BaseTool] | None = None,
        owner: str = LOCAL,
    ) -> None:
        self.services = Services(settings or load_settings(), model, tools)
        self.owner = owner

    def for_owner(self, owner: str) -> Assistant:
        """The same installation for another owner; shares everything but the chats."""
        other = object.__new__(Assistant)
        other.services, other.owner = self.services, owner
        return other

    @property
    def library(self) -> Library:
        """The case library."""
        return self.services.library

    def chat(self, chat_id: str | None = None) -> Chat:
        """A new chat, or the one called `chat_id`.

        Raises:
            CaseError: the owner has no such chat.
        """
        rows = self.services.conversations
        row = rows.new_chat(self.owner) if chat_id is None else rows.chat(self.owner, chat_id)
        return Chat(self.services, row, self.owner)

    def chats(self) -> list[ChatRow]:
        """The owner's chats, the most recently used first."""
        return self.services.conversations.chats(self.owner)

    def find_chats(self, words: str) -> list[ChatRow]:
        """The owner's chats that hold every word in their title, questions or answers, the latest first."""
        return self.services.conversations.searching.chats(self.owner, without_persons(words))

    def rename(self, chat_id: str, title: str) -> None:
        """Give a chat another title; what tells who somebody is gets a stand-in, as in questions.

        Raises:
            CaseError: no such chat, or an empty title.
        """
        self.services.conversations.rename(self.owner, chat_id, without_persons(title))

    def delete(self, chat_id: str) -> bool:
        """Delete a chat with its images and pictures, unless another chat holds them too.

        Returns:
            Whether nothing of it is left in the database's log either; somebody may be reading.

        Raises:
            CaseError: no such chat.
        """
        return self.services.keeping.delete(self.owner, chat_id)

    def import_cases(
        self,
        path: Path,
        *,
        progress: Progress | None = None,
        clean_pixels: bool = False,
        over: Callable[[CasePictures], Look] | None = None,
    ) -> ImportReport:
        """Import a table or folder of cases into the library; running it again goes on where it stopped.

        Args:
            path: a CSV file, or a folder with one or with sub-folders named for labels.
            progress: called with (rows done, rows in all) after every batch that is kept.
            clean_pixels: mask text, and faces in photographs, before anything is kept, which takes seconds
                each. Otherwise they are not looked for, and the report says so.
            over: makes what looks at the pictures; by default they are read here, some at a time.

        Raises:
            CaseError: the table as a whole cannot be used; nothing was imported.
            SetupError: the library is damaged or was made by another version of an encoder, or what finds
                text is missing.
        """
        from assistant.turn.case_pictures import CasePictures

        pictures = CasePictures(self.services.decoder, self.services.private_pixels if clean_pixels else None)
        with pictures.looked_at() if over is None else nullcontext(over(pictures)) as look:
            return pictures.told(self.library.import_seen(path, look, progress=progress))

    def picture(self, key: str) -> Path:
        """Where a picture lies that a tool drew, or that shows a case of the library.

        Raises:
            CaseError: it is no longer kept.
            SetupError: the database or the object store does not answer.
        """
        stores = [self.services.blobs, self.services.case_pictures]
        if self.services.conversations.holding.unheld_pictures([key]):  # no tool drew it
            stores.reverse()
        try:
            return stores[0].path(key)
        except CaseError:
            return stores[1].path(key)

    def close(self) -> None:
        """Stop what is being answered, then let go of processes and connections."""
        self.services.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
