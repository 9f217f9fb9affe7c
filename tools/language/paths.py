"""Where things lie on a machine, taken out of what is said: whoever asks is not told."""

from __future__ import annotations

import re

# The folders of an absolute path: in quotation marks it may hold blanks. Addresses of the web are none.
_FOLDERS = re.compile(
    r"(?<=['\"“‘])(?:[A-Za-z]:)?[/\\](?:[^'\"”’\n/\\]+[/\\])*|(?<![\w./\\:<])(?:[A-Za-z]:)?[/\\](?:[^\s'\"/\\]+[/\\])*(?=\w)"
)


def without_places(text: str) -> str:
    """`text` with the last name of each path and not its folders: visitors are not told where things lie."""
    return _FOLDERS.sub("", text)
