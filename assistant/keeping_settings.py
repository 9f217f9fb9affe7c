"""What can be set about what is kept: how much, how long, and what of text and faces in pictures."""

from __future__ import annotations

from typing import Literal

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
    burned_in: Literal["ask", "mask", "refuse", "off"] = Field(
        default="ask",
        description="text in pixels of new pictures: ask (on the page; mask elsewhere), mask, refuse or off",
    )
    faces: Literal["ask", "mask", "refuse", "off"] = Field(
        default="ask",
        description="faces in new photographs: ask (on the page; mask elsewhere), mask, refuse or off",
    )
    burned_in_keep: str | None = Field(
        default=None, description="text that stays, commas between: side, scale, window, calliper"
    )
