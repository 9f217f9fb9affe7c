"""An object store behind an fsspec URL, in which images and pictures lie instead of in the Casebook folder.

What lies below the URL has the names that it has in the Casebook folder without one, so that any tool copies
it there and back: ``images/ab/abcdef…/meta.json``, ``pictures/ab/abcdef….png``. A name is a digest and says
nothing. One object says which Casebook folder all this belongs to, because what nobody refers to is removed.
"""

from __future__ import annotations

import errno
import re
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from store.errors import SetupError
from store.pictures.places import KEPT_AT, PLACES, kept_at
from store.whole_file import writable, write_whole

OWNER = "casebook.id"
"""The object there, and the file in the Casebook folder, that say who belongs to whom."""

_PACKAGES = {"s3": "s3fs", "file": "fsspec"}
# What a bucket may be called. Source: Amazon S3, "General purpose bucket naming rules".
_URL = re.compile(r"(?P<s3>s3)://[\w.-]+(/[^?#@]*)?|(?P<file>file):///+[^/?#][^?#]*", re.ASCII)
# Ours: a store that is away is told within a minute, not within ten.
_OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {"config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 1}}},
    "file": {"auto_mkdir": True},
}
# What the packages raise besides errors of the system, by the module that defines it.
_FOREIGN = (("botocore.exceptions", "BotoCoreError"), ("aiohttp", "ClientError"))
_NO_KEY = ("NoCredentialsError", "PartialCredentialsError")
_TRIAL = b"casebook"
_PART = "part"
# Ours: no file takes an hour to be copied.
_ABANDONED_S = 3600.0


def scheme_of(url: str) -> str:
    """The scheme of a URL that an object store may have.

    Raises:
        SetupError: it may not; says what was given, without keys, and what is accepted.
    """
    found = _URL.fullmatch(url)
    if found is None or {".", ".."} & set(url.split("/")):
        shown = re.sub(r"(?<=://)(.*@|[^/]*:)", "…", re.split("[?#]", url)[0])
        raise SetupError(
            f"CASEBOOK_PICTURES_URL (or pictures_url in settings.toml) is {shown!r}. It takes "
            "s3://BUCKET, s3://BUCKET/FOLDER or file:///FOLDER, a folder's whole path, and nothing else; "
            "keys for S3 go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    return found["s3"] or found["file"]


def is_here(url: str) -> bool:
    """Whether what lies there stays on this machine.

    Raises:
        SetupError: as `scheme_of`.
    """
    return scheme_of(url) == "file"


class ObjectStore:
    """The place of all images and pictures of one Casebook folder. Safe between threads.

    Args:
        url: ``s3://BUCKET/FOLDER`` or ``file:///FOLDER``.
        home: the Casebook folder.

    Attributes:
        url: the same, without a slash at its end; no key is in it.

    Raises:
        SetupError: it is no such URL.
    """

    def __init__(self, url: str, home: Path) -> None:
        self._scheme = scheme_of(url)
        self.url, self._home = url.rstrip("/"), home
        self._noted = False

    def open(self) -> None:
        """Look whether the place is this folder's; it is made this folder's where it is nobody's.

        Raises:
            SetupError: it is another's or was emptied, or cannot be reached.
        """
        _ = self.files

    def check(self) -> None:
        """Put one small object, read it back and remove it.

        Raises:
            SetupError: that does not work, or the place is another Casebook folder's.
        """
        at = self.at(f"trial/{uuid.uuid4().hex}")
        try:
            with self.answering():
                self.files.pipe_file(at, _TRIAL)
                whole = self.files.cat_file(at) == _TRIAL
                self.files.rm_file(at)
        except FileNotFoundError as error:
            raise self.lacking() from error
        if not whole:
            raise SetupError(f"The pictures' place {self.url} does not give back what was put there.")

    def at(self, name: str) -> str:
        """Where an object lies, in the words of the file system."""
        return f"{self._opened[1]}/{name}".rstrip("/")

    @cached_property
    def files(self) -> Any:
        """The file system of fsspec, once it is known that the place is ours.

        Raises:
            SetupError: its package is missing, it cannot be reached, or it is another Casebook folder's.
        """
        from filelock import FileLock

        with writable(), FileLock(self._home / "objects.lock"):
            self._claim(self._opened[0])
            self._sweep(self._opened[0])
        return self._opened[0]

    def put(self, path: Path, at: str) -> None:
        """Copy a file there, whole or not at all.

        Raises:
            SetupError: the place was emptied meanwhile.
        """
        if self._scheme != "file":
            self.files.put_file(str(path), at)
        else:
            self._look_again()
            part = self.at(f"{_PART}/{uuid.uuid4().hex}")  # a folder shows half a file, other stores none
            self.files.put_file(str(path), part)
            self.files.mv(part, at)
        self._note()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """The place is asked here.

        Raises:
            FileNotFoundError: an object is not there.
            SetupError: the place does not let Casebook in, is away, or broke off.
        """
        try:
            yield
        except (FileNotFoundError, SetupError):
            raise
        except _failures() as error:
            if isinstance(error, PermissionError) or type(error).__name__ in _NO_KEY:
                raise SetupError(
                    f"The pictures' place {self.url} does not let Casebook in. For S3 set AWS_ACCESS_KEY_ID "
                    "and AWS_SECRET_ACCESS_KEY to a key that may list, read, write and delete there."
                ) from error
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise SetupError(
                    f"The disk of {self.url} is full. Make room there; then ask again."
                ) from error
            raise self.broken_off() from error

    def taken(self) -> int:
        """How many bytes all objects have together.

        Raises:
            SetupError: the place cannot be reached.
        """
        try:
            with self.answering():
                return sum(int(one["size"]) for one in self.files.find(self.at(""), detail=True).values())
        except FileNotFoundError as error:
            raise self.lacking() from error

    def broken_off(self) -> SetupError:
        """What to say where it is away, or gave half of something."""
        return SetupError(
            f"The pictures' place {self.url} cannot be reached, or broke off. Check that it runs and "
            "that CASEBOOK_PICTURES_URL is right; then ask again."
        )

    def lacking(self) -> SetupError:
        """What to say where not even the place is there."""
        return SetupError(f"There is no {self.url}. Make the bucket, or correct CASEBOOK_PICTURES_URL.")

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        package = _PACKAGES[self._scheme]
        try:
            from fsspec.core import url_to_fs

            with self.answering():
                files, root = url_to_fs(
                    self.url,
                    use_listings_cache=False,
                    skip_instance_cache=True,
                    **_OPTIONS.get(self._scheme, {}),
                )
        except ImportError as error:
            raise SetupError(
                f"Pictures at {self.url} need the package {package}, which is not installed. README.md says "
                "under “Pictures in an object store” how to install it."
            ) from error
        return files, str(root).rstrip("/")

    def _claim(self, files: Any) -> None:
        mine, at = self._home / OWNER, self.at(OWNER)
        own = mine.read_text("ascii") if mine.exists() else None
        theirs = None
        with suppress(FileNotFoundError), self.answering():
            theirs = files.cat_file(at).decode("ascii", "replace")
        if theirs is not None and theirs != own:
            raise SetupError(
                f"{self.url} holds the pictures of another Casebook folder. Set CASEBOOK_PICTURES_URL to a "
                f"place of its own. If this folder takes the other's place for good, delete {OWNER} there."
            )
        kept = kept_at(self._home)
        if kept is None and theirs is not None and self._has_some(files):
            self._note()  # a folder of before, or one that was restored
        if theirs is None:
            if kept is not None and not self._has_some(files):
                raise self._emptied(kept)
            own = own or uuid.uuid4().hex
            write_whole(mine, own)
            self._mark(files, at, own)

    def _look_again(self) -> None:
        """What would be put where a disk was taken out would lie below it."""
        try:
            self.files.info(self.at(OWNER))
        except FileNotFoundError as error:
            raise self._emptied(self.url) from error

    def _has_some(self, files: Any) -> bool:
        with self.answering():
            return any(files.exists(self.at(one)) for one in {one.partition("/")[0] for one in PLACES})

    def _emptied(self, kept: str) -> SetupError:
        return SetupError(
            f"There is nothing at {self.url}, and the images and pictures of this Casebook folder were put "
            f"at {kept}. Mount its disk, correct CASEBOOK_PICTURES_URL, or copy all of it there. If they "
            f"are gone for good, delete {KEPT_AT} in the Casebook folder."
        )

    def _note(self) -> None:
        """Write down where pictures are put, so that an empty place is not taken for theirs."""
        if not self._noted:
            with writable():
                if kept_at(self._home) != self.url:
                    write_whole(self._home / KEPT_AT, self.url)
            self._noted = True

    def _sweep(self, files: Any) -> None:
        """Remove what a process that was killed had not copied to its end."""
        until = time.time() - _ABANDONED_S
        if self._scheme == "file":
            with self.answering(), suppress(FileNotFoundError):
                for at, said in files.find(self.at(_PART), detail=True).items():
                    if said["mtime"] < until:
                        files.rm_file(at)

    def _mark(self, files: Any, at: str, own: str) -> None:
        try:
            with self.answering():
                if self._scheme == "file":  # pictures are for their owner alone
                    Path(self.at("")).mkdir(mode=0o700, parents=True, exist_ok=True)
                files.pipe_file(at, own.encode())
        except FileNotFoundError as error:
            raise self.lacking() from error


def _failures() -> tuple[type[Exception], ...]:
    """What may be raised where a place fails, of the packages that are loaded."""
    loaded = ((sys.modules.get(module), name) for module, name in _FOREIGN)
    return (OSError, *(getattr(module, name) for module, name in loaded if module is not None))
