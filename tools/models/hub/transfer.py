"""One file from the hub into the standard cache: it goes on where it was cut off, and its hash is checked.

The client itself starts a file anew when its process was killed, which costs up to 10 GB here; so the bytes
are fetched with the client's session into ``blobs/<etag>.incomplete`` under the client's lock, and the client
links them once they are whole.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import SetupError
from tools.models.hub.errors import CONNECTION_RETRIES
from tools.models.hub.pulled import Progress, blocks

PAUSE_S = 1.0
"""Wait before a broken transfer is tried again."""

TRANSIENT = (408, 429, 500, 502, 503, 504)
"""HTTP statuses that may be gone a moment later. As huggingface_hub counts them."""

GIT, SHA256 = 40, 64
"""Length of a small and of a large file's hash."""

NO_SUCH_RANGE = 416
WHOLE = 200


@dataclass(frozen=True)
class RemoteFile:
    """A file on the hub.

    Attributes:
        repository: ``owner/name``.
        name: its path there.
        url: where it is fetched from.
        etag: SHA-256 of a large file, git's SHA-1 of a small one.
        nbytes: its size.
        cache: folder of the repository in the cache.
    """

    repository: str
    name: str
    url: str
    etag: str
    nbytes: int
    cache: Path

    @property
    def blob(self) -> Path:
        """Where its bytes lie in the cache."""
        return self.cache / "blobs" / self.etag

    @property
    def partial(self) -> Path:
        """Where its bytes lie until they are all there."""
        return self.cache / "blobs" / f"{self.etag}.incomplete"

    @property
    def outstanding(self) -> int:
        """Bytes still to be fetched."""
        if self.blob.is_file():
            return 0
        done = self.partial.stat().st_size if self.partial.exists() else 0
        return max(self.nbytes - done, 0)


class _Digest:
    """The hashes a hub knows a file by, and how many bytes went in."""

    def __init__(self, file: RemoteFile) -> None:
        self._file = file
        self.reset()

    def reset(self) -> None:
        self._sha256 = hashlib.sha256()
        # git's own name of a file's content. Source: https://git-scm.com/book, "Git Objects".
        head = f"blob {self._file.nbytes}\0".encode()
        self._git = hashlib.sha1(head, usedforsecurity=False) if len(self._file.etag) == GIT else None
        self.nbytes = 0

    def update(self, block: bytes) -> None:
        self._sha256.update(block)
        if self._git:
            self._git.update(block)
        self.nbytes += len(block)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def matches(self) -> bool:
        """Whether these are the file's bytes. A hub with hashes of its own kind is taken at its word."""
        known = self._git or (self._sha256 if len(self._file.etag) == SHA256 else None)
        right = known is None or known.hexdigest() == self._file.etag
        return right and self.nbytes == self._file.nbytes


def look_up(repository: str, commit: str, name: str, cache: Path) -> RemoteFile:
    """Ask the hub for size and hash of one file; errors are the client's (see `hub_errors.told`).

    Raises:
        SetupError: the answer lacks one of them.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    url = hf_hub_url(repository, name, revision=commit)
    found = get_hf_file_metadata(url)
    if found.size is None or found.etag is None or not re.fullmatch(r"[\w.-]+", found.etag):
        raise SetupError(
            f"The hub does not say size and hash of {name} of {repository}, so it cannot be checked. "
            "Check HF_ENDPOINT."
        )
    return RemoteFile(repository, name, url, found.etag, found.size, cache)


def fetch(file: RemoteFile, progress: Progress) -> str:
    """Make sure `file` is in the cache, whole and right; returns its SHA-256.

    Bytes that are there already count as progress. Errors of the connection and of the disk are those of the
    libraries (see `hub_errors.told`).

    Raises:
        SetupError: another process fetches it, the transfer keeps breaking, or the hash is wrong.
    """
    with _locked(file):
        if file.blob.is_file():
            there = _digest_of(file.blob, file, progress)
            if there.matches:
                return there.sha256
            progress(-there.nbytes)
        file.partial.parent.mkdir(parents=True, exist_ok=True)
        file.partial.touch()
        digest = _digest_of(file.partial, file, progress)
        _complete(file, digest, progress)
        if not digest.matches:
            file.partial.unlink()
            raise SetupError(
                f"{file.name} of {file.repository} did not arrive as the hub describes it: its hash differs. "
                "It was thrown away. Run the command again; if that does not help, check HF_ENDPOINT and the "
                "proxy."
            )
        file.partial.replace(file.blob)
        return digest.sha256


def _complete(file: RemoteFile, digest: _Digest, progress: Progress) -> None:
    """Fetch what is missing, however often the connection breaks, as long as something arrives."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    idle = 0
    while digest.nbytes < file.nbytes:
        before = digest.nbytes
        try:
            _stream(file, digest, progress)
        except HfHubHTTPError as error:
            if error.response.status_code not in TRANSIENT:
                raise
        except httpx2.TransportError:
            pass
        if digest.nbytes >= file.nbytes:
            return
        idle = 0 if digest.nbytes > before else idle + 1
        if idle >= CONNECTION_RETRIES:
            raise SetupError(
                f"The transfer of {file.name} of {file.repository} keeps breaking off, at "
                f"{digest.nbytes / file.nbytes:.0%}. What arrived is kept: check the network and run the "
                "command again, it goes on from there."
            )
        time.sleep(PAUSE_S)


def _stream(file: RemoteFile, digest: _Digest, progress: Progress) -> None:
    """Append what one connection gives; from the beginning if the server cannot start elsewhere."""
    from huggingface_hub import constants, get_session, hf_raise_for_status
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    headers = build_hf_headers() | {"Accept-Encoding": "identity"}
    if digest.nbytes:
        headers["Range"] = f"bytes={digest.nbytes}-"
    timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
    with get_session().stream("GET", file.url, headers=headers, timeout=timeout) as response:
        if digest.nbytes and response.status_code in (WHOLE, NO_SUCH_RANGE):
            progress(-digest.nbytes)
            file.partial.unlink()
            digest.reset()
            if response.status_code == NO_SUCH_RANGE:
                return
        hf_raise_for_status(response)
        with file.partial.open("ab") as out:
            for block in response.iter_bytes():
                out.write(block)
                digest.update(block)
                progress(len(block))
                if digest.nbytes > file.nbytes:
                    break  # more than the file has: the hash will not match


def _digest_of(path: Path, file: RemoteFile, progress: Progress) -> _Digest:
    """The digest of what is at `path`, which may not be there."""
    digest = _Digest(file)
    if path.is_file():
        for block in blocks(path):
            digest.update(block)
            progress(len(block))
    return digest


@contextmanager
def _locked(file: RemoteFile) -> Iterator[Any]:
    """Hold the client's own lock of the file, so that nobody else fetches it at the same time."""
    from filelock import FileLock, Timeout

    path = file.cache.parent / ".locks" / file.cache.name / f"{file.etag}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise SetupError(
            f"{file.name} of {file.repository} is being fetched by another program. Wait for it, then run "
            "the command again."
        ) from error
    try:
        yield
    finally:
        lock.release()
