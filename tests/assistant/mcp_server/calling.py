"""The official client on a server, every tool called once on a drawn lesion."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from mcp import Client
from mcp_types import CallToolResult
from PIL import Image

from tests.inputs.drawn_lesion import ellipse, paint, skin

OF_IMAGE = ("look", "measure", "find_look_alikes", "classify")
"""Tools that take a chat and an image and nothing else."""


def drawn() -> bytes:
    """A PNG file of a lesion on skin."""
    buffer = io.BytesIO()
    Image.fromarray(paint(skin(), ellipse(80, 50))).save(buffer, "PNG")
    return buffer.getvalue()


def base64_of(data: bytes) -> str:
    """Bytes as the tools take them."""
    return base64.b64encode(data).decode()


def put(folder: Path) -> Path:
    """The drawn lesion as a file that is named for somebody."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "Doe_Jane_1970.png"
    path.write_bytes(drawn())
    return path


async def every_tool(client: Client, path: str) -> dict[str, CallToolResult]:
    """The result of each tool, by name; `data` is the image added by its bytes."""
    results: dict[str, CallToolResult] = {}
    results["add_image"] = await client.call_tool("add_image", {"path": path})
    chat = chat_of(results["add_image"])
    results["data"] = await client.call_tool("add_image", {"data": base64_of(drawn()), "chat": chat})
    of_image: dict[str, Any] = {"chat": chat, "image": "img-1"}
    for name in OF_IMAGE:
        results[name] = await client.call_tool(name, of_image)
    results["read"] = await client.call_tool("read", of_image | {"question": "Is it a mole?"})
    results["ask"] = await client.call_tool("ask", {"question": "Compare img-1 and img-2", "chat": chat})
    return results


def chat_of(result: CallToolResult) -> str:
    """The chat of a result."""
    assert result.structured_content is not None, text_of(result)
    return str(result.structured_content["chat_id"])


def text_of(result: CallToolResult) -> str:
    """All the words of a result."""
    return "\n".join(one.text for one in result.content if one.type == "text")
