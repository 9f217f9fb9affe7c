"""The system's Chromium without a window.

Debian's `chromium-headless-shell` draws the same pages as `chromium` without the browser around them, so that
a page costs less to open; where it is not installed, `chromium` is taken.
"""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

PROGRAMS = ("chromium-headless-shell", "chromium")
_ARGUMENTS = ("--no-sandbox", "--disable-background-networking")


class MissingError(Exception):
    """No Chromium is installed."""

    def __init__(self) -> None:
        super().__init__(
            f"Chromium is not installed here; the Debian packages are called {' and '.join(PROGRAMS)}"
        )


def launched(play: Playwright, *arguments: str) -> Browser:
    """A browser of its own.

    Args:
        play: of `playwright.sync_api.sync_playwright`.
        arguments: of the program, besides those of tests.

    Raises:
        MissingError: none is installed.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise MissingError
    return play.chromium.launch(executable_path=program, args=[*_ARGUMENTS, *arguments])
