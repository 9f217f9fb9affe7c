"""Server-sent events. Source: HTML standard, section 9.2; a JSON text has no line break in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def event_line(data: Mapping[str, Any], name: str = "") -> str:
    """One event with its data as JSON, and its name where it has one."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n"
