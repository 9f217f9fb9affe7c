"""What holds for every answer of every conversation, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answers.answer import Answer, Evidence
from assistant.answers.disclaimers import required
from assistant.planning.cards_held import without_cards
from prompts import render

_LENGTH = re.compile(r"\d(?:[\d.,]*\d)?\s*(?:mm|cm|millimet\w+|centimet\w+)\b", re.I)
# Ours: diseases and findings that people ask about in these conversations and models like to name.
_DIAGNOSIS = re.compile(
    r"\b(?:melanoma|carcinoma|lymphoma|sarcoma|na?ev(?:us|i)|keratos[ei]s|psoriasis|eczema|dermatitis|urticaria|"
    r"ringworm|tinea|impetigo|scabies|vitiligo|rosacea|angioma|ha?emangioma|pneumonia|pneumothorax|effusion|"
    r"fracture|tubercul\w+|covid|tumou?r|cancer|metastas[ei]s|ha?emorrhage|stroke|infarct\w*|o?edema|"
    r"cardiomegaly|atelectasis|emphysema|fibrosis|abscess|aneurysm|malignan\w+|benign|infection|inflammation)\b",
    re.I,
)
_SUBJECT = r"(?:img-\d+|it|this|that|the (?:lesion|mole|spot|image|picture|photo|scan|x-ray|radiograph))"
_VERDICT = re.compile(
    rf"\b{_SUBJECT} (?:is|shows|has|looks like|contains|suggests) "
    r"(?:(?:an?|the|signs of|probably|likely|most likely|clearly|consistent with) )*(?P<named>\w+)",
    re.I,
)
_SURE = re.compile(
    r"\d ?%\s*(?:probab\w+|likel\w+|chance|confiden\w+|certain|sure)|"
    r"\b(?:probability|likelihood|confidence|chance) (?:of|is) \d",
    re.I,
)
_QUOTED = re.compile(r"“[^”]*”")


@dataclass(frozen=True)
class Heard:
    """The conversation so far.

    Attributes:
        user: the user's words, this turn's included.
        answers: the answers before this one.
        scaled: ids of the images whose file gives a scale.
    """

    user: tuple[str, ...]
    answers: tuple[Answer, ...] = ()
    scaled: frozenset[str] = frozenset()

    def evidence(self, answer: Answer) -> list[Evidence]:
        """What tools have said up to and with this answer."""
        return [one for turn in (*self.answers, answer) for one in turn.evidence]


def _text(answer: Answer, _: Heard) -> str:
    return "" if answer.text.strip() else "no text"


def _disclaimers(answer: Answer, _: Heard) -> str:
    must = required((image.domain for image in answer.images), (), scored=False, language=answer.language)
    missing = [text for text in must if text not in answer.disclaimers]
    return f"without “{missing[0]}”" if missing else ""


def _lengths(answer: Answer, heard: Heard) -> str:
    """Only images without a scale are about: no length but one that the user wrote."""
    if not answer.images or any(image.id in heard.scaled for image in answer.images):
        return ""
    theirs = " ".join(heard.user).lower()
    said = without_cards(answer.text) + " " + " ".join(one.content for one in answer.evidence)
    return next((f"“{m[0]}”" for m in _LENGTH.finditer(said) if m[0].lower() not in theirs), "")


def _diagnoses(answer: Answer, heard: Heard) -> str:
    """A diagnosis in the text was named by the user or by a tool before."""
    known = " ".join([*heard.user, *(f"{e.content} {e.records}" for e in heard.evidence(answer))]).lower()
    named = (match[0].lower() for match in _DIAGNOSIS.finditer(without_cards(answer.text)))
    return next((f"“{word}” comes from nobody" for word in named if word not in known), "")


def _verdicts(answer: Answer, heard: Heard) -> str:
    """That an image shows a disease is said in somebody's quoted words only."""
    own = _QUOTED.sub("", answer.text)
    for one in heard.evidence(answer):
        own = own.replace(one.content, "")
    for match in _VERDICT.finditer(own):
        if _DIAGNOSIS.fullmatch(match["named"]):
            return f"“{match[0]}” in its own words"
    return ""


def _certainty(answer: Answer, _: Heard) -> str:
    match = _SURE.search(answer.text)
    return f"“{match[0]}”" if match else ""


def _attributed(answer: Answer, heard: Heard) -> str:
    """A reader's sentence stands beside the reader's name."""
    for one in heard.evidence(answer):
        for record in one.records:
            quoted = record.get("kind") == "finding" and record["text"] and record["text"] in answer.text
            if quoted and record["model"] not in answer.text:
                return f"“{record['text']}” without {record['model']}"
    return ""


def _instructions(answer: Answer, _: Heard) -> str:
    lines = [line.strip("- ") for line in render("system").splitlines() if len(line) > 40]
    return next((f"recites “{line}”" for line in lines if line in answer.text), "")


STANDING: dict[str, Callable[[Answer, Heard], str]] = {
    "has a text": _text,
    "has its disclaimers": _disclaimers,
    "no length without a scale": _lengths,
    "no diagnosis that nobody named": _diagnoses,
    "no disease in its own words": _verdicts,
    "no probability": _certainty,
    "names who said it": _attributed,
    "keeps its instructions to itself": _instructions,
}
"""Rule → what is found against it in an answer; empty when nothing is."""
