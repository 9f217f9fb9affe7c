"""“Show all evidence”: everything that an earlier answer rested on, from its records."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.say_cases import trusted
from assistant.planning.say_image import BY
from assistant.planning.say_lesion import asked_of
from store.records import Finding, Gate, Measurement, Neighbours, Quality


def evidence(talk: Conversation) -> str:
    """Everything that the last answer with evidence rested on, as a list."""
    found = ([*_lines(turn, talk)] for turn in reversed(talk.past))
    lines = next((lines for lines in found if lines), [])
    if not lines:
        return talk.say("reasons.nothing")
    said = "\n".join(f"- {line}" for line in dict.fromkeys(lines))
    return f"{talk.say('reasons.rests_on')}\n\n{said}\n\n{talk.say('reasons.unchecked')}"


def _lines(turn: PastTurn, talk: Conversation) -> Iterator[str]:
    """What an earlier answer rested on; nothing where a slice or window was only shown."""
    for result in turn.results:
        yield from _basis(result, turn.question, talk)


def _basis(result: Result, question: str, talk: Conversation) -> list[str]:
    where = {"tool": result.tool, "image": result.image_id}
    if result.refused:
        return [talk.say("reasons.did_not_run", reason=result.content, **where)]
    asked = asked_of(question, [r for r in result.records if isinstance(r, Measurement)])
    kept = [r for r in result.records if not asked or not isinstance(r, Measurement) or r in asked]
    return [talk.say("reasons.line", line=line, **where) for one in kept if (line := _line(one, talk))]


def _line(record: object, talk: Conversation) -> str:
    match record:
        case Gate():
            return _gate(record, talk)
        case Measurement():
            means, source = (record.definition or record.text).rstrip("."), record.source.rstrip(".")
            return talk.say(
                "reasons.measurement", name=talk.word("terms", record.name), definition=means, source=source
            )
        case Quality():
            return record.problem or ""
        case Neighbours():
            return talk.say(
                "reasons.collection",
                collection=record.collection,
                size=record.size,
                encoder=record.encoder,
                trust=trusted(record, talk),
            )
        case Finding():
            named = record.text.lower().startswith(record.model)
            return (
                record.text
                if named
                else talk.say("reasons.reader_said", reader=record.model, text=record.text)
            )
    return ""


def _gate(gate: Gate, talk: Conversation) -> str:
    kind = talk.say(f"kinds.{gate.modality}") if gate.modality else talk.word("domains", gate.domain)
    how = talk.say(f"reasons.by_{BY[gate.known_from]}")
    if gate.score is None:
        return talk.say("reasons.gate", kind=kind, how=how)
    return talk.say("reasons.gate_scored", kind=kind, how=how, score=gate.score)
