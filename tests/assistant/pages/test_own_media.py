"""Media addresses of the page: only the browser that shows a picture may fetch it."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime.media_file_manager import MediaFileManager

from assistant.pages import own_media
from assistant.pages.own_media import OwnMedia
from assistant.pages.owner import COOKIE, _name

MINE, OTHER = "m" * 43, "o" * 43


@pytest.fixture
def held() -> dict[str, dict[str, str]]:
    """What two tabs show: the first in a browser with a cookie, the second in one that keeps none."""
    return {"tab-1": {"place": "0123"}, "tab-2": {"place": "4567"}}


@pytest.fixture
def page(held: dict[str, dict[str, str]]) -> TestClient:
    def give(_: object) -> PlainTextResponse:
        return PlainTextResponse("a picture")

    app = Starlette(
        routes=[Route("/media/{file}", give), Route("/other", give)],
        middleware=[
            Middleware(
                OwnMedia,
                held=lambda: held,
                browsers={"tab-1": _name(MINE), "tab-2": None},
                taken=lambda: {"89ab"},
                kept=lambda: {"0123", "4567", "89ab"},
            ),
        ],
    )
    return TestClient(app)


def fetched(page: TestClient, path: str, token: str = "") -> int:
    page.cookies.clear()
    headers = {"cookie": f"{COOKIE}={token}"} if token else {}
    return page.get(path, headers=headers).status_code


def test_a_picture_is_given_to_the_browser_that_shows_it_and_to_no_other(page: TestClient) -> None:
    assert fetched(page, "/media/0123.png", MINE) == 200
    assert fetched(page, "/media/0123.png", OTHER) == 404
    assert fetched(page, "/media/0123.png") == 404
    assert fetched(page, "/media/0123") == 404


def test_a_picture_that_no_tab_shows_any_more_is_given_to_nobody(
    page: TestClient, held: dict[str, dict[str, str]]
) -> None:
    held["tab-1"].clear()
    assert fetched(page, "/media/0123.png", MINE) == 404
    assert fetched(page, "/media/never.png", MINE) == 404


@pytest.mark.parametrize(("token", "status"), [(MINE, 200), (OTHER, 404)])
def test_while_a_page_is_drawn_anew_its_picture_is_waited_for(
    page: TestClient,
    held: dict[str, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    status: int,
) -> None:
    held["tab-1"].clear()

    async def drawn_meanwhile(_: float) -> None:
        held["tab-1"]["another place"] = "0123"

    monkeypatch.setattr(own_media.asyncio, "sleep", drawn_meanwhile)
    assert fetched(page, "/media/0123.png", token) == status


def test_a_file_that_was_made_to_be_downloaded_goes_to_browsers_that_have_the_page_open(
    page: TestClient,
) -> None:
    assert fetched(page, "/media/89ab.html", MINE) == 200
    assert fetched(page, "/media/89ab.html", OTHER) == 404


def test_a_browser_without_cookies_gets_what_it_shows(page: TestClient) -> None:
    assert fetched(page, "/media/4567.png") == 200
    assert fetched(page, "/media/4567.png", OTHER) == 404


def test_everything_else_passes(page: TestClient) -> None:
    assert fetched(page, "/other") == 200


def test_streamlit_keeps_what_each_tab_shows_where_it_is_read() -> None:
    assert MediaFileManager(storage=None)._files_by_session_and_coord == {}  # type: ignore[arg-type]
    assert MediaFileManager(storage=None)._file_metadata == {}  # type: ignore[arg-type]
