"""Short answers about the conversation itself: claims, disagreement, wishes that have no tool."""

from __future__ import annotations

import re

from assistant.planning.conversation import Conversation
from assistant.planning.lexicon import SAME_MODALITY, modalities_named
from assistant.planning.plan import Task
from tools.language.findings import FINDINGS

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?: ?(?:mm|cm|px|%|°))?")


def privacy(_task: Task, _talk: Conversation) -> str:
    """What becomes of the pictures."""
    return (
        "What you add is kept in Casebook's folder on the machine that runs it, until you delete the chat. "
        "Names, identifiers and dates in a file's header are dropped when it is read. Pictures and questions "
        "leave that machine only if whoever runs Casebook has set a model on a server elsewhere; "
        "`casebook doctor` lists the settings."
    )


def display(task: Task, _talk: Conversation) -> str:
    """A wish to see the picture otherwise, or to take it along."""
    if re.search(r"\b(?:export|download)\b", task.clause, re.I):
        return "I cannot export from here. `casebook ask --json` gives an answer with its evidence as data."
    return (
        "I cannot change how a picture is shown here: no other window, zoom or rotation. In a "
        "scan I can move "
        "through the slices: “next slice”, “slice 12”."
    )


def manage(_task: Task, _talk: Conversation) -> str:
    """A wish to delete something."""
    return (
        "I cannot delete from inside the conversation. Delete the whole chat in the list of chats, or with "
        "`casebook chats delete ID`; its images go with it unless another chat shows them too."
    )


def total_score(_task: Task, _talk: Conversation) -> str:
    """A total score of a dermoscopy rule."""
    return (
        "I compute no total score. The rules add up features that only a trained eye can judge, such as "
        "differential structures, and their total is read as a verdict. I measure parts of them: asymmetry, "
        "border, colours and size; say “measure it”."
    )


def limit(_task: Task, _talk: Conversation) -> str:
    """Whether a number is good or bad."""
    return (
        "I know of no limit between good and bad for that number, so I do not call it either. It can be "
        "compared with the same measurement on another picture: “compare img-1 and img-2”."
    )


def claim(task: Task, talk: Conversation) -> str:
    """“You said it is …”: checked against what was said."""
    said = " ".join(turn.text for turn in talk.past).lower()
    named = [*FINDINGS.findall(task.clause.lower()), *_NUMBER.findall(task.clause)]
    missing = [word for word in named if word not in said]
    if missing:
        return (
            f"I did not say that: “{missing[0]}” stands in none of my answers here. What I said of "
            f"each image is "
            "above, with the tool it comes from."
        )
    return "My answers are above, each with the tool it rests on; ask “why?” for the basis of the last one."


def disagree(_task: Task, talk: Conversation) -> str:
    """“That is wrong”: what the user can set right."""
    image_id = talk.ids[-1] if talk.ids else "img-1"
    return (
        f"I may well be wrong. If it is the kind of image, tell me: treat {image_id} as "
        f"dermoscopy, for example. "
        "If it is an outline, the numbers that rest on it are wrong too and should not be used."
    )


def which_is(task: Task, talk: Conversation) -> str:
    """Which image is of a kind."""
    codes = modalities_named(task.clause)
    if re.search(r"\b(?:skin|radiology)\b", task.clause, re.I) and not codes:
        wanted = "dermatology" if re.search(r"\bskin\b", task.clause, re.I) else "radiology"
        same = [row.id for row in talk.images if row.domain == wanted]
        return (
            f"{' and '.join(same)}." if same else "None of the images in this chat is known to be that kind."
        )
    found = [
        row.id
        for row in talk.images
        if row.modality and SAME_MODALITY.get(row.modality, row.modality) in codes
    ]
    if not codes:
        return (
            "I can tell images apart by kind, such as X-ray, CT, MRI, ultrasound, dermoscopy or photograph."
        )
    if not found:
        return "None of the images in this chat is known to be that kind."
    return f"{' and '.join(found)}."


def photographing(_task: Task, _talk: Conversation) -> str:
    """How to take a picture that can be taught from and measured."""
    return (
        "For a photograph of skin: clean the lens, hold the camera still and square to the skin, let it "
        "focus "
        "on the lesion and not on the background, and take several. Use even daylight or a soft lamp from "
        "the side, "
        "no flash that glares and no shadow. Let the lesion fill about a third of the picture with plain "
        "skin all "
        "around, without hair, ink or ornament over it. Go closer with the camera rather than with digital "
        "zoom, "
        "and send the file as the camera wrote it. A ruler beside the lesion is for the people who look: I "
        "read "
        "no ruler. For a radiograph or a scan, add the DICOM file and not a photograph of a screen.\n\n"
        "Then add the new picture and ask “is it good enough?”: I check light, contrast, sharpness and size."
    )


def add_cases(_task: Task, _talk: Conversation) -> str:
    """How cases come into the library, and labels to a classifier."""
    return (
        "Cases come into your library on the command line: `casebook library import cases.csv`, a table "
        "with the columns image and label, or a folder with one sub-folder per label. A picture added to "
        "this chat becomes a case only on your order, such as “save img-1 as normal”, and only where whoever "
        "runs Casebook lets this chat write to the library. A classifier of your own labels is trained from "
        "the library with `casebook library train`; it needs ten patients or lesions of every label."
    )


def skin_tone(_task: Task, talk: Conversation) -> str:
    """How far the methods hold on other skin."""
    skin = [row.id for row in talk.images if row.domain == "dermatology"]
    where = f" in {skin[-1]}" if skin else ""
    return (
        "Less is known there. Methods for skin images, my lesion outline and the published reading models "
        "among them, are less tested on darker skin, and where a lesion stands out little from the skin "
        "around "
        f"it an outline can go wrong. Look at the outline{where} before you use a number from it. I "
        "measure the "
        "skin around a lesion as an individual typology angle, which describes the picture and not the "
        "person, and I name no skin type."
    )
