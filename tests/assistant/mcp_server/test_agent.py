"""An agent of somebody else's answers a question over a picture through `casebook mcp`: a scripted model."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from langchain.agents import create_agent
from langchain_core._api import LangChainBetaWarning
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import BaseTool, StructuredTool
from mcp import Client, StdioServerParameters

from assistant.answers.disclaimers import general
from tests.assistant.mcp_server.calling import put
from tests.child import environment
from tests.packages import needs

pytestmark = pytest.mark.process  # the server is one

QUESTION = "How asymmetric is the lesion in Doe_Jane_1970.png?"
Tools = Callable[[Path], AbstractAsyncContextManager[list[BaseTool]]]


class ScriptedAgent(BaseChatModel):
    """Adds the picture, measures it in the chat that it is told of, and answers with what it reads."""

    offered: list[str] = []  # noqa: RUF012 - pydantic copies it

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> ScriptedAgent:
        self.offered.extend(tool.name for tool in tools)
        return self

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        heard = [words(message) for message in messages if isinstance(message, ToolMessage)]
        return ChatResult(generations=[ChatGeneration(message=self._say(heard))])

    def _say(self, heard: list[str]) -> AIMessage:
        if not heard:
            return called("add_image", path="Doe_Jane_1970.png")
        if len(heard) == 1:
            return called("measure", chat=chat_in(heard[0]), image="img-1")
        halves = [line for line in heard[1].splitlines() if "the halves differ by" in line]
        return AIMessage(f"Casebook says: {halves[0]}")


def words(message: BaseMessage) -> str:
    """What of a tool's result a model without eyes is shown."""
    return message.text


def chat_in(said: str) -> str:
    (chat,) = re.findall(r'\{"chat": "(\w+)"\}', said)
    return str(chat)


def called(name: str, **args: str) -> AIMessage:
    return AIMessage("", tool_calls=[{"id": f"call-{name}", "name": name, "args": args}])


@asynccontextmanager
async def tools_of_the_sdk(root: Path) -> AsyncIterator[list[BaseTool]]:
    """The tools as an agent has them that is built on the protocol's own client."""

    def caller(client: Client, name: str) -> Callable[..., Awaitable[str]]:
        async def call(**given: Any) -> str:
            result = await client.call_tool(name, given)
            return "\n".join(one.text for one in result.content if one.type == "text")

        return call

    command = StdioServerParameters(command=sys.executable, args=_words(root), env=environment())
    async with Client(command) as client:
        yield [
            StructuredTool(
                name=one.name,
                description=one.description or "",
                args_schema=one.input_schema,
                coroutine=caller(client, one.name),
            )
            for one in (await client.list_tools()).tools
        ]


@asynccontextmanager
async def tools_of_langchain(root: Path) -> AsyncIterator[list[BaseTool]]:
    """The tools as LangChain's own adapter makes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LangChainBetaWarning)
        from langchain.mcp import MCPAdapter
    config = {"casebook": {"command": sys.executable, "args": _words(root), "env": environment()}}
    async with MCPAdapter({"mcpServers": config}) as adapter:
        yield await adapter.list_tools()


def _words(root: Path) -> list[str]:
    return ["-m", "assistant", "mcp", "--root", str(root)]


@pytest.fixture(params=["sdk", pytest.param("langchain", marks=needs("fastmcp"))])
def tools(request: pytest.FixtureRequest) -> Iterator[Tools]:
    yield tools_of_the_sdk if request.param == "sdk" else tools_of_langchain


def test_an_agent_adds_a_picture_measures_it_and_answers_in_casebooks_words(
    tools: Tools, tmp_path: Path, home: Path
) -> None:
    path = put(tmp_path / "pictures")
    model = ScriptedAgent()

    async def run() -> dict[str, Any]:
        async with tools(path.parent) as made:
            agent = create_agent(model, made)
            told: dict[str, Any] = await agent.ainvoke({"messages": [("user", QUESTION)]})
            return told

    messages = anyio.run(run)["messages"]
    assert {"add_image", "measure", "ask"} <= set(model.offered)
    results = [message for message in messages if isinstance(message, ToolMessage)]
    assert [message.name for message in results] == ["add_image", "measure"]
    assert all(general() in words(message) for message in results)
    assert not any("Doe" in words(message) or str(tmp_path) in words(message) for message in results)
    assert len({chat_in(words(message)) for message in results}) == 1
    assert re.search(r"Casebook says: .*the halves differ by \d+ %", messages[-1].text)
    assert (home / "conversations.db").exists()
