"""How much of what visitors send is in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from assistant.pages.uploads import Uploads

KIB = 2**10


@pytest.fixture
def files() -> MemoryUploadedFileManager:
    """What Streamlit holds files in."""
    return MemoryUploadedFileManager("/_stcore/upload_file")


@pytest.fixture
def page(files: MemoryUploadedFileManager) -> TestClient:
    """A server with room for 1 MiB, which takes files in as Streamlit does."""

    async def put(request: Request) -> PlainTextResponse:
        tab, name = request.path_params["tab"], request.path_params["file"]
        data = await request.body()
        files.add_file(tab, UploadedFileRec(file_id=name, name="x", type="x", data=data))
        return PlainTextResponse("taken")

    app = Starlette(
        routes=[Route("/_stcore/upload_file/{tab}/{file}", put, methods=["PUT", "POST"])],
        middleware=[Middleware(Uploads, most_mb=1, held=lambda: files.file_storage)],
    )
    return TestClient(app)


def send(page: TestClient, tab: str, file: str, size: int) -> int:
    return page.put(f"/_stcore/upload_file/{tab}/{file}", content=bytes(size)).status_code


def test_a_tab_may_fill_a_quarter_and_has_room_again_once_a_file_is_taken_back(
    page: TestClient, files: MemoryUploadedFileManager
) -> None:
    assert send(page, "a", "1", 200 * KIB) == 200
    assert send(page, "a", "2", 57 * KIB) == 413
    assert send(page, "a", "2", 56 * KIB) == 200
    assert send(page, "b", "1", 256 * KIB) == 200
    files.remove_file("a", "1")
    assert send(page, "a", "3", 200 * KIB) == 200


def test_all_tabs_together_fill_no_more_than_there_is(
    page: TestClient, files: MemoryUploadedFileManager
) -> None:
    for tab in "abcd":
        assert send(page, tab, "1", 250 * KIB) == 200
    assert send(page, "e", "1", 25 * KIB) == 413
    files.remove_session_files("a")
    assert send(page, "e", "1", 25 * KIB) == 200


def test_what_is_not_held_in_the_end_takes_no_room(page: TestClient) -> None:
    for _ in range(8):
        assert send(page, "a", "same", 200 * KIB) in (200, 413)
    assert send(page, "b", "1", 250 * KIB) == 200


def test_a_file_of_no_told_size_is_refused_unread(page: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        yield bytes(KIB)

    answer = page.put("/_stcore/upload_file/a/1", content=endless())
    assert answer.status_code == 411
    assert "size" in answer.text


def test_other_requests_pass(page: TestClient) -> None:
    assert page.post("/_stcore/upload_file/a/1", content=bytes(2**20)).status_code == 200


def test_what_is_just_coming_in_takes_room_already() -> None:
    answers: list[int] = []

    def scope(file: str) -> dict[str, object]:
        sizes = [(b"content-length", str(200 * KIB).encode())]
        return {"type": "http", "method": "PUT", "path": f"/_stcore/upload_file/a/{file}", "headers": sizes}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            answers.append(message["status"])  # type: ignore[arg-type]

    async def another_comes_meanwhile(one: object, receive: object, answer: object) -> None:
        await uploads(scope("2"), None, send)  # type: ignore[arg-type]

    uploads = Uploads(another_comes_meanwhile, most_mb=1, held=dict)
    asyncio.run(uploads(scope("1"), None, send))  # type: ignore[arg-type]
    assert answers == [413]
