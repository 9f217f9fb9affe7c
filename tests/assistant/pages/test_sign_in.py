"""The door of the page: who gets past it, and what everybody else gets."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.pages import sign_in
from assistant.pages.owner import COOKIE, OwnerCookie
from assistant.pages.sign_in import ADMISSION, SignIn
from store.class_code import ClassCode
from tools.language.sayings import say

CODE = "seven quiet owls"
HTML = {"accept": "text/html"}
PATHS = [
    "/",
    "/library",
    "/media/0123.png",
    "/_stcore/upload_file/a/b",
    "/_stcore/host-config",
    "/static/x.js",
]


async def inside(request: object) -> PlainTextResponse:
    """What lies behind the door."""
    return PlainTextResponse("inside")


async def stream(websocket: WebSocket) -> None:
    """The websocket behind the door."""
    await websocket.accept()
    await websocket.send_text("inside")
    await websocket.close()


@pytest.fixture
def code(home: Path, cheap_class_codes: None) -> ClassCode:
    """A class code whose hash costs little, as many are made here."""
    made = ClassCode(home)
    made.set(CODE)
    return made


def browser(code: ClassCode, address: str = "192.0.2.7") -> TestClient:
    """A browser that was never here."""
    methods = ["GET", "POST", "PUT", "DELETE"]
    app = Starlette(
        routes=[WebSocketRoute("/_stcore/stream", stream), Route("/{path:path}", inside, methods=methods)],
        middleware=[Middleware(OwnerCookie), Middleware(SignIn, code=code)],
    )
    return TestClient(app, follow_redirects=False, client=(address, 50000))


def enter(visitor: TestClient, typed: str, path: str = "/") -> int:
    """Open the page and type a code; the answer's status."""
    visitor.get("/", headers=HTML)
    return visitor.post(path, data={"code": typed}, headers=HTML).status_code


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_without_the_code_nothing_behind_the_door_is_reached(
    code: ClassCode, path: str, method: str, accept: str
) -> None:
    visitor = browser(code)
    visitor.get("/", headers=HTML)
    answer = visitor.request(method, path, headers={"accept": accept})
    assert answer.status_code == 403
    assert "inside" not in answer.text
    if method != "POST":
        assert ("<form" in answer.text) is (accept == "text/html")


@pytest.mark.parametrize("cookies", [{}, {ADMISSION: "0" * 64}, {COOKIE: "a" * 43, ADMISSION: ""}])
def test_without_the_code_no_websocket_opens(code: ClassCode, cookies: dict[str, str]) -> None:
    visitor = browser(code)
    visitor.cookies.update(cookies)
    with pytest.raises(WebSocketDisconnect), visitor.websocket_connect("/_stcore/stream"):
        pass


def test_the_code_opens_everything_for_the_browser_that_gave_it(code: ClassCode) -> None:
    visitor = browser(code)
    assert enter(visitor, CODE) == 303
    for path in PATHS:
        assert visitor.get(path, headers=HTML).text == "inside"
    with visitor.websocket_connect("/_stcore/stream") as opened:
        assert opened.receive_text() == "inside"
    assert browser(code).get("/", headers=HTML).status_code == 403


def test_after_the_code_the_browser_is_where_it_wanted_to_go_and_nowhere_else(code: ClassCode) -> None:
    visitor = browser(code)
    visitor.get("/", headers=HTML)
    answer = visitor.post("//page.example.org/x?chat=abc", data={"code": CODE})
    assert answer.headers["location"] == "/?chat=abc"


def test_an_admission_is_worth_nothing_with_another_token(code: ClassCode) -> None:
    visitor, thief = browser(code), browser(code)
    enter(visitor, CODE)
    thief.get("/", headers=HTML)
    thief.cookies.set(ADMISSION, visitor.cookies[ADMISSION])
    assert thief.get("/", headers=HTML).status_code == 403


def test_another_code_signs_everybody_out_while_the_page_runs(code: ClassCode) -> None:
    visitor = browser(code)
    enter(visitor, CODE)
    code.set("eight loud owls")
    assert visitor.get("/", headers=HTML).status_code == 403
    assert enter(visitor, CODE) == 403
    assert enter(visitor, "eight loud owls") == 303


def test_where_no_code_is_set_nobody_is_asked(home: Path) -> None:
    visitor = browser(ClassCode(home))
    assert visitor.get("/", headers=HTML).text == "inside"
    with visitor.websocket_connect("/_stcore/stream") as opened:
        assert opened.receive_text() == "inside"


def test_whether_the_server_lives_can_be_asked_without_the_code(code: ClassCode) -> None:
    assert browser(code).get("/_stcore/health").text == "inside"
    assert browser(code).get("/_stcore/health/../stream").status_code == 403


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_form_speaks_the_language_of_the_browser(code: ClassCode, language: str) -> None:
    answer = browser(code).get("/", headers=HTML | {"accept-language": f"{language}-XX,fr;q=0.5"})
    assert f'lang="{language}"' in answer.text
    assert say("sign_in.label", language) in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_wrong_code_is_told_and_never_shown_or_logged(
    code: ClassCode, logged: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)
    visitor = browser(code)
    visitor.get("/", headers=HTML)
    for typed in ("<script>wrong</script>", CODE):
        answer = visitor.post("/", data={"code": typed}, headers=HTML)
        assert typed not in answer.text
        assert ("not the class code" in answer.text) is (typed != CODE)
    told = " ".join(record.getMessage() for record in logged)
    assert CODE not in told
    assert "script" not in told


@pytest.mark.parametrize("body", [b"", b"code=", b"\xff\xfe", b"code=" + b"x" * 10_000, b"a=b", b"[1]"])
def test_what_is_no_form_of_ours_is_a_wrong_code(code: ClassCode, body: bytes) -> None:
    visitor = browser(code)
    visitor.get("/", headers=HTML)
    answer = visitor.post("/", content=body)
    assert answer.status_code == 403
    assert "not the class code" in answer.text


def test_a_browser_without_cookies_is_told_why_it_cannot_enter(code: ClassCode) -> None:
    answer = browser(code).post("/", data={"code": CODE})
    assert answer.status_code == 403
    assert "cookie" in answer.text
    assert ADMISSION not in answer.headers.get("set-cookie", "")


@pytest.fixture
def door(code: ClassCode) -> Iterator[Starlette]:
    """One door for several browsers."""
    made = SignIn(Starlette(routes=[Route("/", inside)]), code)
    yield OwnerCookie(made)  # type: ignore[misc]


def from_address(door: Starlette, address: str) -> TestClient:
    return TestClient(door, follow_redirects=False, client=(address, 50000))


def test_too_many_wrong_codes_from_one_address_end_the_tries_there_also_with_the_right_code(
    door: Starlette,
) -> None:
    for _ in range(sign_in._EACH):  # each time as a new browser
        assert enter(from_address(door, "192.0.2.7"), "wrong") == 403
    late = from_address(door, "192.0.2.7")
    late.get("/", headers=HTML)
    answer = late.post("/", data={"code": CODE})
    assert answer.status_code == 429
    assert "Wait 5 min" in answer.text
    assert enter(from_address(door, "192.0.2.8"), CODE) == 303


def test_all_addresses_of_one_ipv6_network_share_their_tries(door: Starlette) -> None:
    for number in range(sign_in._EACH):
        enter(from_address(door, f"2001:db8::{number:x}"), "wrong")
    assert enter(from_address(door, "2001:db8::ffff"), CODE) == 429
    assert enter(from_address(door, "2001:db8:0:1::1"), CODE) == 303


def test_right_codes_use_up_no_tries(door: Starlette) -> None:
    for _ in range(sign_in._EACH + 3):
        assert enter(from_address(door, "192.0.2.7"), CODE) == 303


def test_a_damaged_code_lets_nobody_in(code: ClassCode, home: Path) -> None:
    visitor = browser(code)
    enter(visitor, CODE)
    (home / "class-code.json").write_text("{}")
    assert visitor.get("/", headers=HTML).status_code == 403
    assert "casebook class-code" in visitor.post("/", data={"code": CODE}).text
