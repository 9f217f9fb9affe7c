"""The library with its vectors in its folder and on a real Chroma server: the same answers."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import numpy as np
import pytest

from store.cases import search as case_search
from store.cases.case import CaseFilter
from store.cases.index import open_index
from store.cases.library import Library
from store.cases.server import ServerPlace
from store.encoders import built_in_encoders
from store.errors import SetupError
from store.pictures.blobs import BlobStore
from tests.inputs.case_library import mole, moles, read, unknown
from tests.servers.chroma_server import ChromaServer

SKIN = built_in_encoders()[0]
NAME = SKIN.name


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, process: None) -> Iterator[ChromaServer]:
    running = ChromaServer(tmp_path_factory.mktemp("chroma"))
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return moles(tmp_path_factory.mktemp("set"), 24)


@pytest.fixture
def always_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small collections ask the graph too, as large ones do."""
    monkeypatch.setattr(case_search, "FEW_NUMBERS", 0)
    monkeypatch.setattr(case_search, "_STEPS", 0)


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest) -> ServerPlace | None:
    if request.param == "folder":
        return None
    running: ChromaServer = request.getfixturevalue("server")
    return ServerPlace(running.url)


def library(root: Path, place: ServerPlace | None) -> Library:
    return Library(root, BlobStore(root / "pictures"), place=place)


@pytest.mark.usefixtures("always_asked", "server")
def test_cases_are_imported_found_filtered_relabelled_removed_and_rebuilt(
    tmp_path: Path, table: Path, place: ServerPlace | None
) -> None:
    shelf = library(tmp_path, place)
    assert shelf.import_csv(table, read, unknown).added == 24
    assert shelf.import_csv(table, read, unknown).already_there == 24
    query = mole(500)
    found = shelf.search(query, "dermatology", k=5)
    _, _, _, vectors = shelf.vectors(NAME)
    exact = np.sort(vectors @ SKIN.encode(query))[::-1][:5]
    assert np.allclose([match.similarity for match in found.matches], exact, atol=1e-4)
    reds = shelf.search(query, "dermatology", where=CaseFilter(label=("Angioma",))).matches
    assert {match.label for match in reds} == {"angioma"}
    itself = shelf.search(mole(3, (70, 40, 30), radius=0.36), "dermatology", k=100)
    assert itself.same is not None
    assert len(itself.matches) == 22  # without itself and the other of its group
    shelf.relabel(found.matches[0].case_id, "wart")
    assert shelf.search(query, "dermatology", k=5).matches[0].label == "wart"
    assert shelf.remove([found.matches[0].case_id]) == 1
    again = shelf.search(query, "dermatology", k=100).matches
    assert len(again) == shelf.count() == 23
    assert again[0].case_id == found.matches[1].case_id
    assert shelf.index.differing() == {}
    assert shelf.rebuild() == ({NAME: 23}, [])
    assert [match.case_id for match in shelf.search(query, "dermatology", k=100).matches] == [
        match.case_id for match in again
    ]
    assert shelf.drop(NAME) == 23
    assert shelf.count() == 0


def graph_asked(shelf: Library) -> bool:
    with shelf.index.reading() as session:
        held = session.any_collection(NAME)
        assert held is not None
        return shelf.index.near(held, held.vectors[0], 1) is not None


def test_a_library_moves_to_a_server_and_back_and_says_so_where_it_was_not_moved(
    tmp_path: Path, table: Path, server: ChromaServer
) -> None:
    before = server.collections()
    here, there = library(tmp_path, None), library(tmp_path, ServerPlace(server.url))
    here.import_csv(table, read, unknown)
    with pytest.raises(SetupError, match=r"lies in the library folder.*casebook library rebuild"):
        there.search(mole(500), "dermatology")
    assert there.rebuild() == ({NAME: 24}, [])
    assert graph_asked(there)
    assert [*(tmp_path / "index").iterdir()] == []
    (graph,) = set(server.collections()) - set(before)
    with pytest.raises(SetupError, match=r"lies on the server http://127\.0\.0\.1"):
        here.import_csv(table, read, unknown)
    made, left = here.rebuild()
    assert made == {NAME: 24}
    assert [one.split()[0] for one in left] == [graph]
    assert graph_asked(here)
    there.rebuild()  # and once more there, which takes away what was left
    assert graph not in server.collections()


def test_nothing_on_the_server_tells_a_word_of_a_case(
    tmp_path: Path, table: Path, server: ChromaServer
) -> None:
    shelf = library(tmp_path, ServerPlace(server.url))
    before = set(server.collections())
    shelf.import_csv(table, read, unknown)
    (graph,) = set(server.collections()) - before
    path = f"{server.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
    (told,) = [one for one in httpx.get(path, timeout=30).json() if one["name"] == graph]
    got = httpx.post(f"{path}/{told['id']}/get", json={"include": ["metadatas", "documents"]}, timeout=30)
    assert len(got.json()["ids"]) == 24
    assert "nevus" not in got.text
    assert "p0" not in got.text


def test_a_server_killed_in_the_middle_is_a_sentence_and_what_was_kept_is_there_again(
    tmp_path: Path,
    table: Path,
    process: None,
) -> None:
    running = ChromaServer(tmp_path / "chroma")
    running.start()
    shelf = library(tmp_path / "library", ServerPlace(running.url))
    shelf.import_csv(table, read, unknown)
    more = moles(tmp_path / "more", 6, first=50)
    try:
        with pytest.raises(SetupError, match="does not answer"), shelf.index.writing():
            running.kill()
            shelf.index._ledger.mark_busy(NAME)
        with pytest.raises(SetupError, match="does not answer"):
            shelf.import_csv(more, read, unknown)
        assert shelf.count() == 24
        running.start()
        assert shelf.import_csv(more, read, unknown).added == 6
        assert shelf.index.differing() == {}
        assert graph_asked(shelf)
    finally:
        running.kill()


def test_a_tenant_and_a_database_that_are_not_there_are_named(tmp_path: Path, server: ChromaServer) -> None:
    place = ServerPlace(server.url, tenant="ward", database="skin")
    table = moles(tmp_path / "set", 2)
    with pytest.raises(SetupError, match="no database 'skin' of a tenant 'ward'"):
        library(tmp_path / "l", place).import_csv(table, read, unknown)
    server.make_database("ward", "skin")
    assert library(tmp_path / "l", place).import_csv(table, read, unknown).added == 2
    assert len(server.collections("ward", "skin")) == 1


class Gatekeeper(BaseHTTPRequestHandler):
    """Lets through to the server what carries the token."""

    behind = ""

    def _pass_on(self) -> None:
        if self.headers.get("Authorization") != "Bearer sesame":
            self.send_response(401)
            self.end_headers()
            self.wfile.write(b"who are you")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = httpx.request(self.command, self.behind + self.path, content=body, timeout=60)
        self.send_response(told.status_code)
        self.send_header("Content-Length", str(len(told.content)))
        self.end_headers()
        self.wfile.write(told.content)

    do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815 - the names that `http.server` calls

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def gate(tmp_path: Path, server: ChromaServer) -> Iterator[tuple[str, Path]]:
    """URL and certificate of a proxy over TLS that asks for a token."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    handler = type("Handler", (Gatekeeper,), {"behind": server.url})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        proxy.socket = context.wrap_socket(proxy.socket, server_side=True)
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://127.0.0.1:{proxy.server_address[1]}", certificate
        proxy.shutdown()
        thread.join()


def test_a_token_and_the_certificate_of_an_own_authority_open_a_server(
    tmp_path: Path, gate: tuple[str, Path]
) -> None:
    url, certificate = gate
    table = moles(tmp_path / "set", 2)
    with pytest.raises(SetupError, match="does not answer"):
        library(tmp_path / "l", ServerPlace(url, "sesame")).import_csv(table, read, unknown)
    with pytest.raises(SetupError, match="does not let Casebook in") as refused:
        library(tmp_path / "l", ServerPlace(url, "melon", certificate)).import_csv(table, read, unknown)
    assert "melon" not in str(refused.value)
    with pytest.raises(SetupError, match="library_certificate"):
        library(tmp_path / "l", ServerPlace(url, "sesame", tmp_path / "none")).import_csv(
            table, read, unknown
        )
    place = ServerPlace(url, "sesame", certificate)
    assert library(tmp_path / "l", place).import_csv(table, read, unknown).added == 2
    assert "sesame" not in repr(place)
    assert "sesame" not in (tmp_path / "l" / "cases.sqlite3").read_bytes().decode("latin-1")


def test_one_index_serves_a_folder_and_a_place(tmp_path: Path) -> None:
    first = open_index(tmp_path, ServerPlace("http://localhost:1"))
    assert open_index(tmp_path, ServerPlace("http://localhost:1")) is first
    assert open_index(tmp_path) is not first
