"""Stand-ins for UIDs and patients, the same on every run of one installation and of no other.

They are made from a key of this installation's own. Each bears its own proof: the second half of a stand-in
follows from the first and the key. So what was made here is known again and is not replaced a second time.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from store.whole_file import writable, write_whole

_BYTES = 32
_FILE = "privacy.key"
# Source: DICOM PS3.5 section B.2, UIDs made of a UUID.
_UID_ROOT = "2.25."
_ID_ROOT = "CB"
_HALF = 8
# Ours: dates are moved back by up to ten years.
_MOST_DAYS = 3650


@dataclass(frozen=True)
class Secret:
    """The key, and what is made with it.

    Attributes:
        key: random bytes that leave this machine in no copy.
    """

    key: bytes

    @classmethod
    def of(cls, home: Path) -> Self:
        """The key in the Casebook folder; made there if there is none.

        Raises:
            SetupError: the folder cannot be written.
        """
        path = home / _FILE
        with writable():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.is_file() or path.stat().st_size < _BYTES:
                write_whole(path, secrets.token_bytes(_BYTES))
            return cls(path.read_bytes())

    def uid(self, original: str) -> str:
        """The UID in the place of another; one that was made here stays."""
        if self.made_uid(original):
            return original
        first = bytearray(self._mac("uid", original.encode())[:_HALF])
        first[6] = first[6] & 0x0F | 0x40  # a UUID of version 4: RFC 9562, section 5.4
        return self._uid(bytes(first))

    def made_uid(self, text: str) -> bool:
        """Whether a UID was made here."""
        if not text.startswith(_UID_ROOT) or not text[len(_UID_ROOT) :].isdecimal():
            return False
        number = int(text[len(_UID_ROOT) :])
        return number < 1 << 128 and self._uid((number >> 64).to_bytes(_HALF, "big")) == text

    def patient(self, original: str) -> str:
        """The name in the place of a patient's number; one that was made here stays."""
        if self.made_patient(original):
            return original
        return self._patient(self._mac("patient", original.encode())[:_HALF].hex().upper())

    def made_patient(self, text: str) -> bool:
        """Whether a patient's stand-in was made here."""
        start = len(_ID_ROOT)
        return text.startswith(_ID_ROOT) and self._patient(text[start : start + 2 * _HALF]) == text

    def days(self, original: str) -> int:
        """By how many days the dates of a patient are moved back, 1 to 3650."""
        return 1 + int.from_bytes(self._mac("days", original.encode())[:_HALF], "big") % _MOST_DAYS

    def _uid(self, first: bytes) -> str:
        second = bytearray(self._mac("uid made here", first)[:_HALF])
        second[0] = second[0] & 0x3F | 0x80
        return f"{_UID_ROOT}{uuid.UUID(bytes=first + bytes(second)).int}"

    def _patient(self, first: str) -> str:
        return f"{_ID_ROOT}{first}{self._mac('patient made here', first.encode())[:4].hex().upper()}"

    def _mac(self, what: str, data: bytes) -> bytes:
        return hmac.digest(self.key, what.encode() + b"\0" + data, "sha256")
