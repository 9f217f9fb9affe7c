"""The mark of what a model is given."""

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from assistant.memory.messages import KEY, PLANNERS_PAST
from assistant.provenance.turn import messages_mark


def question(*past: AnyMessage) -> list[AnyMessage]:
    return [HumanMessage("and now?", additional_kwargs={KEY: {PLANNERS_PAST: list(past)}})]


def test_the_mark_of_messages_knows_what_those_say_that_one_of_them_carries() -> None:
    before = HumanMessage("is it a CT?")
    assert messages_mark(question(before)) == messages_mark(question(HumanMessage("is it a CT?")))
    assert messages_mark(question(before)) != messages_mark(question(HumanMessage("is it an MRI?")))
    assert messages_mark(question(before)) != messages_mark(question(AIMessage("is it a CT?")))


def test_the_mark_of_messages_is_of_what_is_said_and_not_of_how_a_library_writes_a_message_out() -> None:
    named = AIMessage("A CT.", response_metadata={"finish_reason": "stop"}, name="somebody")
    assert messages_mark(question(named)) == messages_mark(question(AIMessage("A CT.")))
