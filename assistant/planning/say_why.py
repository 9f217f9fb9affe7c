"""“Why?”, “how do you know?”, “are you sure?”: who says what the last answer claimed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.earlier import as_written
from assistant.planning.harked import REFUSAL, meant_turns
from assistant.planning.lexicon import modalities_named
from assistant.planning.looked_back import MEANS, measured_last
from assistant.planning.say_cases import trusted
from assistant.planning.say_evidence import evidence
from assistant.planning.say_image import BY, amount, kind_words, shares_asked
from assistant.planning.say_lesion import asked_of, in_words
from assistant.planning.task import Task
from assistant.planning.teaching import card_shown
from assistant.planning.words import Intent, intent_of
from store.records import Finding, Gate, Measurement, Neighbours, Outline, Quality, View
from tools.language.glossary import explain
from tools.language.retold import retell
from tools.language.rules import heard
from tools.language.sayings import in_a_row, was_said

T = TypeVar("T")

_ALL, _PART, _SURE = (heard("basis", name) for name in ("all_evidence", "which_part", "how_sure"))
_MEANS = heard("basis", "what_it_means")
_OF_CHECKS, _OF_KIND = heard("basis", "of_checks"), heard("basis", "of_kind")
_CHECKED = ("quality.sound", "quality.limits", "comparing.of_checks")
_FROM_FILE: tuple[Intent, ...] = ("facts", "header")
_FIXED = (
    *("care.advice", "care.personal", "care.harm", "care.identity", "care.soon", "care.when_seen"),
    *("care.not_for_care", "chat.textbook", "chat.privacy", "chat.photographing", "chat.no_other_view"),
    *("chat.window_of_ct", "chat.material", "chat.instructions", "measures.no_total"),
)
_NOTICES = ("care.advice", "care.personal", "care.soon", "care.when_seen", "care.not_for_care")
# Ours: so many readers are quoted again at once.
_READERS = 3
_EXPLAINED = ("terms_told.defined", "terms_told.defined_in_english")
_REASONS = ("why_kind_file", "why_kind_pixels", "why_kind_user", "why_checks", "why_measured", "why_numbers",
            "why_shares", "why_file", "why_rules", "why_term", "card", "no_reader", "rests_on", "collection",
            "whole_picture", "whole_outline")  # fmt: skip


def why(task: Task, talk: Conversation) -> str:
    """Who says what the last answer claimed, or what is named; everything only where all is asked for."""
    if _ALL.search(task.clause):
        return evidence(talk)
    if task.detail == MEANS and (turn := measured_last(talk)):
        told = _measured(turn, task.clause, talk) or _shares(turn, talk)
        return f"{told} {talk.say('reasons.more_of_it')}".strip()
    if task.detail == REFUSAL:
        return _of_words(talk.past[-1], talk, refused=True)
    terms = explain(task.clause, talk.language)
    if terms and _MEANS.search(task.clause):
        return " ".join(terms)
    turns = [turn for turn in reversed(talk.past) if not _claims_nothing(turn)]
    turns = [*_named_before(turns, talk), *turns]
    named = (said for turn in turns for said in _named(task.clause, turn, talk) if said)
    if not (said := next(named, "")) and terms and not any(turn.results for turn in turns):
        said = " ".join(terms)
    return said or (_of(turns[0], task.clause, talk) if turns else talk.say("reasons.nothing"))


def _named_before(turns: Sequence[PastTurn], talk: Conversation) -> list[PastTurn]:
    """The turn before the last that a question names by what it was about: “the kappa advice”."""
    named = meant_turns(talk, [*turns])
    return named[:1] if named and turns[0] not in named else []


def _claims_nothing(turn: PastTurn) -> bool:
    """Whether an answer was idle, told again or itself one about reasons: “why?” means the one before it."""
    if turn.results:
        return False
    names = (*_EXPLAINED, *_FIXED, *(() if _gave_reasons(turn) else ("teaching.mark",)))
    return not (any(was_said(name, turn.text) for name in names) or _was_for_a_reader(turn.text))


def _gave_reasons(turn: PastTurn) -> bool:
    return any(was_said(f"reasons.{name}", turn.text) for name in _REASONS)


def _named(clause: str, turn: PastTurn, talk: Conversation) -> Iterator[str]:
    """What an answer claimed of what a question names: a measure, the kind of picture, its sharpness."""
    if asked_of(clause, _all(turn, Measurement)):
        yield _measured(turn, clause, talk)
    if _OF_CHECKS.search(clause):
        yield _checks(turn, clause, talk)
    if _OF_KIND.search(clause) or modalities_named(clause):
        yield _kind(turn, clause, talk)


def _of(turn: PastTurn, clause: str, talk: Conversation) -> str:
    """Who says what one answer mainly claimed."""
    if _was_for_a_reader(turn.text):
        return " ".join([talk.say("reasons.no_reader"), *_looked(turn.results, talk)])
    if not turn.results:
        return _of_words(turn, talk)
    refused = [one for one in turn.results if one.refused]
    if refused and not any(one.tool == refused[0].tool for one in turn.results if not one.refused):
        return " ".join(dict.fromkeys(_refusal(one, talk) for one in refused))
    unlike = was_said("comparing.different_kinds", turn.text)
    told = (
        _kind(turn, clause, talk) if unlike else "",
        _found(turn, clause, talk),
        _measured(turn, clause, talk),
        _checks(turn, clause, talk) if any(was_said(one, turn.text) for one in _CHECKED) else "",
        _shares(turn, talk) if was_said("tissue.shares", turn.text) else "",
        _file(turn, talk) if {intent_of(one)[0] for one in clauses(turn.question)} & {*_FROM_FILE} else "",
        _slice(turn, talk),
        _kind(turn, clause, talk),
    )
    # What was only shown rests on the tool that showed it.
    return next(filter(None, (*told, *_looked(turn.results, talk))), "") or talk.say("reasons.why_rules")


def _of_words(turn: PastTurn, talk: Conversation, *, refused: bool = False) -> str:
    """Where an answer is from that no tool had a part in."""
    if card := card_shown(turn.text, talk):
        if turn is talk.past[-1]:
            return talk.say("reasons.card", title=card.title, source=card.source)
        asked = as_written(turn, talk)
        return talk.say("reasons.card_before", question=asked, title=card.title, source=card.source)
    if _was_notice(turn):
        return talk.say("reasons.why_notice")
    if refused:
        return talk.say("reasons.why_refused")
    explained = any(was_said(name, turn.text) for name in _EXPLAINED)
    return talk.say("reasons.why_term" if explained else "reasons.why_rules")


def _was_notice(turn: PastTurn) -> bool:
    return any(was_said(name, turn.text) for name in _NOTICES)


def _refusal(result: Result, talk: Conversation) -> str:
    """Why a tool did not run."""
    if result.tool != "measure_lesion":
        return result.content
    return talk.say("measures.cannot", image=result.image_id, reason=in_words(result.content, talk)).strip()


def _all(turn: PastTurn, kind: type[T]) -> list[T]:
    return [one for result in turn.results for one in result.records if isinstance(one, kind)]


def _was_for_a_reader(text: str) -> bool:
    """Whether an answer said that a question needs somebody to read the image."""
    first = text.partition("\n\n")[0]
    return any(was_said(name, first) for name in ("reading.cannot_tell", "reasons.no_reader"))


def _looked(results: Sequence[Result], talk: Conversation) -> list[str]:
    used = dict.fromkeys(talk.say("reasons.used", tool=one.tool, image=one.image_id) for one in results)
    return [talk.say("reasons.looked", tools=", ".join(used))] if used else []


def _kind(turn: PastTurn, clause: str, talk: Conversation) -> str:
    """How it is known what the images of an answer are; nothing where they were not looked at."""
    gates = {one.image_id: one for one in _all(turn, Gate)}
    return " ".join(_gate(one, clause, talk) for one in gates.values())


def _gate(gate: Gate, clause: str, talk: Conversation) -> str:
    from tools.gate.modality import OF_VOLUMES, describe

    if gate.domain == "unknown" or gate.reason.startswith(OF_VOLUMES):
        return retell(describe(gate), talk.language)
    said = {"image": gate.image_id, "kind": kind_words(gate, talk, article=True)}
    how = BY[gate.known_from]
    if how != "pixels":
        return talk.say(f"reasons.why_kind_{how}", **said)
    score = "" if gate.score is None else talk.say("reasons.why_score", score=min(gate.score, 0.99))
    told = talk.say("reasons.why_kind_pixels", score=score, **said)
    return _as_sure(told, clause, talk)


def _checks(turn: PastTurn, clause: str, talk: Conversation) -> str:
    """How it is known that pictures are sharp, or not: by numbers of the whole picture."""
    found = _all(turn, Quality)
    if not found:
        return ""
    problems = dict.fromkeys(retell(one.problem, talk.language) for one in found if one.problem)
    told = " ".join([*problems, talk.say("reasons.why_checks", images=_images(found, talk))])
    return _located(told, clause, "whole_picture", talk)


def _measured(turn: PastTurn, clause: str, talk: Conversation) -> str:
    """Where a lesion's numbers come from: the one that is asked about, or all."""
    results = [one for one in turn.results if one.tool == "measure_lesion" and not one.refused]
    found = [one for result in results for one in result.records if isinstance(one, Measurement)]
    if not found:
        return ""
    asked = asked_of(clause, found) or asked_of(turn.question, found)
    given = any(isinstance(one, Outline) for result in results for one in result.records)
    outline = talk.say("reasons.outline_given" if given else "reasons.outline_found")
    images = _images(asked or found, talk)
    if asked:
        first = next((one for one in asked if one.name.lower() in clause.lower()), asked[0])
        name = talk.word("terms", first.name)
        same = [one for one in asked if one.name == first.name]
        told = talk.say(
            "reasons.why_measured",
            name=name[:1].upper() + name[1:],
            values=", ".join(
                talk.say("comparing.value_in", value=amount(one, talk), image=one.image_id) for one in same
            ),
            outline=outline,
            definition=(first.definition or first.text).rstrip("."),
            source=first.source.rstrip("."),
        )
    else:
        told = talk.say("reasons.why_numbers", images=images, outline=outline)
    return _located(_as_sure(told, clause, talk), clause, "whole_outline", talk)


def _shares(turn: PastTurn, talk: Conversation) -> str:
    """How shares of tissue were counted, and between which limits those that were asked for."""
    found = [one for one in _all(turn, Measurement) if one.source]
    if not found:
        return ""
    asked = shares_asked(f"{turn.question} {as_written(turn, talk)}", found, talk) or found
    ranges = [
        talk.say(
            "reasons.range",
            name=talk.word("terms", one.name),
            definition=one.definition.rstrip("."),
            source=one.source.rstrip("."),
        )
        for one in asked
    ]
    return " ".join([talk.say("reasons.why_shares", images=_images(found, talk)), *ranges])


def _slice(turn: PastTurn, talk: Conversation) -> str:
    """Of a slice that was shown, by which count it has its number."""
    for one in reversed(_all(turn, View)):
        if (count := one.frame_count // talk.image(one.image_id).volumes) > 1:
            number = one.index % count + 1
            return talk.say("reasons.why_slice", image=one.image_id, count=count, number=number)
    return ""


def _file(turn: PastTurn, talk: Conversation) -> str:
    images = dict.fromkeys(one.image_id for one in turn.results if one.image_id)
    return talk.say("reasons.why_file", images=in_a_row([*images], talk.language)) if images else ""


def _found(turn: PastTurn, clause: str, talk: Conversation) -> str:
    """What a reader or the case library said."""
    for one in _all(turn, Neighbours):
        return talk.say(
            "reasons.collection",
            collection=one.collection,
            size=one.size,
            encoder=one.encoder,
            trust=trusted(one, talk),
        )
    found = _all(turn, Finding)
    told = [
        talk.say("reading.said_before", image=one.image_id, reader=one.model, text=one.text)
        for one in found
        if one.text in turn.text
    ] or [talk.say("reasons.reader_said", reader=one.model, text=one.text) for one in found]  # a ranking
    return _as_sure(" ".join([*told[:_READERS], talk.say("reasons.unchecked")]), clause, talk) if told else ""


def _as_sure(told: str, clause: str, talk: Conversation) -> str:
    """With the word that nothing is calibrated first, where it is asked how sure something is."""
    return f"{talk.say('reasons.how_sure')} {told}" if _SURE.search(clause) else told


def _located(told: str, clause: str, whole: str, talk: Conversation) -> str:
    """Where it is asked which part something was said of: that it was said of the whole."""
    return talk.say(f"reasons.{whole}") if _PART.search(clause) else told


def _images(found: Sequence[Measurement | Quality], talk: Conversation) -> str:
    return in_a_row([*dict.fromkeys(one.image_id for one in found)], talk.language)
