"""Pictures of unknown cases: each under a name that nobody can guess, as pixels and nothing else.

They do not go through Streamlit's own media, whose names are made of the content, so that a picture of the
library could be known again by its name.
"""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from assistant.pages.desk import installation_here
from store.errors import CaseError
from tools.language.sayings import say

if TYPE_CHECKING:
    from starlette.requests import Request

    from assistant.build import Services

_PLACE = "/teaching/{token}/{number}.png"
# A picture may be of a person: nobody between us and the browser keeps it.
_HEADERS = {"cache-control": "private, no-store"}


def routes() -> list[Route]:
    """Where the page's server gives the pictures of unknown cases."""
    return [Route(_PLACE, _picture, methods=["GET"])]


def picture_tag(token: str, number: int, alt: str) -> str:
    """HTML that shows a slice, counted from 0."""
    return f'<img class="cb-case" src="/teaching/{escape(token)}/{number}.png" alt="{escape(alt)}">'


def _picture(request: Request) -> Response:
    here = installation_here()
    services = None if here is None else here.assistant.services
    data = _png(services, request.path_params["token"], request.path_params["number"]) if services else None
    if data is None:
        return Response(say("teach.no_picture"), status_code=404, headers=_HEADERS)
    return Response(data, media_type="image/png", headers=_HEADERS)


def _png(services: Services, token: str, number: str) -> bytes | None:
    """A slice as PNG, made of pixels alone; None where the name is nobody's or there is no such slice."""
    from PIL import Image as PillowImage

    found = services.teaching.sessions.handed_out(token)
    if found is None or not number.isdecimal():
        return None
    _, session_id, position, at = found
    case = services.teaching.sessions.held(session_id)[position - 1][2]
    try:
        image = services.teaching.images.get(case.images[at].key)
    except CaseError:
        return None
    if int(number) >= image.frame_count:
        return None
    out = io.BytesIO()
    PillowImage.fromarray(image.at(int(number)).pixels).save(out, "PNG")
    return out.getvalue()
