"""What was said before, told again: readers' words, what they were asked, look-alikes that were found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.planning.alarms import hear, named
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation, PastTurn, Result
from assistant.planning.earlier import as_written
from assistant.planning.follow_up import matches_of, readings
from assistant.planning.judge import HALF
from assistant.planning.polite import IN_FEW_WORDS
from assistant.planning.possible import surely
from assistant.planning.reference import images_of, resolve
from assistant.planning.say_cases import counted, letters
from assistant.planning.say_image import records
from assistant.planning.task import Task
from assistant.planning.teaching import card_shown
from assistant.planning.words import Intent, intent_of
from store.records import Finding, Match, Neighbours
from tools.language.anatomy import INNER
from tools.language.findings import FINDINGS
from tools.language.rules import heard
from tools.models.systems.cards import READERS, SYSTEMS

_COMMON = re.compile(
    r"the|and|was|were|did|does|what|which|who|how|where|when|that|this|there|again|about|with|says?|said|"
    r"tell|"
    r"told|named?|find|found|call|called|see|saw|mention(?:ed)?|reader|image|picture|you|your|one|for|derm|"
    r"captioner|radiographer|babydoctor"
)
_READERS = [name for known in READERS.values() for name in known]
_ALL = re.compile(r"\b(?:everything|all|so far|whatever)\b", re.I)
_BRIEF = heard("asides", "brief")
_STEP, _POINT_ENDS = re.compile(r"\d+\. "), re.compile(r"(?<=[^\d\W])[.:;](?=\s|$)")
_REPEAT, _SAID_BEFORE = heard("talk", "repeat"), heard("talk", "said_before")
# Ours: of what the ear hears less, nothing is told.
_LEAST = 0.02
_OF_NOTHING = ("unclear", "read", "recall", "claim", "why", "thanks")
# Ours: more quotations at once are no answer to one question.
_MOST = 12


def recall(task: Task, talk: Conversation) -> str:
    """What readers have said of what a question is about; their last words where they said nothing of it."""
    if talk.past and _BRIEF.search(task.clause):
        told = next((turn for turn in reversed(talk.past) if not _BRIEF.search(turn.question)), talk.past[-1])
        said_shorter = talk.say(
            "reading.said_shorter", question=as_written(told, talk), said=brief(told.text)
        )
        return _of_its_card(said_shorter, told.text, talk)
    said = readings(talk)
    if not said:
        return _said_then(task.clause, talk) or questions_so_far(talk)
    wanted = _words(task.clause)
    overlap = [len(wanted & _words(f"{result.question} {one.text}")) for result, one in said]
    best = 0 if _ALL.search(task.clause) else max(overlap, default=0)
    last = said if _ALL.search(task.clause) else [p for p in said if p[0].question == said[-1][0].question]
    chosen = [pair for pair, n in zip(said, overlap, strict=True) if n == best] if best else last
    named = [*FINDINGS.findall(task.clause), *INNER.findall(task.clause)]
    absent = [word for word in named if not any(word.lower() in one.text.lower() for _, one in chosen)]
    none = [talk.say("reading.none_named", word=absent[0].lower())] if absent else []
    quoted = dict.fromkeys(_quoted(result, one, talk) for result, one in chosen[-_MOST:])
    return f"{' '.join([*none, *quoted])}\n\n{talk.say('reading.not_again')}"


def as_short_as_wished(lesson: str, talk: Conversation) -> str:
    """A lesson, or where a short answer is wished its points alone, below what is said of them before."""
    paragraphs = lesson.split("\n\n")
    listed = next((n for n, one in enumerate(paragraphs) if "\n" in one), None)
    if listed is None or not IN_FEW_WORDS.search(talk.said or talk.question):
        return lesson
    return _of_its_card("\n\n".join([*paragraphs[:listed], brief(paragraphs[listed])]), lesson, talk)


def _of_its_card(shortened: str, whole: str, talk: Conversation) -> str:
    """What was shortened, with the sentence on the card that it is of, if it is of one."""
    card = card_shown(whole, talk)
    return f"{shortened}\n\n{talk.say('teaching.shortened', title=card.title)}" if card else shortened


def brief(answer: str) -> str:
    """An answer's first paragraph: of a list the beginning of each point, else its first sentence."""
    first, *lines = answer.split("\n\n", maxsplit=1)[0].strip().split("\n")
    steps = [line for line in lines if _STEP.match(line)] or [line for line in lines if line.startswith("- ")]
    if steps:
        return "\n".join([first, "", *(_POINT_ENDS.split(line, maxsplit=1)[0] for line in steps)])
    return re.split(r"(?<=[.!?])\s+(?=\W*[A-ZÄÖÜÁÉÍÓÚÑ])", first, maxsplit=1)[0]


def _quoted(result: Result, one: Finding, talk: Conversation) -> str:
    said = {"image": one.image_id, "reader": one.model, "text": one.text}
    if result.question:
        return talk.say("reading.said_before_to", question=result.question, **said)
    return talk.say("reading.said_before", **said)


def _said_then(clause: str, talk: Conversation) -> str:
    """The answer to the last question of the kind that is asked of now, or the last of all; else nothing."""
    told = [turn for turn in talk.past if turn.text and turn.results]
    meant = resolve(clause, talk)
    of_it = [turn for turn in told if meant.explicit and {*meant.ids} & {*images_of(turn)}]
    told = of_it or told
    like = ([turn for turn in told if about in _asked_for(turn)] for about in _abouts(clause, talk))
    chosen = next(filter(None, like), told if _REPEAT.search(clause) else [])
    if not chosen:
        return ""
    return talk.say("reading.said_then", question=as_written(chosen[-1], talk), said=chosen[-1].text)


def _abouts(clause: str, talk: Conversation) -> Iterator[Intent]:
    """What the words ask of besides that it was said before, by the rules and by the ear, likeliest first."""
    ruled = intent_of(clause)[0]
    if ruled not in _OF_NOTHING:
        yield ruled
    itself = _SAID_BEFORE.sub(" ", talk.written.get(clause, clause))
    yield from (said for _, said, score in named(hear(itself)) if score >= _LEAST and said not in _OF_NOTHING)


def _asked_for(turn: PastTurn) -> set[Intent | None]:
    """What an earlier turn asked for."""
    return {surely(turn.question, HALF), *(intent_of(one)[0] for one in clauses(turn.question))}


def questions_so_far(talk: Conversation) -> str:
    """What the user asked before, and how each answer began, where no reader has said anything."""
    if not talk.lately:
        return talk.say("reading.nothing_before")
    answers = [""] * (len(talk.lately) - len(talk.past)) + [turn.text for turn in talk.past]
    asked = [
        talk.say("reading.asked_and_said", question=question, said=said.split("\n")[0])
        for question, said in zip(talk.lately, answers[-len(talk.lately) :], strict=True)
    ]
    return "\n\n".join([talk.say("reading.only_asked"), "\n".join(f"- {one}" for one in asked[-_MOST:])])


def sent(_task: Task, talk: Conversation) -> str:
    """What the reader was given."""
    said = readings(talk)
    if not said:
        return talk.say("reading.nothing_sent")
    result, one = said[-1]
    if not result.question:
        return talk.say("reading.sent_its_question", reader=one.model, image=one.image_id)
    return talk.say("reading.sent", reader=one.model, image=one.image_id, question=result.question)


def reader_quality(task: Task, talk: Conversation) -> str:
    """What is known of how good a reader is: by its card, not by us."""
    named = [name for name in _READERS if name in task.clause.lower()]
    here = [name for name in _READERS if SYSTEMS[name].domain in talk.readers]
    cards = [
        talk.say(
            "reading.card",
            reader=name,
            checkpoint=SYSTEMS[name].checkpoint,
            limits=" ".join(SYSTEMS[name].limits),
        )
        for name in named or here or _READERS
    ]
    lines = "\n".join(f"- {card}" for card in cards)
    return "\n\n".join([talk.say("reading.no_accuracy"), lines, talk.say("reading.how_good")])


def matches(task: Task, talk: Conversation) -> str:
    """What the look-alikes of the last search were labelled, and what that does not mean."""
    turn = next(turn for turn in reversed(talk.past) if matches_of(turn))
    means = re.search(r"\bmean\b|^\W*(?:so|then|is|are)\b", task.clause, re.I)
    first = talk.say("look_alikes.not_the_diagnosis") if means else ""
    found = [_found(result, talk) for result in turn.results]
    return " ".join(filter(None, [first, *found, talk.say("look_alikes.imported_labels")]))


def _found(result: Result, talk: Conversation) -> str:
    found, panels = records(result, Match), records(result, Neighbours)
    if not found or not panels:
        return ""
    ranked = sorted(found, key=lambda match: -match.similarity)
    sources = ", ".join(dict.fromkeys(letters(match.source) for match in ranked if match.source))
    said = talk.say(
        "look_alikes.found",
        found=len(found),
        image=result.image_id,
        counts=counted(panels[0], len(found), talk),
        label=letters(ranked[0].label),
        similarity=ranked[0].similarity,
        last=ranked[-1].similarity,
    )
    more = talk.say("look_alikes.sources", sources=sources) if sources else ""
    far = talk.say("look_alikes.none_is_near") if panels[0].near is False else ""
    return " ".join(filter(None, [said, more, far]))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{3,}", text.lower()) if not _COMMON.fullmatch(word)}
