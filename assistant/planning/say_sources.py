"""What was asked lately, and where each answer of a chat is from: a file, the pixels, a card, or the user."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.planning.aside import is_aside
from assistant.planning.conversation import Conversation, PastTurn
from assistant.planning.earlier import as_written, card_of
from assistant.planning.harked import told_something
from assistant.planning.say_image import BY, amount, shares
from assistant.planning.say_recall import brief
from store.records import Fact, Gate, Measurement
from tools.language.header_names import names_within
from tools.language.retold import retell
from tools.language.sayings import in_a_row

# Ours: so many questions are told at once.
_MOST = 5


def asked_before(talk: Conversation) -> str:
    """The latest questions that were answered, and how each answer began, oldest first."""
    turns = [one for one in told_something(talk) if not is_aside(one)][-_MOST:]
    if not turns:
        return talk.say("reading.nothing_before")
    lines = [
        talk.say(
            "reading.asked_and_said", question=as_written(one, talk), said=brief(one.text).split("\n")[0]
        )
        for one in turns
    ]
    return "\n\n".join([talk.say("reading.only_asked"), "\n".join(f"- {one}" for one in lines)])


def by_source(talk: Conversation) -> str:
    """What the answers of a chat are from, the questions quoted: files, pixels, cards and the user's word."""
    held: dict[str, list[str]] = {"file": [], "pixels": [], "card": []}
    for turn in told_something(talk):
        for source in _sources(turn, talk):
            held[source].append(talk.say("back.quoted", question=as_written(turn, talk)))
    lines = [
        talk.say(f"back.from_{source}", questions=in_a_row(list(dict.fromkeys(asked)), talk.language))
        for source, asked in held.items()
        if asked
    ]
    lines += dict.fromkeys(_kinds(talk))
    if not lines:
        return talk.say("reasons.nothing")
    return "\n".join([talk.say("back.by_source"), *(f"- {one}" for one in lines)])


def _sources(turn: PastTurn, talk: Conversation) -> Iterator[str]:
    """What an answer is from: of a card, or of records whose values stand in it."""
    if card_of(turn):
        yield "card"
        return
    names_facts = bool(names_within(as_written(turn, talk)) or names_within(turn.question))
    for one in (record for result in turn.results for record in result.records):
        if (
            isinstance(one, Fact)
            and names_facts
            and retell(one.value, talk.language).rstrip(".") in turn.text
        ):
            yield "file"
        elif isinstance(one, Measurement) and (
            amount(one, talk) in turn.text or shares([one], talk) in turn.text
        ):
            yield "pixels"


def _kinds(talk: Conversation) -> Iterator[str]:
    """Who says of which kind each picture is that was looked at."""
    for result in (result for turn in talk.past for result in turn.results):
        for gate in (record for record in result.records if isinstance(record, Gate)):
            yield talk.say(f"back.kind_by_{BY[gate.known_from]}", image=gate.image_id)
