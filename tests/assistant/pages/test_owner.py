"""Whose chats a browser sees: the cookie that the server sets."""

from __future__ import annotations

import asyncio

import pytest

from assistant.pages import owner


def visit(headers: list[tuple[bytes, bytes]], kind: str = "http", method: str = "GET") -> list[str]:
    """The cookies set when a browser with these headers asks the server for something."""
    sent: list[dict[str, object]] = []

    async def page(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": kind, "method": method, "scheme": "http", "headers": headers}
    asyncio.run(owner.OwnerCookie(page)(scope, None, send))  # type: ignore[arg-type]
    return [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]  # type: ignore[attr-defined]


HTML = (b"accept", b"text/html,*/*")


def test_a_new_browser_gets_a_token_that_scripts_cannot_read() -> None:
    (first,), (second,) = visit([HTML]), visit([HTML])
    assert "HttpOnly" in first
    assert "SameSite=Lax" in first
    assert first != second
    token = first.split(";")[0].removeprefix(f"{owner.COOKIE}=")
    assert len(token) >= 43


def test_a_known_browser_keeps_its_token() -> None:
    (first,) = visit([HTML])
    pair = first.split(";")[0].encode()
    (again,) = visit([HTML, (b"cookie", b"other=1; " + pair)])
    assert again.startswith(pair.decode())


@pytest.mark.parametrize(
    "other", [b'prefs={"dark": true, "n": [1, 2]}', b"=", b"a b=c", b"\xff\xfe=1", b"x=a,b;;", b'q="open']
)
def test_cookies_of_other_programs_do_not_cost_a_browser_its_token(other: bytes) -> None:
    (first,) = visit([HTML])
    pair = first.split(";")[0].encode()
    for cookies in ([other + b"; " + pair], [pair + b"; " + other], [other, pair]):
        (again,) = visit([HTML, *((b"cookie", one) for one in cookies)])
        assert again.startswith(pair.decode())


def test_a_link_from_another_site_brings_the_cookie_so_that_nothing_replaces_it() -> None:
    (new,) = visit([HTML, (b"sec-fetch-site", b"cross-site"), (b"sec-fetch-dest", b"document")])
    assert "SameSite=Lax" in new
    assert "SameSite=Strict" not in new


@pytest.mark.parametrize("place", [b"iframe", b"frame", b"embed", b"object", b"empty"])
def test_where_a_browser_holds_its_cookie_back_no_other_is_set_over_it(place: bytes) -> None:
    held_back = [HTML, (b"sec-fetch-site", b"cross-site"), (b"sec-fetch-dest", place)]
    assert visit(held_back) == []


@pytest.mark.parametrize("value", [b"short", b"x" * 200, b"\xff" * 50, b'"a b"', b"a" * 39 + b"<"])
def test_a_token_that_we_did_not_make_is_replaced(value: bytes) -> None:
    (cookie,) = visit([HTML, (b"cookie", owner.COOKIE.encode() + b"=" + value)])
    assert not cookie.encode().startswith(owner.COOKIE.encode() + b"=" + value + b";")


@pytest.mark.parametrize("other", [b"a:b=1", b"@=1", b'c="\\', b"=", b"no value", b"\xff=\xff"])
def test_cookies_of_other_programs_do_not_hide_the_token(other: bytes) -> None:
    ours = owner.COOKIE.encode() + b"=" + b"a" * 43
    for cookies in (ours + b"; " + other, other + b"; " + ours):
        (again,) = visit([HTML, (b"cookie", cookies)])
        assert again.encode().startswith(ours + b";")


def test_only_pages_carry_the_cookie() -> None:
    assert visit([(b"accept", b"image/png")]) == []
    assert visit([HTML], method="POST") == []
