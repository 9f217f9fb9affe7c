"""Answers that need no tool: what Casebook is, what it does not do, and how to go on."""

from __future__ import annotations

from assistant.planning.conversation import Conversation
from assistant.planning.judge import ANSWERED
from assistant.planning.plan import Task
from assistant.planning.words import ELSEWHERE, Intent
from tools.language.glossary import explain, meant, say
from tools.language.replies import reply
from tools.language.subjects import MEDICAL

_WITH_IMAGES = (
    "about a picture you add: what kind of image it is and how I know; its technical quality; header facts "
    "such as pixel spacing; the share of air, fat, soft tissue and bone in a CT slice; the "
    "asymmetry, border, "
    "colours and size of a skin lesion; the nearest look-alikes in your own case library; which of several "
    "labels that you name fits a radiology image best (with PubMedCLIP); and two pictures side by side"
)


_READINGS: dict[Intent, str] = {
    "what_is": "to say what kind of picture it is",
    "describe": "to describe the picture",
    "read": "to say what the picture shows",
    "measure": "to measure it",
    "quality": "to check how good the picture is",
    "facts": "to tell what its file says",
    "tissue": "to tell how much air, fat and bone is in the slice",
    "similar": "to find similar cases",
    "compare": "to compare two pictures",
    "teach": "to explain how to look at such a picture",
    "glossary": "to explain a word",
    "why": "to say what my last answer rests on",
    "capabilities": "to say what I can do",
    "recall": "to repeat what was said before",
}


def capabilities(_task: Task, talk: Conversation) -> str:
    """What can be asked here."""
    reading = (
        f"A reading model is set up for {' and '.join(sorted(talk.readers))} images: ask what they show, "
        "for a second opinion, or how sure the reader is."
        if talk.readers
        else "No reading model is set up, so I do not say what disease an image shows; "
        "`casebook models list` names those that can be."
    )
    return (
        "I am Casebook, an assistant for research and teaching with radiology and dermatology images. Ask me "
        f"{_WITH_IMAGES}. {reading} I am not a doctor and not a medical device. You can say "
        f"“img-1” or “the first "
        "picture”, move through a scan with “next slice” or “slice 12”, and correct me with "
        "“treat img-1 as dermoscopy”."
    )


def greeting(_task: Task, talk: Conversation) -> str:
    """A short hello with the next step."""
    more = (
        f"We have {', '.join(talk.ids)} to talk about."
        if talk.ids
        else "Add a picture and ask, for example, “what is this?”."
    )
    return f"Hello. {more}"


def thanks(_task: Task, _talk: Conversation) -> str:
    """A short reply."""
    return "You are welcome. This chat is kept, so you can come back to its images at any time."


def danger(task: Task, talk: Conversation) -> str:
    """Somebody's life or safety is in danger: where to turn, in their language."""
    said = reply(talk.language)
    return f"{said.harm if task.detail == 'harm' else said.body} {said.limits}"


def personal(_task: Task, _talk: Conversation) -> str:
    """Somebody describes their own or another's symptoms."""
    return (
        "I cannot help with anyone's symptoms: Casebook is for research and teaching and is not "
        "able to judge a person's "
        "health. Please speak to a doctor, nurse or pharmacist. If it is severe, sudden or "
        "getting worse, such as trouble "
        "breathing, chest pain, weakness on one side, heavy bleeding, confusion or thoughts of "
        "suicide, call your local "
        "emergency number now."
    )


def advice(_task: Task, _talk: Conversation) -> str:
    """Whether to see someone, treat, worry: never answered from an image."""
    return (
        "I cannot advise on that. Whether something needs treatment, a biopsy or a visit depends "
        "on the person and not only "
        "on a picture: a clinician who can examine them should decide, soon if it is new, "
        "changing, bleeding or painful. "
        "I can still describe and measure the picture for teaching."
    )


def identity(_task: Task, _talk: Conversation) -> str:
    """Questions about the person behind an image."""
    return (
        "I do not know, and I do not try to find out. Names, identifiers, dates and institutions "
        "in a file's header are "
        "dropped when it is read; they are neither kept nor shown to any model. Text burned into "
        "the picture itself is not "
        "removed, so check the picture before you share it."
    )


def harm(_task: Task, _talk: Conversation) -> str:
    """A request that would hurt people or deceive."""
    return (
        "I will not help with that. Casebook describes and measures radiology and skin images for "
        "research and teaching; "
        "ask me about one and I will do my best."
    )


def declined(_task: Task, _talk: Conversation) -> str:
    """Something that the user does not want done."""
    return "All right, I leave that undone, and nothing was changed."


def unclear(task: Task, talk: Conversation) -> str:
    """Anything else: another language, another subject, or words the planner does not know."""
    if talk.language not in ANSWERED:
        said = reply(talk.language)
        return f"{said.limits} {said.language}"
    asks_back = [_READINGS[one] for one in task.either] if talk.ids else []
    if len(asks_back) > 1 and not ELSEWHERE.search(task.clause):
        return f"I am not sure what you mean. Do you want me {asks_back[0]}, or {asks_back[1]}?"
    if MEDICAL.search(task.clause):
        return textbook(task, talk)
    if talk.ids and not ELSEWHERE.search(task.clause):
        return (
            "I did not understand that as a question about your images. Try “what is this?”, "
            "“measure it”, “find similar "
            "cases”, “compare img-1 and img-2” or “what can you do?”."
        )
    return (
        "That is outside what I do. I answer questions about radiology and dermatology images "
        "that you add to this chat; "
        "“what can you do?” gives the list."
    )


def glossary(task: Task, talk: Conversation) -> str:
    """What terms mean: those that the question asks about, else those of Casebook's own that it names."""
    said = [say(one) for one in meant(task.clause)] or explain(task.clause)
    return "\n\n".join(said) or textbook(task, talk)


def textbook(_task: Task, _talk: Conversation) -> str:
    """A medical question that is not about an image of this chat."""
    return (
        "I cannot answer that: it is a medical question that no image in this chat can settle, "
        "and without a language "
        "model I have no medical knowledge to draw on beyond what terms mean. If it is about "
        "a picture, add the "
        "picture and ask again."
    )


def no_image(task: Task, _talk: Conversation) -> str:
    """A question about an image in a chat without one."""
    doing = {"compare": "compare two pictures", "measure": "measure", "similar": "look for similar cases"}
    wish = doing.get(task.intent, "answer that")
    return (
        f"There is no image in this chat yet, so I cannot {wish}. Add a radiograph, a scan (DICOM "
        f"and NIfTI included) or "
        "a photograph of skin with your question."
    )
