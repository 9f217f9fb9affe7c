"""Put the parts of one installation together from its settings. Everything heavy waits for first use."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.once import once
from assistant.settings import Settings
from store.chats.conversations import Conversations
from store.closed import close_to_others
from store.errors import SetupError
from store.pictures.blobs import BlobStore
from store.pictures.image_store import ImageStore
from store.pictures.stores import PictureStores

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool

    from assistant.llm.role import Casting
    from assistant.turn.intake import Intake
    from assistant.turn.keeping import Keeping
    from assistant.turn.line import Line
    from assistant.turn.loop import Loop
    from assistant.turn.private_pixels import PrivatePixels
    from assistant.turn.turns import Turns
    from store.cases.library import Library
    from store.teaching.shelf import TeachingShelf
    from tools.context import CaseTool
    from tools.few_shot.head import HeadShelf
    from tools.files.decoding import Decoder
    from tools.language.sayings import Saying
    from tools.models.installed_encoders import Encoders
    from tools.models.installed_readers import Readers
    from tools.models.memory.in_memory import Notice
    from tools.models.memory.residency import Residency

LOCAL = "local"
"""The owner of chats that are held on the command line or in Python, by whoever runs the machine."""
# Reporting home is off unless the user has switched it on. Read by langsmith and chromadb.
_QUIET = {"LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false", "ANONYMIZED_TELEMETRY": "False"}


@dataclass(frozen=True, eq=False)
class Services:
    """The stores, the decoder and the loop of one installation; shared by all its chats."""

    settings: Settings
    model: BaseChatModel | None = None
    tools: Sequence[CaseTool | BaseTool] | None = None

    def __post_init__(self) -> None:
        for name, value in _QUIET.items():
            os.environ.setdefault(name, value)
        try:
            self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            close_to_others(self.settings.home)
        except OSError as error:
            raise SetupError(
                "The Casebook folder cannot be made or written. Set CASEBOOK_HOME to one that can."
            ) from error
        object.__setattr__(self, "_lock", threading.RLock())

    @once
    def over(self) -> threading.Event:
        """Set when the installation is closed."""
        return threading.Event()

    @once
    def turns(self) -> Turns:
        """Who is answering."""
        from assistant.turn.turns import Turns

        return Turns()

    @once
    def line(self) -> Line:
        """Which visitors' turns wait for others."""
        from assistant.turn.line import Line

        return Line(self.settings.answers_at_once)

    @once
    def conversations(self) -> Conversations:
        """Chats and turns."""
        return Conversations(self.settings.conversations_url)

    @once
    def pictures(self) -> PictureStores:
        """Where images and pictures are kept."""
        s = self.settings
        return PictureStores(s.home, s.kept_mb * 2**20, s.pictures_place, s.pictures_cache_mb * 2**20)

    @property
    def images(self) -> ImageStore:
        """Decoded images, once by content."""
        return self.pictures.images

    @property
    def blobs(self) -> BlobStore:
        """Pictures drawn by tools."""
        return self.pictures.drawn

    @once
    def keeping(self) -> Keeping:
        """What chats hold, in step with what is kept for them."""
        from assistant.turn.keeping import Keeping

        return Keeping(self.conversations, self.images, self.blobs, self.settings.home)

    @once
    def teaching(self) -> TeachingShelf:
        """Teaching cases, sessions and what learners did."""
        from store.teaching.shelf import TeachingShelf

        return TeachingShelf(self.settings.conversations_url, self.pictures.teaching)

    @once
    def library(self) -> Library:
        """The case library."""
        from store.cases.library import Library
        from tools.language.identifiers import without_persons

        return Library(
            self.settings.home / "library",
            self.case_pictures,
            without_persons,
            self.settings.library_place,
        )

    @property
    def case_pictures(self) -> BlobStore:
        """Pictures of library cases."""
        return self.pictures.cases

    @once
    def heads(self) -> HeadShelf:
        """Classifiers trained on the case library."""
        from tools.few_shot.head import HeadShelf

        return HeadShelf(self.settings.home / "library" / "heads")

    @once
    def decoder(self) -> Decoder:
        """Reads untrusted files in a child process."""
        from tools.files.decoding import Decoder, ReadLimits

        s = self.settings
        limits = ReadLimits(
            max_bytes=s.max_file_mb * 2**20,
            max_pixels=s.max_pixels,
            max_frames=s.max_frames,
            max_total_voxels=s.max_voxels,
            max_nesting=s.max_nesting,
            memory_mb=s.decode_memory_mb,
            timeout_s=s.decode_timeout_s,
            patience_s=max(ReadLimits.patience_s, 2 * s.decode_timeout_s),
        )
        return Decoder(limits)

    @once
    def intake(self) -> Intake:
        """Takes files in."""
        from assistant.turn.intake import Intake

        most = self.settings.max_images_per_turn
        return Intake(self.decoder, self.images, most, self.private_pixels, self.pictures.room)

    @once
    def private_pixels(self) -> PrivatePixels:
        """Looks for text and faces in pictures."""
        from assistant.turn.private_pixels import PrivatePixels, kinds

        s = self.settings
        return PrivatePixels(s.burned_in, s.faces, kinds(s.burned_in_keep))

    @once
    def residency(self) -> Residency:
        """Which models are in memory."""
        from tools.models.memory.residency import Residency
        from tools.models.weights.fit import usable_bytes

        most = int(self.settings.model_memory_gb * 1e9) or None
        return Residency(lambda device, held: usable_bytes(device, held, most), self.notice.show)

    @once
    def notice(self) -> Notice:
        """Tells other processes what is in memory here."""
        from tools.models.memory.in_memory import Notice

        return Notice(self.settings.home)

    @once
    def readers(self) -> Readers:
        """The reading models."""
        from assistant.settings_for_models import reader_settings
        from tools.models.installed_readers import Readers

        return Readers(reader_settings(self.settings), self.residency)

    @once
    def encoders(self) -> Encoders:
        """The encoding models."""
        from assistant.settings_for_models import encoder_settings
        from tools.models.installed_encoders import Encoders

        return Encoders(encoder_settings(self.settings), self.residency)

    @once
    def chat_model(self) -> tuple[BaseChatModel | None, tuple[Saying, ...]]:
        """The chat model, or None for the planner, and what every answer must say of it and of servers.

        Raises:
            SetupError: the settings name one that cannot be used.
        """
        from assistant.llm.chat_models import chat_model
        from assistant.settings_for_models import sent_away

        model, notices = (self.model, ()) if self.model else chat_model(self.settings)
        return model, (*notices, *sent_away(self.settings))

    @property
    def casting(self) -> Casting | None:
        """The chat model's role; None for the planner. An audition that has ended meanwhile counts.

        Raises:
            SetupError: the settings name a model that cannot be used.
        """
        from assistant.llm.role import Casting, casting

        if self.chat_model[0] is None:
            return None
        named = self.settings.llm_path or self.settings.llm_repo or self.settings.llm_server
        if (self.model is not None or not named) and self.settings.llm_role == "auto":
            return Casting("agent", "The program that uses Casebook gave it.")
        return casting(self.settings)

    @property
    def speaker(self) -> tuple[BaseChatModel | None, tuple[Saying, ...]]:
        """The chat model if it is asked at all, or None for the planner; and what every answer must say.

        Raises:
            SetupError: the settings name a model that cannot be used.
        """
        (model, notices), casting = self.chat_model, self.casting
        if casting is None:
            return model, notices
        told = (*notices, casting.notice) if casting.notice else notices
        return None if casting.role == "off" else model, told

    @property
    def loop(self) -> Loop:
        """The loop; built anew when a model has been pulled or removed, or has another role."""
        with self._lock:  # type: ignore[attr-defined]
            there = () if self.tools is not None else (*self.readers.set_up(), *self.encoders.set_up())
            key = (casting.role if (casting := self.casting) else "", *there)
            if key not in self._loops:
                self._loops[key] = self._build_loop()
            return self._loops[key]

    @once
    def _loops(self) -> dict[tuple[str, ...], Loop]:
        return {}

    def _build_loop(self) -> Loop:
        from assistant.turn.loop import build_loop
        from tools.catalogue import case_tools

        given = self.tools
        tools = list(given) if given is not None else case_tools(self.readers, self.heads, self.encoders)
        casting = self.casting
        return build_loop(
            self.speaker[0],
            tools,
            context=self.settings.llm_context,
            may_call=casting is None or casting.role == "agent",
        )

    def may_save(self, chat_id: str) -> bool:
        """Whether a chat may add to the library: that of whoever runs the machine, or where all may."""
        return self.settings.save_cases or self.conversations.owner_of(chat_id) == LOCAL

    def close(self) -> None:
        """Stop the turns, then let go of processes and connections; a turn that hangs keeps what it uses."""
        self.over.set()
        if not self.turns.close():
            return
        if "decoder" in self.__dict__:
            self.decoder.close()
        own: Any = None if self.model else self.__dict__.get("chat_model", (None,))[0]
        if hasattr(own, "close"):
            own.close()
        for name in ("residency", "notice", "conversations", "teaching"):
            if name in self.__dict__:
                getattr(self, name).close()
