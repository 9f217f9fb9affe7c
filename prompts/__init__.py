"""Prompt texts as Markdown files with ``$variables``, and `render` to fill them in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template


def render(name: str, **values: str) -> str:
    """The prompt `name` with its variables filled in.

    Raises:
        KeyError: a variable of the prompt has no value.
    """
    return _template(name).substitute(values)


@cache
def _template(name: str) -> Template:
    return Template((Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8").strip())
