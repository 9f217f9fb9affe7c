"""A hub of models on the loopback: as much of the hub's HTTP as its client uses, and faults on demand.

Two servers: the hub (API and ``resolve``) and, on another port, the storage that large files are redirected
to. Written from what the client sends and reads: model info, HEAD with ``X-Repo-Commit``, ``X-Linked-Etag``
and ``X-Linked-Size``, redirects, ranges, 401 and 403 with ``X-Error-Code``.

By hand, over a folder made by ``casebook models stand-ins DIR``::

    python -m tests.servers.hub_server DIR
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tools.models.systems.cards import SYSTEMS

GRANTED = "hf_granted"
NOT_GRANTED = "hf_not_granted"
"""Two tokens the hub knows; the second's account has not accepted the conditions of gated repositories."""

LARGE = 4096
"""Files from this size on are stored as large ones, weights always."""

CHUNK = 16384


@dataclass
class Faults:
    """What goes wrong. Names are file names, however deep they lie."""

    cut_after: dict[str, int] = field(default_factory=dict)
    """Close the connection after so many bytes of the file."""
    cuts: int = 1_000_000
    """How often it is closed before it holds."""
    wrong: set[str] = field(default_factory=set)
    """Files whose last byte is wrong."""
    no_ranges: set[str] = field(default_factory=set)
    """Files that always come from the beginning."""
    status: dict[str, int] = field(default_factory=dict)
    """Files that are answered with this status."""
    pause_s: float = 0.0
    """Wait after every `CHUNK` of a large file."""
    unhashed: bool = False
    """Nothing says the hash of a file."""
    not_a_hub: bool = False
    """Every answer is a web page."""


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    server: str
    method: str
    path: str
    range: str | None
    token: str | None


class HubServer:
    """A hub with repositories.

    Args:
        repositories: ``owner/name`` → folder with its files.
        gated: names of those that need a granted token.
    """

    def __init__(self, repositories: Mapping[str, Path], *, gated: tuple[str, ...] = ()) -> None:
        self.repositories = dict(repositories)
        self.gated = gated
        self.faults = Faults()
        self.asked: list[Asked] = []
        self._past: dict[str, Path] = {}
        self._lock = threading.Lock()
        self._serving: list[tuple[ThreadingHTTPServer, threading.Thread]] = []
        self._hub = _server(self, "hub")
        self._storage = _server(self, "storage")

    @classmethod
    def of_stand_ins(cls, folder: Path) -> HubServer:
        """A hub that serves what ``casebook models stand-ins`` made, under the systems' own names."""
        found = {}
        for system in SYSTEMS.values():
            for name, place in ((system.checkpoint, system.name), (system.base, f"{system.name}-base")):
                if name and (folder / place).is_dir():
                    found[name] = folder / place
        return cls(found, gated=tuple({name for system in SYSTEMS.values() for name in system.gated}))

    def __enter__(self) -> HubServer:
        for server in (self._hub, self._storage):
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            self._serving.append((server, thread))
        return self

    def __exit__(self, *_: object) -> None:
        for server, thread in self._serving:
            # A tracer that raised has ended a thread before it served; shutdown would wait for it for ever.
            if thread.is_alive():
                server.shutdown()
            server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._hub.server_port}"

    @property
    def storage_url(self) -> str:
        return f"http://127.0.0.1:{self._storage.server_port}"

    def environment(self, cache: Path, token: str | None = GRANTED) -> dict[str, str]:
        """Variables that point the client of a child process here."""
        return {"HF_ENDPOINT": self.url, "HF_HOME": str(cache)} | ({"HF_TOKEN": token} if token else {})

    def commit(self, repository: str) -> str:
        """The commit of a repository: another one whenever a file changes."""
        digest = hashlib.sha1(repository.encode())
        for name, path in self.files(repository).items():
            digest.update(f"{name} {sha256_of(path)}\n".encode())
        return digest.hexdigest()

    def move(self, repository: str, folder: Path) -> None:
        """Let the branch point at `folder`; what it pointed at stays there under its commit."""
        self._past[self.commit(repository)] = self.repositories[repository]
        self.repositories[repository] = folder

    def files(self, repository: str, commit: str = "main") -> dict[str, Path]:
        folder = self._past.get(commit, self.repositories[repository])
        return {
            path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
        }

    def is_past(self, commit: str) -> bool:
        return commit in self._past

    def fetched(self, server: str = "storage") -> list[str]:
        """Names of the files whose bytes were asked for."""
        return [
            one.path.rsplit("/", 1)[-1]
            for one in self.asked
            if one.server == server and one.method == "GET" and "/api/" not in one.path
        ]

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)

    def cut(self, name: str) -> int | None:
        """After how many bytes the next transfer of `name` breaks off, or None."""
        with self._lock:
            if name not in self.faults.cut_after or self.faults.cuts <= 0:
                return None
            self.faults.cuts -= 1
            return self.faults.cut_after[name]


def _server(hub: HubServer, name: str) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"hub": hub, "name": name})
    return _Quiet(("127.0.0.1", 0), handler)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that was killed says nothing to us, and neither do we."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: HubServer
    name: str

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def log_message(self, *_: object) -> None:
        pass

    def answer(self) -> None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ") or None
        self.hub.note(Asked(self.name, self.command, self.path, self.headers.get("Range"), token))
        path = unquote(urlsplit(self.path).path)
        if self.hub.faults.not_a_hub:
            self.say(200, b"<html>Welcome</html>", {"Content-Type": "text/html"})
        elif self.name == "storage":
            self.stored(path)
        elif token not in (None, GRANTED, NOT_GRANTED):
            self.refuse(401, "", "Invalid credentials in Authorization header")
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            self.info(found[1], found[2] or "main", token)
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self.resolve(found[1], found[2], found[3], token)
        else:
            self.refuse(404, "", "Not found")

    def info(self, repository: str, revision: str, token: str | None) -> None:
        if self.known(repository, revision, token):
            files = [{"rfilename": name} for name in self.hub.files(repository, revision)]
            commit = revision if self.hub.is_past(revision) else self.hub.commit(repository)
            gated = "manual" if repository in self.hub.gated else False
            body = {"_id": "1", "id": repository, "modelId": repository, "private": False, "gated": gated}
            body |= {"sha": commit, "siblings": files, "tags": []}
            self.say(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def resolve(self, repository: str, revision: str, name: str, token: str | None) -> None:
        if not self.known(repository, revision, token):
            return
        commit = revision if self.hub.is_past(revision) else self.hub.commit(repository)
        path = self.hub.files(repository, revision).get(name)
        if repository in self.hub.gated and token != GRANTED:
            self.refuse(401 if token is None else 403, "GatedRepo", f"Access to {repository} is restricted.")
        elif path is None:
            self.refuse(404, "EntryNotFound", "Entry not found", {"X-Repo-Commit": commit})
        elif is_large(path):
            linked = {"X-Linked-Etag": f'"{sha256_of(path)}"', "X-Linked-Size": str(path.stat().st_size)}
            if self.hub.faults.unhashed:
                linked = {}
            where = {"Location": f"{self.hub.storage_url}/{repository}/{commit}/{name}"}
            self.say(302, b"", {"X-Repo-Commit": commit, **linked, **where})
        else:
            body = path.read_bytes()
            git = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()
            self.say(200, body, {"X-Repo-Commit": commit, "ETag": f'"{git}"'})

    def known(self, repository: str, revision: str, token: str | None) -> bool:
        if repository not in self.hub.repositories:
            self.refuse(404 if token else 401, "RepoNotFound", "Repository not found")
            return False
        if revision not in ("main", self.hub.commit(repository)) and not self.hub.is_past(revision):
            self.refuse(404, "RevisionNotFound", "Invalid rev id")
            return False
        return True

    def stored(self, path: str) -> None:
        """Bytes of a large file, or what goes wrong with them."""
        faults = self.hub.faults
        _, owner, short, commit, name = path.split("/", 4)
        file = self.hub.files(f"{owner}/{short}", commit)[name]
        if file.name in faults.status:
            self.refuse(faults.status[file.name], "", "Out of order")
            return
        body = file.read_bytes()
        if file.name in faults.wrong:
            body = body[:-1] + bytes([body[-1] ^ 1])
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(wanted[1]) if wanted and file.name not in faults.no_ranges else 0
        if start and start >= len(body):
            self.say(416, b"", {"Content-Range": f"bytes */{len(body)}"})
            return
        headers = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if start else {}
        self.head(206 if start else 200, len(body) - start, headers)
        if self.command == "GET":
            self.send(body[start:], self.hub.cut(file.name))

    def send(self, body: bytes, cut: int | None) -> None:
        for place in range(0, len(body[:cut]), CHUNK):
            self.wfile.write(body[:cut][place : place + CHUNK])
            time.sleep(self.hub.faults.pause_s)
        if cut is not None and cut < len(body):
            self.wfile.flush()
            self.close_connection = True

    def refuse(self, status: int, code: str, message: str, headers: Mapping[str, str] = {}) -> None:
        told = {"X-Error-Code": code, "X-Error-Message": message} if code else {"X-Error-Message": message}
        self.say(status, json.dumps({"error": message}).encode(), {**told, **headers})

    def say(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.head(status, len(body), headers)
        if self.command == "GET":
            self.wfile.write(body)

    def head(self, status: int, length: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()


def sha256_of(path: Path) -> str:
    found = path.stat()
    return _sha256(path, found.st_size, found.st_mtime_ns)


@cache
def _sha256(path: Path, nbytes: int, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_large(path: Path) -> bool:
    return path.stat().st_size >= LARGE or path.suffix in (".safetensors", ".bin", ".h5", ".msgpack", ".npz")


def point_client(hub: HubServer, cache: Path, patch: Any, token: str | None = GRANTED) -> None:
    """Point the client of this very process at `hub`; `patch` is pytest's monkeypatch."""
    from huggingface_hub import close_session, constants

    close_session()  # a connection kept alive may lead to an earlier server on the same port
    patch.setattr(constants, "ENDPOINT", hub.url)
    patch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.url + "/{repo_id}/resolve/{revision}/{filename}"
    )
    patch.setattr(constants, "HF_HUB_CACHE", str(cache / "hub"))
    patch.setattr(constants, "HF_TOKEN_PATH", str(cache / "token"))
    patch.setattr(constants, "HF_HUB_OFFLINE", False)
    patch.delenv("HF_TOKEN", raising=False)
    if token:
        patch.setenv("HF_TOKEN", token)


if __name__ == "__main__":
    with HubServer.of_stand_ins(Path(sys.argv[1])) as served:
        print(f"HF_ENDPOINT={served.url} HF_TOKEN={GRANTED}")
        threading.Event().wait()
