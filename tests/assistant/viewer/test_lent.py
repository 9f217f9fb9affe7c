"""Slices go to whom they were lent, under numbers that tell nothing."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.viewer.lent import Lent
from store.errors import CaseError
from store.pictures.image import Image


def picture(slices: int = 3) -> Image:
    frames = np.arange(slices * 12, dtype=np.uint8).reshape(slices, 3, 4)
    return Image(frames=frames, file_type="DICOM", values=frames.astype(np.int16) - 1024, unit="HU")


def test_a_slice_is_given_to_its_owner_and_to_nobody_else() -> None:
    lent = Lent()
    token = lent.lend("ann", "chat/img-1", picture)
    values = np.frombuffer(lent.slice_bytes(token, "ann", 2), "<i2")
    assert (values == np.arange(24, 36) - 1024).all()
    assert lent.slice_bytes(token, "ann", 2, as_shown=True) == bytes(range(24, 36))
    refused = []
    for asked in ((token, "ben", 2), (token[:-1], "ann", 2), ("", "ann", 0)):
        with pytest.raises(CaseError) as told:
            lent.slice_bytes(*asked)
        refused.append(str(told.value))
    assert len(set(refused)) == 1


def test_a_token_is_kept_for_an_image_and_tells_nothing_of_it() -> None:
    lent = Lent()
    token = lent.lend("ann", "chat/img-1", picture)
    assert lent.lend("ann", "chat/img-1", picture) == token
    others = {lent.lend("ben", "chat/img-1", picture), lent.lend("ann", "chat/img-2", picture), token}
    assert len(others) == 3
    assert all(len(one) >= 32 and "img" not in one for one in others)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_slice_that_is_not_there_is_refused(index: int) -> None:
    lent = Lent()
    with pytest.raises(CaseError, match="no such slice"):
        lent.slice_bytes(lent.lend("ann", "a", picture), "ann", index)


def test_what_was_taken_back_is_lent_no_more_and_others_keep_theirs() -> None:
    lent = Lent()
    ann, ben = lent.lend("ann", "a", picture), lent.lend("ben", "a", picture)
    lent.take_back("ann")
    with pytest.raises(CaseError):
        lent.slice_bytes(ann, "ann", 0)
    assert lent.slice_bytes(ben, "ben", 0)
    assert lent.lend("ann", "a", picture) != ann


def test_an_image_is_read_once_while_it_is_looked_at() -> None:
    lent, reads = Lent(), []

    def load() -> Image:
        reads.append(1)
        return picture()

    token = lent.lend("ann", "a", load)
    for index in (0, 1, 2):
        lent.slice_bytes(token, "ann", index)
    assert len(reads) == 1
