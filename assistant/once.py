"""A property that is made once, also where several threads ask for it first."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    once = cached_property
else:

    class once(cached_property):  # noqa: N801 - used as a decorator
        """A cached property that is made once, however many threads ask for it first.

        Python's own holds no lock from 3.12 on: https://docs.python.org/3/library/functools.html.
        """

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
            with instance._lock:
                return super().__get__(instance, owner)
