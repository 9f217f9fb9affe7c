"""Where settings come from: what is given, and variables."""

from __future__ import annotations

from typing import Any

from pydantic_settings import BaseSettings


class GivenSettings(BaseSettings):
    """Settings that are given or stand in variables.

    Pydantic would look for files of its own too, which are not there, and take as long over it again.
    """

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[Any, ...]:
        """Both, in the order in which they win."""
        return sources["init_settings"], sources["env_settings"]
