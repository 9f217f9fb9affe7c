"""Put the parts of one installation together from its settings. Everything heavy waits for first use."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from store.image_store import ImageStore

from assistant.settings import Settings
from store.blobs import BlobStore
from store.conversations import Conversations
from store.errors import SetupError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool
    from langgraph.graph.state import CompiledStateGraph
    from tools.decoding import Decoder

    from assistant.intake import Intake
    from store.cases import Library

# Reporting home is off unless the user has switched it on. Read by langsmith and chromadb.
_QUIET = {"LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false", "ANONYMIZED_TELEMETRY": "False"}


@dataclass(frozen=True, eq=False)
class Services:
    """The stores, the decoder and the loop of one installation; shared by all its chats."""

    settings: Settings
    model: BaseChatModel | None = None
    tools: Sequence[BaseTool] | None = None

    def __post_init__(self) -> None:
        for name, value in _QUIET.items():
            os.environ.setdefault(name, value)
        try:
            self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SetupError(
                f"The folder {self.settings.home} cannot be made or written. Set CASEBOOK_HOME to "
                f"one that can."
            ) from error
        object.__setattr__(self, "_lock", threading.RLock())

    @cached_property
    def conversations(self) -> Conversations:
        """Chats and turns."""
        return Conversations(self.settings.conversations_url)

    @cached_property
    def images(self) -> ImageStore:
        """Decoded images, once by content."""
        return ImageStore(self.settings.home / "images")

    @cached_property
    def blobs(self) -> BlobStore:
        """Pictures drawn by tools."""
        return BlobStore(self.settings.home / "pictures")

    @cached_property
    def library(self) -> Library:
        """The case library."""
        from store.cases import Library

        return Library(self.settings.home / "library", self.case_pictures)

    @cached_property
    def case_pictures(self) -> BlobStore:
        """Pictures of library cases."""
        return BlobStore(self.settings.home / "library" / "pictures")

    @cached_property
    def decoder(self) -> Decoder:
        """Reads untrusted files in a child process."""
        from tools.decoding import Decoder, ReadLimits

        s = self.settings
        limits = ReadLimits(
            max_bytes=s.max_file_mb * 2**20,
            max_pixels=s.max_pixels,
            max_frames=s.max_frames,
            max_total_voxels=s.max_voxels,
            max_nesting=s.max_nesting,
            memory_mb=s.decode_memory_mb,
            timeout_s=s.decode_timeout_s,
        )
        return Decoder(limits)

    @cached_property
    def intake(self) -> Intake:
        """Takes files in."""
        from assistant.intake import Intake

        return Intake(self.decoder, self.images, self.settings.max_images_per_turn)

    @property
    def agent(self) -> CompiledStateGraph[Any, Any, Any, Any]:
        """The loop, built once."""
        with self._lock:  # type: ignore[attr-defined]
            return self._agent

    @cached_property
    def _agent(self) -> CompiledStateGraph[Any, Any, Any, Any]:
        from assistant.agent import build_agent
        from assistant.planner import Planner
        from tools.catalogue import build_tools

        tools = list(self.tools) if self.tools is not None else build_tools()
        return build_agent(self.model or Planner(), tools)

    def close(self) -> None:
        """Let go of processes and connections."""
        if "decoder" in self.__dict__:
            self.decoder.close()
        if "conversations" in self.__dict__:
            self.conversations.close()
