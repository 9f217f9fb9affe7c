"""What can be set about visitors of the page and programs: what they may do, and how much they may ask."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, Field


class VisitorSettings(BaseModel):
    """The part of the settings that is about visitors of the page and programs that ask."""

    import_folders: str | None = Field(
        default=None,
        description="folders below which the page's visitors may import cases, with a colon between them (on "
        "Windows a semicolon); default: none",
    )
    save_cases: bool = Field(
        default=False,
        description="true lets the page's visitors add pictures to the library: those of their chats, and "
        "files that they send",
    )
    answers_at_once: int = Field(
        default=4, gt=0, description="answers to the page's visitors worked on at once; others wait in line"
    )
    visitor_at_once: int = Field(default=3, gt=0, description="most questions of one visitor under way")
    visitor_per_minute: int = Field(default=20, gt=0, description="most questions of one visitor in a minute")
    visitor_mb: int = Field(
        default=4096, gt=0, description="most disk that the images in one visitor's chats may take, MiB"
    )
    uploads_mb: int = Field(
        default=8192,
        gt=0,
        description="most memory for files that visitors sent to the page, MiB; one tab may fill a quarter",
    )
    change_cases: bool = Field(
        default=False,
        description="true lets the page's visitors relabel and remove cases of the library, and train and "
        "remove classifiers on its labels",
    )
    serve_token: str | None = Field(
        default=None,
        repr=False,
        description="token that programs show to casebook serve and casebook mcp --http; default: a new one "
        "at every start",
    )

    @property
    def import_places(self) -> tuple[Path, ...]:
        """The folders below which the page may import."""
        named = (self.import_folders or "").split(os.pathsep)
        return tuple(Path(one.strip()).expanduser() for one in named if one.strip())
