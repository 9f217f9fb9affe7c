"""The planner's next step in a conversation: which tools to call on which images, or the answer.

Rules and a trained ear decide; nothing is generated. It understands English, German and Spanish, and what it
does not understand it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from langchain_core.messages import AIMessage, BaseMessage

from assistant.planning.calls import calls_for
from assistant.planning.compose import compose
from assistant.planning.conversation import read_conversation
from assistant.planning.decided import decided
from assistant.planning.glossed import in_english


class Tool(Protocol):
    """What the planner knows of a tool: one whose metadata has ``reads`` is given that domain's images."""

    @property
    def name(self) -> str:
        """What it is called by."""
        ...

    @property
    def metadata(self) -> Mapping[str, Any] | None:
        """What is known of it."""
        ...


@dataclass(frozen=True)
class Planned:
    """The planner's next message, calls or the answer, and whether a language model may go on from it."""

    reply: AIMessage
    has_room: bool


@dataclass(frozen=True)
class NextStep:
    """Chooses tools and words by rule.

    Attributes:
        readers: reading tools by domain.
        tool_names: what may be called.
    """

    readers: dict[str, str] = field(default_factory=dict)
    tool_names: frozenset[str] = frozenset()

    @classmethod
    def among(cls, tools: Iterable[Tool]) -> NextStep:
        """With these tools."""
        about = {one.name: one.metadata or {} for one in tools}
        reads = {str(held["reads"]): name for name, held in about.items() if "reads" in held}
        return cls(reads, frozenset(about))

    def after(self, messages: Sequence[BaseMessage]) -> Planned:
        """The next message of a conversation.

        Args:
            messages: past turns, the last question, and what tools have answered to it so far.
        """
        talk = in_english(read_conversation(messages, self.readers))
        tasks, room = decided(talk)
        calls = [call for call in calls_for(tasks, talk) if call.tool in self.tool_names]
        if not calls:
            return Planned(AIMessage(compose(tasks, talk)), room)
        at = len(talk.results)
        made = [
            {"id": f"call-{len(talk.past)}-{at + i}", "name": call.tool, "args": call.args}
            for i, call in enumerate(calls)
        ]
        return Planned(AIMessage("", tool_calls=made), room)
