"""The bearer token that programs have to show: given by the operator, or made anew at every start."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from store.errors import SetupError

# Ours: of what a person makes up, this much takes longer to guess than anybody tries over a network.
_SHORTEST = 16
# Source: RFC 6750, section 2.1 (b64token).
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


@dataclass(frozen=True)
class Token:
    """The token.

    Attributes:
        text: what has to follow “Bearer”.
        is_new: whether it was made now, so that nobody knows it yet.
    """

    text: str
    is_new: bool

    def fits(self, header: str) -> bool:
        """Whether an Authorization header shows it."""
        scheme, _, shown = header.partition(" ")
        same = secrets.compare_digest(shown.strip().encode("utf-8", "replace"), self.text.encode())
        return scheme.lower() == "bearer" and same


def token_of(given: str | None, file: Path | None) -> Token:
    """The token to ask for: that of a file, else the one given, else a new one.

    Args:
        given: from the settings; None for none.
        file: holds the token and nothing else.

    Raises:
        SetupError: the file cannot be read, or the token is too short or has characters that none may have.
    """
    if file is not None:
        try:
            given = file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise SetupError("The token file cannot be read. Give another: --token-file FILE") from None
    if given is None:
        return Token(secrets.token_urlsafe(32), is_new=True)
    if len(given) < _SHORTEST or not _TOKEN.fullmatch(given):
        raise SetupError(
            f"The token must have at least {_SHORTEST} characters, of A–Z, a–z, 0–9, - . _ ~ + / and no "
            "blanks. Without one, Casebook makes one and shows it."
        )
    return Token(given, is_new=False)
