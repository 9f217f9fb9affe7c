"""What is kept of turns that are no longer seen: who said what, of which image, and what stayed open."""

from __future__ import annotations

from assistant.answers.answer import Answer, Evidence, ImageRef, Refused
from assistant.memory.summary import Summary
from store.chats.conversations import TurnRow
from store.records import Finding, Measurement, Neighbours, Record


def turn(n: int, *records: Record, question: str = "what?", image: int = 1, **given: object) -> TurnRow:
    name = f"img-{image}"
    dumped = tuple(record.model_dump(mode="json") for record in records)
    said = (
        (Evidence("measure", name, "m", "1", 0.1, "It says.", dumped, {"question": question}),)
        if records
        else ()
    )
    ref = ImageRef(name, "radiology", "CT", "chest", "file header", None)
    answer = Answer("c", str(n), "Text.", images=(ref,), evidence=said, **given)  # type: ignore[arg-type]
    return TurnRow(str(n), n, question, (), "answered", answer.to_json(), 0.0)


def length(value: float, image: int = 1, name: str = "length") -> Measurement:
    return Measurement(image_id=f"img-{image}", name=name, value=value, unit="mm", text="t")


def test_findings_measurements_and_cases_are_kept_with_who_said_so_and_when() -> None:
    found = Finding(image_id="img-1", label="reading", text="A mass.", model="radiographer")
    near = Neighbours(image_id="img-1", counts={"nevus": 4}, near=True, collection="c", encoder="e", size=9)
    text = Summary().with_turn(turn(1, length(4.25), found)).with_turn(turn(2, near)).text(5000)
    assert text.splitlines() == [
        "img-1: CT, chest (file header)",
        "- length 4.25 mm by measure (turn 1)",
        "- radiographer said “A mass.” (turn 1)",
        "- nearest library cases: 4 nevus, by measure (turn 2)",
    ]


def test_a_later_measurement_takes_the_place_of_the_earlier_one() -> None:
    text = Summary().with_turn(turn(1, length(4.25))).with_turn(turn(7, length(5.5))).text(5000)
    assert "5.5 mm by measure (turn 7)" in text
    assert "4.25" not in text


def test_what_stayed_open_is_kept_with_its_reason_and_only_the_latest_of_it() -> None:
    summary = Summary().with_turn(
        turn(1, question="Is it big?", refused=(Refused("measure", "img-1", "No scale."),))
    )
    assert "- “Is it big?” (the user, turn 1): measure refused: No scale." in summary.text(5000)
    cut_off = TurnRow("2", 2, "And now?", (), "running", None, 0.0)
    assert "“And now?” (the user, turn 2) was not answered" in summary.with_turn(cut_off).text(5000)
    for n in range(3, 30):
        summary = summary.with_turn(TurnRow(str(n), n, f"Question {n}", (), "running", None, 0.0))
    assert summary.text(5000).count("was not answered") == 6
    assert "Question 29" in summary.text(5000)


def test_old_images_lose_their_lines_first_and_then_their_names_are_drawn_together() -> None:
    summary = Summary()
    for n in range(1, 41):
        lines = [length(n + i / 10, n, f"length {i}") for i in range(8)]
        summary = summary.with_turn(turn(n, *lines, image=n))
    short = summary.text(4000)
    assert len(short) <= 4000
    assert "img-1: CT" in short
    assert "length 7 40.7 mm" in short
    assert "length 0 1 mm" not in short
    assert summary.text(200) == "Images img-1 to img-40, 40 in all.\n"


def test_a_summary_comes_back_as_it_was_kept_and_does_not_grow_with_the_turns() -> None:
    summary = Summary()
    for n in range(1, 101):
        summary = summary.with_turn(turn(n, length(n, name=f"length {n % 20}")))
    assert Summary.from_json(summary.to_json()) == summary
    assert summary.upto == 100
    assert len(summary.said["img-1"]) == 14
