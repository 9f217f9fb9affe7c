"""Where the library's vectors lie is one URL, and a wrong one is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.build import Services
from assistant.settings import load_settings
from store.errors import SetupError


def test_without_a_url_they_lie_in_the_library_folder() -> None:
    assert load_settings().library_place is None
    assert load_settings(library_url="").library_place is None


def test_a_url_with_all_its_company_names_a_place() -> None:
    place = load_settings(
        library_url="https://vectors.example:8443",
        library_remote=True,
        library_token="melon",
        library_certificate="~/own.pem",
        library_tenant="ward",
        library_database="skin",
    ).library_place
    assert place is not None
    assert place.name == "https://vectors.example:8443 ward/skin"
    assert place.certificate == Path("~/own.pem").expanduser()
    assert (place.token, "melon" in repr(place)) == ("melon", False)


@pytest.mark.parametrize(("url", "port"), [("http://h", 8000), ("https://h/", 443), ("http://[::1]:9", 9)])
def test_the_port_may_be_left_out(url: str, port: int) -> None:
    place = load_settings(library_url=url, library_remote=True).library_place
    assert place is not None
    assert place.name.split()[0] == f"{url.rstrip('/').removesuffix(f':{port}')}:{port}"


@pytest.mark.parametrize(
    "url",
    [
        "h:8000",
        "ftp://h",
        "http://",
        "http://ann:melon@h",
        "http://h/deep",
        "http://h:x",
        "http://h:0",
        "http://h?a",
    ],
)
def test_another_url_is_refused_with_what_is_accepted(url: str) -> None:
    with pytest.raises(SetupError, match="http://localhost:8000") as refused:
        _ = Services(load_settings(library_url=url)).library
    assert "melon" not in str(refused.value)


def test_a_server_elsewhere_takes_a_word_of_its_own() -> None:
    with pytest.raises(SetupError, match=r"leads to vectors\.example.*library_remote"):
        _ = load_settings(library_url="http://vectors.example:8000").library_place
    assert load_settings(library_url="http://localhost:8000").library_place is not None
