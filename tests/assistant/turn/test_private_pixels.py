"""Text and faces in the pixels of pictures that come into a chat."""

import numpy as np
import pytest

from assistant import Assistant
from assistant.turn import private_pixels
from assistant.turn.private_pixels import PrivatePixels, UndecidedError, kinds, may_show_a_face
from store.errors import CaseError, SetupError
from store.pictures.image import Image
from tests.inputs.burned_in_text import ground, write
from tools.burned_in.boxes import Box


class ScriptedFinder:
    """Stands in for the models: finds one place of each kind that it is told, until it is masked."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds
        self.looks = 0

    def find(self, picture, *, read=False):
        self.looks += 1
        corners = np.array([[10, 10], [60, 10], [60, 20], [10, 20]], float)
        shift = 60 if "face" in self.kinds else 0
        return [Box(corners + 30 * number + shift, kind) for number, kind in enumerate(self.kinds)]

    def find_again(self, picture):
        return []


def image(**more) -> Image:
    return Image(frames=np.full((1, 128, 128), 90, np.uint8), file_type="PNG", **more)


def pixels(policy, *found, keep=(), faces="off", faced=()) -> PrivatePixels:
    made = PrivatePixels(policy, faces, keep)
    made.__dict__["seekers"] = {"text": ScriptedFinder(*found), "face": ScriptedFinder(*faced)}
    return made


def words(looked) -> str:
    return " ".join(remark.words("en") for remark in looked.told)


@pytest.fixture(autouse=True)
def there(monkeypatch):
    monkeypatch.setattr(private_pixels.finder, "available", lambda: True)
    monkeypatch.setattr(private_pixels.faces, "available", lambda: True)


def test_text_is_masked_and_said():
    looked = pixels("mask", "text", "side").look([image()], 1)
    assert (looked.images[0].frames == 0).any()
    assert "img-1" in words(looked)
    assert "masked before anything was kept: 2 place" in words(looked)


def test_what_is_kept_is_said_too():
    looked = pixels("mask", "text", "side", keep=("side",)).look([image()], 3)
    assert "img-3" in words(looked)
    assert "left as it is: 1 place" in words(looked)


def test_a_picture_with_text_is_refused_where_that_is_set():
    with pytest.raises(CaseError, match="refuses such pictures"):
        pixels("refuse", "text").look([image()], 1)
    assert pixels("refuse").look([image()], 1).images


def test_a_file_that_says_it_has_text_is_refused_or_told_though_none_is_found():
    flagged = image(facts={"burned-in annotation": "yes"})
    with pytest.raises(CaseError, match="refuses such pictures"):
        pixels("refuse").look([flagged], 1)
    assert "none was found" in words(pixels("mask").look([flagged], 1))


def test_nothing_is_looked_for_where_it_is_off():
    given = image()
    looked = pixels("off", "text", faced=("face",)).look([given], 1)
    assert looked.images == [given]
    assert not looked.told


def test_that_a_package_is_missing_is_said_once_in_a_chat(monkeypatch):
    monkeypatch.setattr(private_pixels.finder, "available", lambda: False)
    monkeypatch.setattr(private_pixels.faces, "available", lambda: False)
    both = pixels("mask", "text", faces="mask", faced=("face",))
    assert "Text in the pixels of pictures was not looked for" in words(both.look([image()], 1))
    assert "Faces in photographs were not looked for" in words(both.look([image()], 1))
    assert not both.look([image()], 2).told


def test_eyes_are_masked_and_said_beside_text():
    looked = pixels("mask", "text", faces="mask", faced=("face",)).look([image()], 1)
    assert not looked.images[0].frames[0, 72:78, 75:115].any()
    assert not looked.images[0].frames[0, 12:18, 15:55].any()
    assert "1 face(s) were found, and the eyes masked" in words(looked)
    assert "text was found in the pixels and masked before anything was kept: 1 place" in words(looked)


def test_a_picture_with_a_face_is_refused_where_that_is_set_though_text_is_masked():
    with pytest.raises(CaseError, match="A face is seen"):
        pixels("mask", "text", faces="refuse", faced=("face",)).look([image()], 1)


@pytest.mark.parametrize("modality", ["DX", "CT", "MR", "US", "MG", "DMS"])
def test_faces_are_looked_for_in_photographs_alone(modality):
    assert may_show_a_face(image(modality="XC"))
    assert may_show_a_face(image())
    assert not may_show_a_face(image(modality=modality))
    looked = pixels("off", faces="mask", faced=("face",)).look([image(modality=modality)], 1)
    assert looked.images[0].frames.all()


def test_the_user_is_asked_before_anything_is_done_and_only_of_pictures_with_something_in_them():
    asks = pixels("ask", "text", faces="ask", faced=("face",))
    with pytest.raises(UndecidedError) as asked:
        asks.look([image(), image()], 1, "ask")
    assert [[box.kind for box in seen.places] for seen in asked.value.seen] == [["text", "face"]] * 2
    assert asked.value.others == 0
    assert pixels("ask", faces="ask").look([image()], 1, "ask").images


def test_nobody_is_asked_of_what_the_settings_mask_or_keep():
    with pytest.raises(UndecidedError) as asked:
        pixels("mask", "text", faces="ask", faced=("face",)).look([image()], 1, "ask")
    assert [box.kind for box in asked.value.seen[0].places] == ["face"]
    kept = pixels("ask", "side", keep=("side",)).look([image()], 1, "ask")
    assert "left as it is: 1 place" in words(kept)


def test_what_is_asked_about_is_masked_kept_or_left_out_as_the_user_chose():
    def asks():
        return pixels("ask", "text")

    assert "masked before anything was kept: 1 place" in words(asks().look([image()], 1, "mask"))
    kept = asks().look([image()], 1, "keep")
    assert kept.images[0].frames.all()
    assert "you said that the text or face found in it names nobody" in words(kept)
    gone = asks().look([image()], 1, "leave out")
    assert not gone.images
    assert "1 picture(s) with text or a face in them were not used" in words(gone)


def test_a_user_cannot_keep_what_the_settings_mask_or_refuse():
    kept = pixels("mask", "text", faces="ask", faced=("face",)).look([image()], 1, "keep")
    assert not kept.images[0].frames[0, 12:18, 15:55].any()  # the text
    assert kept.images[0].frames[0, 72:78, 75:115].all()  # the face
    with pytest.raises(CaseError, match="refuses such pictures"):
        pixels("refuse", "text", faces="ask", faced=("face",)).look([image()], 1, "keep")


def test_where_nobody_can_be_asked_it_is_masked():
    assert "masked before anything was kept: 1 place" in words(pixels("ask", "text").look([image()], 1))


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do():
    assert kinds(" side, scale ") == ("side", "scale")
    with pytest.raises(SetupError, match="side, scale, window, calliper"):
        kinds("names")


def test_a_name_in_the_pixels_is_in_nothing_that_a_chat_keeps(home, monkeypatch):
    pytest.importorskip("rapidocr")
    monkeypatch.setenv("CASEBOOK_BURNED_IN", "mask")
    drawn = ground(320, 240, level=40)
    write(drawn, "Querfeldt, Anna", (20, 20), size=20, grey=255)
    with Assistant() as assistant:
        chat = assistant.chat()
        answer = chat.ask("What is this?", images=[Image(frames=drawn[None], file_type="PNG")])
        (kept,) = chat.images()
        assert any("masked" in notice for notice in answer.notices)
        assert not kept.image.frames[0][24:38, 30:150].any()
        assert (kept.image.frames[0][120:] == drawn[120:]).all()
