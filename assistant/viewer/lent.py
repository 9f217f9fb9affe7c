"""Images lent to browsers for the viewer: each under a number that nobody guesses, to its owner alone."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from assistant.viewer.series import slice_bytes
from store.errors import CaseError
from store.pictures.image import Image

_TOKEN_BYTES = 24
# Ours: so many viewers may be open at once; the one longest unused has to be opened again.
_MOST_LOANS = 1000
# Ours: a volume is a map of its file and takes no memory; a single picture is held whole.
_MOST_OPEN = 8


@dataclass(frozen=True)
class _Loan:
    owner: str
    what: str
    load: Callable[[], Image]


class Lent:
    """What is lent at the moment. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loans: OrderedDict[str, _Loan] = OrderedDict()
        self._tokens: dict[tuple[str, str], str] = {}
        self._open: OrderedDict[str, Image] = OrderedDict()

    def lend(self, owner: str, what: str, load: Callable[[], Image]) -> str:
        """Lend an image; the same image is lent to the same owner once.

        Args:
            owner: who alone may see it, as `assistant.pages.owner` names browsers' owners.
            what: names it among the owner's images; it never leaves the server.
            load: reads it.

        Returns:
            The token to ask for it by.
        """
        with self._lock:
            token = self._tokens.setdefault((owner, what), secrets.token_urlsafe(_TOKEN_BYTES))
            self._loans[token] = _Loan(owner, what, load)
            self._loans.move_to_end(token)
            while len(self._loans) > _MOST_LOANS:
                gone, loan = self._loans.popitem(last=False)
                self._tokens.pop((loan.owner, loan.what))
                self._open.pop(gone, None)
            return token

    def slice_bytes(self, token: str, owner: str, index: int, *, as_shown: bool = False) -> bytes:
        """One slice of a lent image, as `assistant.viewer.series.slice_bytes` gives it.

        Args:
            token: what `lend` gave.
            owner: who asks.
            index: 0-based.
            as_shown: 8 bits as Casebook shows them.

        Raises:
            CaseError: nothing is lent to this owner under this token, or it has no such slice.
        """
        with self._lock:
            loan = self._loans.get(token)
        if loan is None or not secrets.compare_digest(loan.owner, owner):
            raise CaseError("This picture is not open in this browser. Open it again.")
        try:
            return slice_bytes(self._image(token, loan), index, as_shown=as_shown)
        except IndexError as error:
            raise CaseError("The picture has no such slice.") from error

    def _image(self, token: str, loan: _Loan) -> Image:
        with self._lock:
            image = self._open.get(token)
        image = image or loan.load()
        with self._lock:
            self._open[token] = image
            self._open.move_to_end(token)
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)
        return image

    def take_back(self, owner: str) -> None:
        """End the loans of an owner and let go of the images, so that a deleted chat leaves none behind."""
        with self._lock:
            for token in [token for token, loan in self._loans.items() if loan.owner == owner]:
                loan = self._loans.pop(token)
                self._tokens.pop((owner, loan.what))
                self._open.pop(token, None)
