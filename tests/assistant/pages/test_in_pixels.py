"""What the page asks where text or a face was found in a picture that was sent; without a browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage
from streamlit.testing.v1 import AppTest

from assistant.pages import desk, in_pixels, main
from assistant.pages.wish import Wish
from assistant.turn import private_pixels
from assistant.turn.private_pixels import Seen
from store.pictures.image import Image
from tests.assistant.turn.test_private_pixels import ScriptedFinder
from tools.burned_in.boxes import Box

pytestmark = [pytest.mark.usefixtures("packages_searched_once"), pytest.mark.process]
QUESTION = "What is this, please?"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation that asks, in which one place of text is found in every picture that is not black."""
    monkeypatch.setenv("CASEBOOK_BURNED_IN", "ask")
    monkeypatch.setattr(private_pixels.finder, "available", lambda: True)
    monkeypatch.setattr(private_pixels.faces, "available", lambda: False)
    monkeypatch.setattr(private_pixels.PrivatePixels, "seekers", {"text": OfLightPictures("text")})
    desk._HELD.clear()
    yield
    desk._HELD.clear()


class OfLightPictures(ScriptedFinder):
    """Stands in for the model: finds a place in light pictures."""

    def find(self, picture, *, read=False):  # type: ignore[no-untyped-def]
        return super().find(picture, read=read) if picture.mean() > 100 else []


def png(grey: int) -> bytes:
    file = io.BytesIO()
    PillowImage.fromarray(np.full((128, 128), grey, np.uint8)).save(file, "PNG")
    return file.getvalue()


def sent(*greys: int) -> AppTest:
    app = AppTest.from_file(str(Path(main.__file__)), default_timeout=120)
    app.session_state["wish"] = Wish(QUESTION, tuple(map(png, greys)))
    return app.run()


def shown(app: AppTest) -> str:
    kinds = ("title", "header", "markdown", "caption", "error", "info", "warning", "html", "text")
    return "\n".join(str(one.value) for kind in kinds for one in app.get(kind))


def chosen(app: AppTest, choice: str) -> AppTest:
    return app.button(key=f"undecided-{choice}").click().run()


def kept(home: Path) -> list[Path]:
    return [path for place in ("images", "pictures") for path in (home / place).rglob("*") if path.is_file()]


def answered(app: AppTest) -> AppTest:
    (held,) = desk._HELD
    for _ in range(600):
        running = held.turns.get(app.query_params["chat"][0])
        if running is None:
            break
        running.wait(0.1)
    return app.run()


def test_the_user_is_asked_with_what_was_found_and_nothing_is_kept(home: Path) -> None:
    app = sent(200)
    assert "Does this tell who somebody is?" in shown(app)
    assert "Nothing was kept or sent yet" in shown(app)
    assert "Picture 1: text (top left)" in shown(app).replace("\\", "")
    labels = [button.label for button in app.button]
    assert {"Mask it and go on", "Keep it: it names nobody", "Do not use this picture"} <= set(labels)
    assert not kept(home)
    assert "chat" not in app.query_params
    assert QUESTION.encode() not in b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_one_click_masks_and_asks(home: Path) -> None:
    app = answered(chosen(sent(200), "mask"))
    assert "text was found in the pixels and masked before anything was kept: 1 place" in shown(app)
    assert "Does this tell" not in shown(app)
    assert kept(home)


def test_what_the_user_says_names_nobody_is_kept_as_it_is_and_said() -> None:
    app = answered(chosen(sent(200), "keep"))
    assert "you said that the text or face found in it names nobody" in shown(app)


def test_a_picture_that_is_not_to_be_used_is_forgotten_and_the_question_is_back_in_the_box(
    home: Path,
) -> None:
    app = chosen(sent(200), "leave out")
    assert not kept(home)
    assert app.chat_input[0].proto.value == QUESTION
    assert "Does this tell" not in shown(app)


def test_other_pictures_go_on_without_it(home: Path) -> None:
    app = sent(200, 20)
    assert "Picture 1" in shown(app) and "Picture 2" not in shown(app)
    app = answered(chosen(app, "leave out"))
    assert "1 picture(s) with text or a face in them were not used" in shown(app)
    (held,) = desk._HELD
    services = held.assistant.services
    (chat,) = services.conversations.chats(None)
    (image,) = services.conversations.images(chat.id)
    assert services.images.get(image.key).frames.mean() == 20


def test_a_picture_without_anything_is_not_asked_about() -> None:
    app = sent(20)
    assert "Does this tell" not in shown(app)
    assert "chat" in app.query_params


def test_the_frames_lie_around_what_was_found_and_the_rest_is_as_it_was() -> None:
    corners = np.array([[40, 40], [80, 40], [80, 60], [40, 60]], float)
    seen = Seen(Image(np.full((1, 128, 128), 90, np.uint8), "PNG"), [Box(corners)])
    picture = np.asarray(PillowImage.open(io.BytesIO(in_pixels.framed(seen)))).astype(int)
    assert picture.shape == (128, 128, 3)
    assert picture[40, 60, 0] > 150 > picture[40, 60, 2] + 60  # yellow
    assert abs(picture[50, 60] - 90).max() < 12
    assert abs(picture[100:, :] - 90).max() < 12
