"""An earlier turn is rendered, and read, once for all later turns."""

from assistant.answers.answer import Answer, Evidence
from assistant.memory.messages import past_messages
from assistant.planning.conversation import PastTurn, read_conversation
from store.chats.conversations import TurnRow
from tools.context import ImageTable


def turn(text: str) -> TurnRow:
    evidence = Evidence("inspect_image", "img-1", "gate", "1", 0.1, "It is a CT.", args={"image_id": "img-1"})
    answer = Answer("c", "t1", text, evidence=(evidence,), steps=(("a",),))
    return TurnRow("t1", 1, "what is it?", (), "answered", answer.to_json(), 0.0)


def test_the_messages_of_an_earlier_turn_are_the_same_ones_in_every_later_turn() -> None:
    first, later = past_messages([turn("A CT.")]), past_messages([turn("A CT.")], ImageTable())
    assert len(first) == len(later) > 1
    assert all(one is other for one, other in zip(first, later, strict=True))
    assert [one.id for one in first] == [f"t1-{n}" for n in range(len(first))]


def test_a_turn_whose_answer_is_another_is_rendered_again() -> None:
    assert past_messages([turn("A CT.")])[-1].text == "A CT."
    assert past_messages([turn("An MRI.")])[-1].text == "An MRI."


def test_the_planner_reads_an_earlier_turn_once_and_one_in_other_messages_again() -> None:
    now = past_messages([TurnRow("t2", 2, "and now?", (), "running", None, 0.0)])[:1]
    read = [read_conversation([*past_messages([turn(text)]), *now], {}).past for text in ("A.", "A.", "B.")]
    assert read[0][0] is read[1][0]
    assert isinstance(read[2][0], PastTurn)
    assert (read[0][0].text, read[2][0].text) == ("A.", "B.")
