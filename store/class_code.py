"""The class code of one Casebook folder: what opens its page to others. Only a salted hash of it is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from store.errors import CaseError, SetupError
from store.whole_file import writable, write_json

SHORTEST = 10
"""Characters of a class code. Ours: with the tries that visitors have, none of that length is found."""
LONGEST = 200
"""Characters of a class code that are looked at."""

# 32 MiB a try. Source: OWASP, Password Storage Cheat Sheet, scrypt.
_COST = {"n": 2**15, "r": 8, "p": 3, "maxmem": 2**26}
_BYTES = 32


@dataclass(frozen=True)
class _Kept:
    """What is in the file: a salt, the hash, and a key of its own for what admitted browsers are given."""

    salt: bytes
    hash: bytes
    key: bytes


class ClassCode:
    """The class code that is in force now, also when it was changed while the page runs.

    Args:
        home: the Casebook folder.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "class-code.json"

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        return self._path.exists()

    def set(self, code: str) -> None:
        """Keep the hash of a new code; whoever was let in by the old one has to give the new one.

        Raises:
            CaseError: it is too short or too long.
            SetupError: the folder cannot be written.
        """
        if not SHORTEST <= len(code := _tidy(code)) <= LONGEST:
            many = f"{SHORTEST} to {LONGEST} characters; this one has {len(code)}"
            raise CaseError(f"A class code has {many}. Take a few words that are not a saying.")
        salt, key = secrets.token_bytes(_BYTES), secrets.token_bytes(_BYTES)
        kept = {"salt": salt, "hash": _hashed(code, salt), "key": key}
        write_json(self._path, {name: value.hex() for name, value in kept.items()})

    def remove(self) -> bool:
        """Take the code away; returns whether there was one.

        Raises:
            SetupError: the folder cannot be written.
        """
        was_set = self.is_set
        with writable():
            self._path.unlink(missing_ok=True)
        return was_set

    def fits(self, code: str) -> bool:
        """Whether this is the code. Takes as long for one as for another.

        Raises:
            SetupError: the file is damaged.
        """
        kept = self._read()
        return hmac.compare_digest(_hashed(_tidy(code)[:LONGEST], kept.salt), kept.hash)

    def admission(self, token: str) -> str:
        """What a browser shows from now on that gave the code; it holds for the browser's token alone.

        Raises:
            SetupError: the file is damaged.
        """
        return hmac.new(self._read().key, token.encode(), hashlib.sha256).hexdigest()

    def admits(self, token: str, admission: str) -> bool:
        """Whether a browser gave the code that is in force.

        Raises:
            SetupError: the file is damaged.
        """
        return hmac.compare_digest(self.admission(token).encode(), admission.encode())

    def _read(self) -> _Kept:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return _Kept(*(bytes.fromhex(found[name]) for name in ("salt", "hash", "key")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SetupError(
                "The class code's file in the Casebook folder cannot be read. Set the code again: "
                "casebook class-code"
            ) from error


def _tidy(code: str) -> str:
    """The code without what nobody sees when it is copied: blanks around it, more than one between words."""
    return " ".join(code.split())


def _hashed(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode("utf-8", "replace"), salt=salt, dklen=_BYTES, **_COST)
