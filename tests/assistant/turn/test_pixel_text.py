"""Text in the pixels of pictures that come into a chat."""

import numpy as np
import pytest

from assistant import Assistant
from assistant.turn import pixel_text
from assistant.turn.pixel_text import PixelText, kinds
from store.errors import CaseError, SetupError
from store.pictures.image import Image
from tests.inputs.burned_in_text import ground, write
from tools.burned_in.boxes import Box


class ScriptedFinder:
    """Stands in for the model: finds one place until it is masked, of the kind that it is told."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def find(self, picture, *, read=False):
        corners = np.array([[10, 10], [60, 10], [60, 20], [10, 20]], float)
        return [Box(corners + 30 * number, kind) for number, kind in enumerate(self.kinds)]

    def find_again(self, picture):
        return []


def image(**more) -> Image:
    return Image(frames=np.full((1, 128, 128), 90, np.uint8), file_type="PNG", **more)


def text(policy, *found, keep=()) -> PixelText:
    made = PixelText(policy, keep)
    made.__dict__["finder"] = ScriptedFinder(*found)
    return made


def words(looked) -> str:
    return " ".join(remark.words("en") for remark in looked.told)


@pytest.fixture(autouse=True)
def there(monkeypatch):
    monkeypatch.setattr(pixel_text, "available", lambda: True)


def test_text_is_masked_and_said():
    looked = text("mask", "text", "side").look([image()], 1)
    assert (looked.images[0].frames == 0).any()
    assert "img-1" in words(looked)
    assert "masked before anything was kept: 2 place" in words(looked)


def test_what_is_kept_is_said_too():
    looked = text("mask", "text", "side", keep=("side",)).look([image()], 3)
    assert "img-3" in words(looked)
    assert "left as it is: 1 place" in words(looked)


def test_a_picture_with_text_is_refused_where_that_is_set():
    with pytest.raises(CaseError, match="refuses such pictures"):
        text("refuse", "text").look([image()], 1)
    assert text("refuse").look([image()], 1).images


def test_a_file_that_says_it_has_text_is_refused_or_told_though_none_is_found():
    flagged = image(facts={"burned-in annotation": "yes"})
    with pytest.raises(CaseError, match="refuses such pictures"):
        text("refuse").look([flagged], 1)
    assert "none was found" in words(text("mask").look([flagged], 1))


def test_nothing_is_looked_for_where_it_is_off():
    given = image()
    looked = text("off", "text").look([given], 1)
    assert looked.images == [given]
    assert not looked.told


def test_that_the_package_is_missing_is_said_once_in_a_chat(monkeypatch):
    monkeypatch.setattr(pixel_text, "available", lambda: False)
    assert "not looked for" in words(text("mask", "text").look([image()], 1))
    assert not text("mask", "text").look([image()], 2).told


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do():
    assert kinds(" side, scale ") == ("side", "scale")
    with pytest.raises(SetupError, match="side, scale, window, calliper"):
        kinds("names")


def test_a_name_in_the_pixels_is_in_nothing_that_a_chat_keeps(home, monkeypatch):
    pytest.importorskip("rapidocr")
    monkeypatch.setenv("CASEBOOK_BURNED_IN", "mask")
    pixels = ground(320, 240, level=40)
    write(pixels, "Querfeldt, Anna", (20, 20), size=20, grey=255)
    with Assistant() as assistant:
        chat = assistant.chat()
        answer = chat.ask("What is this?", images=[Image(frames=pixels[None], file_type="PNG")])
        (kept,) = chat.images()
        assert any("masked" in notice for notice in answer.notices)
        assert not kept.image.frames[0][24:38, 30:150].any()
        assert (kept.image.frames[0][120:] == pixels[120:]).all()
