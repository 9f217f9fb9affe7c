"""Answers that need no tool: what Casebook is, what was said and meant, and how to go on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.planning.conversation import Conversation
from assistant.planning.danger import AGAIN, asks_for_medicine
from assistant.planning.goes_on import readings, shown
from assistant.planning.judge import ANSWERED, HALF
from assistant.planning.lexicon import SAME_MODALITY, modalities_named
from assistant.planning.looked_back import PICTURES
from assistant.planning.possible import surely
from assistant.planning.say_image import gate_of, kind_words
from assistant.planning.say_read import none_here
from assistant.planning.say_why import why
from assistant.planning.task import Task
from assistant.planning.words import ELSEWHERE, Intent
from tools.language.findings import FINDINGS
from tools.language.glossary import explain, meant
from tools.language.glossary import say as define
from tools.language.replies import reply
from tools.language.rules import heard
from tools.language.sayings import in_a_row, was_said
from tools.language.subjects import MEDICAL

ALWAYS: dict[Intent, str] = {
    "harm": "care.harm",
    "for_care": "care.not_for_care",
    "personal": "care.personal",
    "identity": "care.identity",
    "thanks": "chat.thanks",
    "declined": "chat.left_undone",
    "privacy": "chat.privacy",
    "manage": "chat.no_deleting",
    "photographing": "chat.photographing",
    "add_cases": "look_alikes.adding",
    "change_cases": "library.changing",
    "material": "chat.material",
    "level": "chat.level",
    "language": "chat.language",
    "instructions": "chat.instructions",
    "total_score": "measures.no_total",
}
"""What is answered with the same words whenever it is asked."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?: ?(?:mm|cm|px|%|°))?")
_OUTLINE = heard("asides", "disagree")
_SHORT, _OF_IT = heard("going_on", "in_short"), heard("going_on", "what_it_means")
_OF_CHECKS = heard("basis", "of_checks")
_HOW_SOON, _ALARMING = heard("soon", "how_soon"), heard("soon", "alarming")
_ILL: tuple[Intent, ...] = ("personal", "danger")
_WITHOUT = {
    "compare": "chat.no_image_to_compare",
    "measure": "chat.no_image_to_measure",
    "similar": "chat.no_image_to_look_up",
}


def capabilities(_task: Task, talk: Conversation) -> str:
    """What can be asked here; in short where that is wished, or where it was told before."""
    if _SHORT.search(talk.said or talk.question) or any(
        was_said("chat.capabilities", turn.text) for turn in talk.past
    ):
        return talk.say("chat.capabilities_short")
    kinds = [talk.word("domains", domain) for domain in sorted(talk.readers)]
    if kinds:
        reading = talk.say("chat.reads", kinds=in_a_row(kinds, talk.language))
    else:
        reading = talk.say("chat.reads_none", missing=none_here(talk)).strip()
    return talk.say("chat.capabilities", reading=reading)


def greeting(_task: Task, talk: Conversation) -> str:
    """A short hello with the next step."""
    return talk.say("chat.hello_again", images=", ".join(talk.ids)) if talk.ids else talk.say("chat.hello")


def danger(task: Task, talk: Conversation) -> str:
    """Somebody's life or safety is in danger: where to turn, in their language; no medicine is advised on."""
    said, what = reply(talk.spoken), task.detail.removesuffix(AGAIN)
    whole = f"{said.harm if what == 'harm' else said.body} {said.limits}"
    line = said.harm_again if what == "harm" else said.body_again
    told = line if line and task.detail.endswith(AGAIN) else whole
    asks = what == "body" and talk.spoken in ANSWERED and asks_for_medicine(talk)
    return f"{told}\n\n{talk.say('care.no_dose')}" if asks else told


def over(task: Task, talk: Conversation) -> str:
    """A danger is over, or help on its way: when to call again; in a line where more is answered."""
    return talk.say(f"care.{task.detail}")


def unclear(task: Task, talk: Conversation) -> str:
    """Anything else: another language, another subject, or words the planner does not know."""
    if talk.spoken not in ANSWERED:
        said = reply(talk.spoken)
        back = _asked_back(task.either, talk) if len(task.either) > 1 else ""
        return f"{said.limits} {said.language}\n\n{back}".strip()
    if task.detail:
        return talk.say("chat.all_told", image=task.images[0])
    if ELSEWHERE.search(task.clause) or not (talk.ids or len(task.either) > 1):
        return talk.say("chat.textbook" if MEDICAL.search(task.clause) else "chat.outside")
    if talk.ids and not (talk.past or talk.attached or task.either):
        return talk.say("chat.not_understood")
    offered = readings(task.either, talk) if talk.ids else task.either
    if len(offered) > 1:
        return _asked_back(offered, talk)
    asks = "?" in (talk.said or talk.question)
    return talk.say("asking.neither_question" if asks else "asking.neither", image=shown(talk))


def _asked_back(either: Sequence[Intent], talk: Conversation) -> str:
    """One short question back with two readings."""
    first, second = (talk.say(f"asking.{one}") for one in either)
    return talk.say("asking.either", first=first, second=second)


def glossary(task: Task, talk: Conversation) -> str:
    """What terms mean: those that the question asks about, else those of Casebook's own that it names."""
    said = [define(one, talk.language) for one in meant(task.clause)]
    said = said or explain(task.clause, talk.language)
    if not said and talk.past and (_OF_CHECKS.search(task.clause) or _OF_IT.search(task.clause)):
        return why(task, talk)
    return "\n\n".join(said) or talk.say("chat.textbook")


def advice(task: Task, talk: Conversation) -> str:
    """What somebody who may be ill should do: that a doctor decides, and soon where it is asked how soon."""
    if not _HOW_SOON.search(talk.written.get(task.clause, task.clause)):
        return talk.say("care.advice")
    told = (*talk.lately, talk.said or talk.question)
    alarmed = any(_ALARMING.search(one) or surely(one, HALF) in _ILL for one in told)
    return talk.say("care.soon" if alarmed else "care.when_seen")


def no_image(task: Task, talk: Conversation) -> str:
    """A question about an image in a chat without one."""
    return talk.say(_WITHOUT.get(task.intent, "chat.no_image"))


def claim(task: Task, talk: Conversation) -> str:
    """“You said it is …”: checked against what was said."""
    kinds = [
        talk.say("comparing.image_of_kind", image=one.id, kind=kind_words(gate_of(talk, one.id), talk))
        for one in talk.images
    ]
    so_far = [talk.say("reasons.images", images=", ".join(kinds))] if kinds else []
    if task.detail == PICTURES:
        count = talk.say("file.images_here" if len(kinds) > 1 else "file.one_image_here", count=len(kinds))
        return " ".join([count, *so_far])
    said = " ".join(turn.text for turn in talk.past).lower()
    named = [*FINDINGS.findall(task.clause.lower()), *_NUMBER.findall(task.clause)]
    missing = [one for one in named if one not in said]
    if missing:
        return talk.say("reasons.not_said", word=missing[0])
    return " ".join([talk.say("reasons.above"), *so_far])


def disagree(task: Task, talk: Conversation) -> str:
    """“That is wrong”: what the user can set right."""
    if task.images:
        return _supposed(task.images[0], talk)
    outline = talk.say("reasons.outline_wrong")
    if _OUTLINE.search(task.clause):
        return outline
    return talk.say("reasons.may_be_wrong", image=talk.ids[-1] if talk.ids else "img-1", outline=outline)


def _supposed(image: str, talk: Conversation) -> str:
    """That a picture stays what it is taken for where another kind is only supposed."""
    gate = gate_of(talk, image)
    if gate.domain == "unknown":
        return talk.say("kinds.supposed_unknown", image=image)
    return talk.say("kinds.supposed", image=image, kind=kind_words(gate, talk, article=True))


def denied(task: Task, talk: Conversation) -> str:
    """A picture is said not to be what it is taken for, and not what else it is: what is asked back."""
    (image,) = task.images
    gate = gate_of(talk, image)
    if gate.domain == "unknown":
        return talk.say("kinds.denied_unknown", image=image)
    return talk.say("kinds.denied", image=image, kind=kind_words(gate, talk, article=True))


def which_is(task: Task, talk: Conversation) -> str:
    """Which image is of a kind."""
    codes = modalities_named(task.clause)
    domain = re.search(r"\b(?:skin|radiology)\b", task.clause, re.I)
    if not codes and not domain:
        return talk.say("kinds.told_apart")
    wanted = "dermatology" if re.search(r"\bskin\b", task.clause, re.I) else "radiology"
    found = [
        row.id
        for row in talk.images
        if (row.modality and SAME_MODALITY.get(row.modality, row.modality) in codes)
        or (not codes and row.domain == wanted)
    ]
    if not found:
        return talk.say("kinds.none_of_them")
    return talk.say("kinds.those", images=in_a_row(found, talk.language))


def skin_tone(_task: Task, talk: Conversation) -> str:
    """How far the methods hold on other skin."""
    skin = [row.id for row in talk.images if row.domain == "dermatology"]
    look = talk.say("measures.look_at_outline")
    if skin:
        look = talk.say("measures.look_at_outline_in", image=skin[-1])
    return talk.say("measures.skin_tone", look=look)
