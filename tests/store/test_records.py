"""Every record survives the way through JSON; nothing else is taken for one."""

import json

import pytest
from pydantic import ValidationError

from store import records
from store.records import parse_record

ONE_OF_EACH = [
    records.Gate(domain="radiology", modality="CT", known_from="file header"),
    records.Fact(image_id="img-1", name="window", value="40/400"),
    records.Quality(image_id="img-1", name="sharpness", value=3.5, problem="It is blurred."),
    records.Measurement(image_id="img-1", name="area", value=2.0, unit="mm²", text="2 mm²", source="s"),
    records.Outline(image_id="img-1", numbers=(120, 90, 80, 40)),
    records.Region(image_id="img-1", index=2, shape="ellipse", column=12.5, row=8, width=20, height=10),
    records.Finding(image_id="img-1", label="l", text="t", score=0.5, model="m"),
    records.Picture(image_id="img-1", key="k", caption="c", alt="a"),
    records.Match(image_id="img-1", case_id="c", label="l", similarity=0.9, key="k"),
    records.Neighbours(image_id="img-1", counts={"a": 4}, near=True, collection="c", encoder="e", size=9),
    records.View(image_id="img-1", index=3, frame_count=9),
    records.Holdings(size=2, among=3, labels={"a": 2}, collections={"c": 2}, order="at random", seed=1),
    records.LibraryCase(case_id="c", label="l", key="k"),
    records.Quiz(collection="c", seed=1, cases=("a", "b"), options=("x", "y")),
]


def test_there_is_an_example_of_every_kind():
    kinds = {record.kind for record in ONE_OF_EACH}
    assert kinds == set(records._ADAPTER.json_schema()["discriminator"]["mapping"])


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda record: record.kind)
def test_a_record_survives_json(record):
    assert parse_record(json.loads(json.dumps(record.model_dump(mode="json")))) == record


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "probability"},
        {"kind": "view", "image_id": "img-1", "index": 0, "frame_count": 2, "more": 1},
    ],
)
def test_what_is_no_record_is_refused(data):
    with pytest.raises(ValidationError):
        parse_record(data)


def test_a_record_cannot_be_changed():
    with pytest.raises(ValidationError):
        ONE_OF_EACH[0].domain = "other"


def test_every_modality_has_words():
    assert set(records.MODALITY_WORDS) == set(records.Modality.__args__)
