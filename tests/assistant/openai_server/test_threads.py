"""Which chat a conversation goes on in, and what is asked again where there is none."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.openai_server.requests import Said
from assistant.openai_server.threads import Place, mark_of, place_after, place_of, response_id
from assistant.settings import load_settings
from store.errors import CaseError

FIRST, NEXT = Said(True, "What is dermoscopy?"), Said(True, "Why?")


def test_the_mark_of_a_chats_last_answer_leads_to_it_whatever_else_the_reply_has_become() -> None:
    with Assistant() as assistant:
        answer = assistant.chat().ask(FIRST.text)
        reply = Said(False, f"changed by a program\n{mark_of(answer.turn_id, [FIRST])}\n")
        assert place_of(assistant, [FIRST, reply, NEXT]) == Place(answer.chat_id)
        # What was said since and never answered is asked first.
        assert place_of(assistant, [FIRST, reply, NEXT, NEXT]) == Place(answer.chat_id, (NEXT,))
        # Another owner has no such chat, and another question or image before it is another conversation.
        assert place_of(assistant.for_owner("other"), [FIRST, reply, NEXT]) == Place(None, (FIRST,))
        for other in (Said(True, "What is a macule?"), Said(True, FIRST.text, (b"image",))):
            assert place_of(assistant, [other, reply, NEXT]) == Place(None, (other,))


def test_a_response_is_followed_until_its_chat_went_on() -> None:
    with Assistant() as assistant:
        chat = assistant.chat()
        answer = chat.ask(FIRST.text)
        assert place_after(assistant, response_id(answer.turn_id), [NEXT]) == Place(chat.id)
        with pytest.raises(CaseError, match="went on since"):
            place_after(assistant.for_owner("other"), response_id(answer.turn_id), [NEXT])
        chat.ask(NEXT.text)
        with pytest.raises(CaseError, match="went on since"):
            place_after(assistant, response_id(answer.turn_id), [NEXT])


def test_of_a_long_conversation_the_latest_questions_are_asked_again_with_all_images() -> None:
    said = [Said(True, f"question {n}", (bytes([n]),)) for n in range(5)]
    with Assistant(load_settings(history_turns=2)) as assistant:
        place = place_of(assistant, said)
    assert [one.text for one in place.before] == ["question 2", "question 3"]
    assert [one.images for one in place.before] == [(b"\0", b"\1", b"\2"), (b"\3",)]
