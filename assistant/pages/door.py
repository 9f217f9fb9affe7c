"""What every request to the page passes before Streamlit sees it, from the outside in."""

from __future__ import annotations

from starlette.middleware import Middleware

from assistant.pages.address import OnlyHere, refusal
from assistant.pages.headers import SafetyHeaders
from assistant.pages.origin import OwnPageOnly
from assistant.pages.own_media import OwnMedia
from assistant.pages.owner import OwnerCookie
from assistant.pages.sign_in import SignIn
from assistant.pages.uploads import Uploads
from assistant.settings import load_settings
from store.class_code import ClassCode
from store.errors import SetupError


def guards(address: str | None) -> list[Middleware]:
    """The middleware of the page, for a server that listens at an address.

    Raises:
        SystemExit: with the sentence why the page does not start: it may not be served there, or a setting is
            not acceptable.
    """
    try:
        settings = load_settings()
    except SetupError as error:
        raise SystemExit(str(error)) from error
    code = ClassCode(settings.home)
    if why := refusal(address, code):
        raise SystemExit(why)
    return [
        Middleware(SafetyHeaders),
        Middleware(OnlyHere, code=code),
        Middleware(OwnPageOnly, code=code),
        Middleware(OwnerCookie),
        Middleware(SignIn, code=code),
        Middleware(OwnMedia),
        Middleware(Uploads, most_mb=settings.uploads_mb),
    ]
