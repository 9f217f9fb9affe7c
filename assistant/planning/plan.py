"""A question → tasks: what is to be answered, in which words, about which images."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.planning.after_danger import what_ended, with_ended
from assistant.planning.at_once import POLITE, said_of_no_picture, stated, with_picture, without_telling
from assistant.planning.by_card import by_card
from assistant.planning.clauses import clauses
from assistant.planning.conversation import Conversation
from assistant.planning.danger import (
    RULED,
    asks_for_medicine,
    danger_first,
    danger_in,
    is_personal_still,
    is_ruled,
    noticed,
)
from assistant.planning.danger_told import danger_of
from assistant.planning.declined import is_order, wanted, without_unwanted
from assistant.planning.each_wish import each_wish
from assistant.planning.follow_up import by_context, is_another_kind, other_side, was_measured
from assistant.planning.for_readers import before_options, of_reasons, reader_of
from assistant.planning.foreign import in_another_language
from assistant.planning.free_words import labels_of, slice_meant
from assistant.planning.goes_on import more_wished
from assistant.planning.judge import ANSWERED, CLEAR, Asked, asked, judged
from assistant.planning.kind_question import by_kind
from assistant.planning.kind_told import of_the_kind
from assistant.planning.leaning import of_no_card
from assistant.planning.lessons import lesson, taught
from assistant.planning.lexicon import SAME_MODALITY, kind_stated
from assistant.planning.library import (
    deed_in,
    is_in_quiz,
    is_of_the_library,
    look_alikes_of,
    narrows_down,
    without_moves,
)
from assistant.planning.limits import asks_for_limit
from assistant.planning.looks import drawn_otherwise, only_looks
from assistant.planning.named_facts import of_the_file, with_facts
from assistant.planning.only_said import asks_if_bad
from assistant.planning.possible import surely
from assistant.planning.reading_wish import Wish, reading_wish
from assistant.planning.reference import BRINGS, Reference, focus, is_elliptical, pair, picture_first, resolve
from assistant.planning.seen import asked_of_viewer
from assistant.planning.slices import (
    has_no_width,
    in_named_volume,
    is_of_window,
    move,
    needs_a_ct,
    one_view,
    scan_meant,
    slice_task,
    window_wished,
)
from assistant.planning.small_talk import with_talk
from assistant.planning.task import FIRST, NEEDS_IMAGE, Task
from assistant.planning.windows_shown import NO_CT
from assistant.planning.wishes import wishes
from assistant.planning.words import Intent, firm_intents, intent_of
from store.records import MODALITY_WORDS
from tools.language import glossary
from tools.language.kind_questions import is_beside
from tools.language.labels import image_words
from tools.language.library import means_both
from tools.language.pictures import names_picture
from tools.language.rules import heard

_ASPECT, _ONLY = heard("measures", "aspect"), heard("measures", "only")
_KIND_FILLER, _BESIDE = heard("questions", "kind_filler"), heard("questions", "beside")
_TO_INHERIT: frozenset[Intent] = NEEDS_IMAGE - {"treat_as", "slice"} | {"similar"}

_STATES, _SHOWS = heard("judging", "states"), heard("judging", "shows")
_OPEN = ("unclear", "claim", "disagree", "limit", "quality", "describe", "which_is", "compare")
_NO_ANSWER = (*POLITE, "unclear", "declined", "danger", "personal", "capabilities")


def make_tasks(talk: Conversation) -> list[Task]:
    """What the question asks for, wish by wish; at least one task."""
    told, rest = what_ended(talk)
    return with_ended(told, each_wish(rest, _of_one_message) if rest.question or not told else [])


def _of_one_message(talk: Conversation) -> list[Task]:
    if danger := danger_in(without_moves(talk)):
        others = _of_pictures(talk)
        return danger_first([Task("danger", talk.question, detail=noticed(danger, others, talk)), *others])
    if of_none := said_of_no_picture(talk):
        return danger_first([of_none])
    want = wanted(talk.question)
    if not want.left:
        return [Task("declined", talk.question)]
    left = replace(talk, question=want.left)
    seen = [Task(intent, left.question, ids, detail=more) for intent, ids, more in asked_of_viewer(left)]
    if not seen and (found := stated(talk)):
        return danger_first(with_talk(drawn_otherwise(found, talk), talk))
    tasks = [without_unwanted(one, want) for one in seen or _tasks(left)]
    found = [*with_facts(with_picture(tasks, talk), talk)]
    found = found if seen else of_no_card(by_card(found, talk), left)
    return danger_first(with_talk(drawn_otherwise(found, talk), talk))


def _of_pictures(talk: Conversation) -> list[Task]:
    """What somebody in danger asks besides: of a picture that they name, or anything once they told of it."""
    left, told = wanted(talk.question).left, danger_of(talk.said or talk.question)
    if not left or asks_for_medicine(talk) or (told and not (talk.ids and names_picture(left))):
        return []
    of_it = [one for one in _tasks(replace(talk, question=left)) if one.intent not in _NO_ANSWER]
    return [one for one in of_it if one.intent in NEEDS_IMAGE and one.images] if told else of_it


def _tasks(talk: Conversation) -> list[Task]:
    """What a question asks for that holds nothing that is not wanted."""
    wish = _wish(talk)
    if (wish or talk.reader) and not is_ruled(talk, by_ear=not wish):
        meant = resolve(wish.where if wish else talk.question, talk)
        return [Task("read", wish.question if wish else talk.question, meant.ids, meant.note, wish=wish)]
    if talk.spoken not in ANSWERED:
        return [in_another_language(talk)]
    stem = before_options(talk.question)
    if stem and reader_of(talk) and asked(stem).intent not in RULED:
        # Options without their question, or a question without its options, would be another question.
        return [Task("read", talk.question, talk.attached)]
    if glossary.quoted(talk.question) or glossary.explained(talk.question):
        return [Task("glossary", talk.question)]
    return _by_clause([stem] if stem else wishes(talk), talk)


def _by_clause(parts: Sequence[str], talk: Conversation) -> list[Task]:
    """What the clauses of a question ask for, one by one or together."""
    tasks: list[Task] = []
    rest, first = picture_first(parts, talk)
    for clause in [one for one in rest if not (is_beside(one) or _SHOWS.search(one))] or rest:
        before = tasks[-1].images if tasks else first
        task = _task(clause, talk, before)
        if (
            (task.intent == "unclear" and tasks)
            or (task.detail == "quiz" and any(one.detail == "quiz" for one in tasks))
            or (task.intent == "capabilities" and any(one.intent == "capabilities" for one in tasks))
        ):
            continue
        tasks.append(task)
    told = {one.intent for one in tasks}
    known = told & {*firm_intents("always"), "why", *(surely(one) for one in parts)}
    known |= {one.intent for one in tasks if one.detail == "quiz" or window_wished(one.clause)}
    if len(parts) > 1 and not known and surely(talk.question, CLEAR):
        whole = judged(talk.question, "unclear", talk=talk)
        tasks = tasks if whole.intent in (*told, "unclear") else [_by_ear(talk.question, talk, (), whole)]
    idle = (*POLITE, "unclear", *(["textbook"] if told - {"textbook"} else []))
    kept = without_telling([t for t in tasks if t.intent not in idle] or tasks[:1])
    told_once = [replace(t, clause=talk.question) if t.intent == "tissue" else t for t in kept]
    return one_view(list({(t.intent, t.images, t.clause.lower()): t for t in told_once}.values()))


def _wish(talk: Conversation) -> Wish | None:
    """What the question asks of the reading models; how sure they are only if there are some."""
    tools = talk.readers.values()
    before = [one.question for turn in talk.past for one in turn.results if one.tool in tools]
    wish = reading_wish(talk.question, before)
    return wish if wish and (wish.both or talk.readers) else None


def _task(clause: str, talk: Conversation, before: Sequence[str]) -> Task:
    if found := _known_at_once(clause, talk):
        return found
    intent, match = intent_of(clause)
    if match and intent in FIRST and not is_order(intent, clause, match):
        intent, match = intent_of(clause, without=FIRST)
    alone = judged(clause, intent, talk=talk).intent
    if is_personal_still(alone, clause, talk):
        return Task("personal", clause)
    if place := move(clause, talk):
        # A place, such as the middle, names no image.
        meant = resolve(clause, talk, before) if is_of_window(place) else Reference(focus(talk))
        task = Task("slice", clause, meant.ids, meant.note)
        return task if meant.note else slice_task(task, place, talk)
    topic = alone if alone in ("advice", "tissue") else intent
    if told := lesson(topic, clause, talk, before):
        return told
    repeats = intent in ("read", "unclear", "measure", "slice") and not (match and match.groupdict().get("n"))
    if repeats and is_elliptical(clause, talk):
        return _inherited(clause, talk, before)
    known = by_context(intent, clause, talk)
    heard = judged(clause, intent, match, known=known, talk=talk)
    return _by_ear(clause, talk, before, heard)


def _by_ear(clause: str, talk: Conversation, before: Sequence[str], heard: Asked) -> Task:
    """The task of what rules, chat and ear hear in a clause."""
    bad = talk.ids and heard.intent in _OPEN and asks_if_bad(talk.written.get(clause, clause))
    intent = "read" if bad else by_kind(heard.intent, clause, talk)
    if intent == "compare" and len(talk.ids) == 1 and len(labels_of(clause)) > 1:
        # “Oedema versus pneumonia?” compares no pictures.
        intent = "read"
    intent = of_reasons(intent, clause, talk)
    skin = any(talk.image(one).domain == "dermatology" for one in talk.ids)
    if intent == "why" and skin and _ASPECT.search(clause) and not was_measured(talk):
        intent = "measure"  # “prove that it has three colours”
    if intent == "describe" and _ONLY.search(clause) and _ASPECT.search(clause):
        intent = "measure"  # “describe the colours only”
    if intent == "library" or (intent not in RULED and is_of_the_library(clause, talk)):
        return _of_the_library(clause, talk, before)
    if intent == "teach":
        return taught(intent, clause, talk, before) or Task("textbook", clause)
    if intent not in NEEDS_IMAGE:
        return Task(intent, clause, tuple(focus(talk)) if intent == "why" else (), either=heard.either)
    where = image_words(clause) if intent == "rank" else clause
    several = intent == "compare" or (intent == "rank" and len(labels_of(clause)) < 2)
    meant = pair(clause, talk, before) if several else resolve(where, talk, before)
    task = Task(intent, clause, meant.ids, meant.note)
    if intent not in FIRST:
        return task
    return _with_detail(task, heard.match, talk) if heard.match else _with_free_detail(task, talk)


def _known_at_once(clause: str, talk: Conversation) -> Task | None:
    """A move in a quiz, a kind told, more, a choice among cases shown, a window without a CT, a limit."""
    if deed := "quiz" if is_in_quiz(clause, talk) else "browse" if narrows_down(clause, talk) else "":
        return Task("library", clause, detail=deed)
    written = talk.written.get(clause, clause)
    told = of_the_kind(written, clause, talk)
    told = told if told and told.detail else more_wished(written, talk) or of_the_file(written, talk)
    if told := told or next(iter(only_looks(written, talk)), None):
        return told
    if alike := look_alikes_of(clause, talk, surely=True):
        return Task("similar", clause, alike)
    if needs_a_ct(clause, talk):
        return Task("display", clause, resolve(clause, talk).ids[-1:], detail=NO_CT)
    if has_no_width(clause):
        return Task("display", clause, detail="no width")
    return Task("limit", clause) if asks_for_limit(clause, talk) else None


def _of_the_library(clause: str, talk: Conversation, before: Sequence[str]) -> Task:
    """What is wanted of the case library: the look-alikes found last, narrowed down, are looked up again."""
    if alike := look_alikes_of(clause, talk, surely=False):
        return Task("similar", clause, alike)
    deed = deed_in(clause)
    meant = resolve(clause, talk, before) if deed == "save" else Reference(())
    newest = () if meant.explicit else tuple(one for one in talk.ids if one in meant.ids)
    images = talk.ids[-2:] if deed == "save" and means_both(clause) else (newest or meant.ids)[-1:]
    return Task("library", clause, images, meant.note, deed)


def _with_detail(task: Task, match: re.Match[str], talk: Conversation) -> Task:
    """The task with its slice, or with the kind that the user says the image is."""
    if task.intent == "slice":
        return slice_task(task, match, talk)
    kind = match["kind"] or match["kind2"]
    return replace(task, images=task.images[-1:], detail=_KIND_FILLER.sub("", kind).strip())


def _with_free_detail(task: Task, talk: Conversation) -> Task:
    """The same where no rule knows the form of the words."""
    if task.intent == "treat_as":
        kind, image = kind_stated(task.clause) or "", talk.image("".join(task.images[-1:]))
        if _STATES.search(task.clause) and SAME_MODALITY.get(image.modality or "", image.modality) == kind:
            return replace(task, intent="what_is")
        return replace(task, images=task.images[-1:], detail=MODALITY_WORDS[kind])
    row = scan_meant(task.images, talk)
    place = in_named_volume(talk.written.get(task.clause, task.clause), row) or slice_meant(task.clause, row)
    if place is None:
        return Task("level", task.clause)
    return replace(task, images=(row.id,), detail=str(place))


def _inherited(clause: str, talk: Conversation, before: Sequence[str]) -> Task:
    """“And the second one?” asks of that image what was last asked."""
    asked = [
        (i, c)
        for turn in talk.past
        for c in clauses(wanted(turn.question).left)
        if (i := intent_of(c)[0]) in _TO_INHERIT and not is_elliptical(c, talk)
    ]
    if not _BESIDE.search(clause) and len(resolve(clause, talk, before).ids) < 2:
        asked = [(intent, words) for intent, words in asked if intent != "compare"]
    intent, words = asked[-1] if asked else ("describe", clause)
    if is_another_kind(talk) or (intent in ("facts", "header") and talk.attached and BRINGS.search(clause)):
        intent, words = "what_is", clause
    swapped = None if resolve(clause, talk, before).explicit else other_side(words, clause)
    if swapped:
        return Task(intent, swapped, (resolve("", talk, before)).ids)
    meant: Reference = pair(clause, talk, before) if intent == "compare" else resolve(clause, talk, before)
    return Task(intent, words, meant.ids, meant.note)
