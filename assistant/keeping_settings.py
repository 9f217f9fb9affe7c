"""What can be set about what is kept: how much, how long, and what of text and faces in pictures."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, field_validator

from store.errors import SetupError
from store.pictures.object_store import is_here, scheme_of


class KeepingSettings(BaseModel):
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
    pictures_url: str | None = Field(
        default=None,
        description="s3://BUCKET/FOLDER or file:///FOLDER of an object store for images and pictures of "
        "chats, library and teaching; default: the home folder; after a change: casebook doctor --repair",
    )
    pictures_remote: bool = Field(
        default=False,
        description="true allows such a store elsewhere: images and pictures leave this machine",
    )
    pictures_cache_mb: int = Field(
        default=10240,
        gt=0,
        description="disk for copies of what lies in an object store, MiB; those used last stay",
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

    @field_validator("pictures_url")
    @classmethod
    def _of_a_place(cls, url: str | None) -> str | None:
        if url is not None:
            scheme_of(url)
        return url

    @property
    def pictures_place(self) -> str | None:
        """Where images and pictures are kept; None for the home folder.

        Raises:
            SetupError: `pictures_url` leads elsewhere without `pictures_remote`.
        """
        if self.pictures_url and not is_here(self.pictures_url) and not self.pictures_remote:
            raise SetupError(
                f"pictures_url leads to {self.pictures_url}: images and pictures would leave this machine. "
                "Set pictures_remote to true to allow that."
            )
        return self.pictures_url
