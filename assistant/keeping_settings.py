"""What can be set about how much is kept, and for how long."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class KeepingSettings(BaseSettings):
    """The part of the settings that is about what is kept."""

    keep_days: int | None = Field(
        default=None, gt=0, description="days without a question until a chat is deleted; default: never"
    )
    kept_mb: int = Field(
        default=65536,
        gt=0,
        description="most disk that images and pictures of chats, library and teaching take, MiB; then no "
        "more are taken until something is deleted",
    )
