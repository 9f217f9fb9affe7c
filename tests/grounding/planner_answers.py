"""The built-in planner's answers over drawn pictures, from real runs of the tools."""

from __future__ import annotations

import tempfile
from pathlib import Path

from assistant import Assistant, load_settings
from assistant.answers.answer import Evidence, Refused
from assistant.examples import examples
from assistant.grounding import facts_of
from assistant.memory.messages import image_ref
from assistant.planning.cards_held import without_cards
from tests.grounding.chats import Case
from tests.scripted.readers import ScriptedReaders

_MORE = {
    "skin": ("What colours does it have?", "Is it symmetric?", "why?", "How big is it?", "Is it a melanoma?"),
    "ct": (
        "Is the picture good enough?",
        "why?",
        "What does Hounsfield mean?",
        "Describe it",
        "Is there a fracture?",
    ),
    "chest": ("What does the file header say?", "Is there a pneumothorax?", "Describe it", "why?"),
    "volume": ("Next slice", "What is this?", "What does the file header say?", "Show slice 3"),
}
_READ = {
    "radiographer": ["There is a small left pleural effusion. No pneumothorax."],
    "derm-captioner": ["A brown macule with an irregular border, in keeping with a naevus."],
}


def planner_cases() -> list[Case]:
    """One case for every answer of a chat about each drawn picture, without and with reading models."""
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for name, answers in (("planner", None), ("planner-reader", _READ)):
            with Assistant(load_settings(home=Path(folder) / name)) as assistant:
                if answers:
                    readers = ScriptedReaders({key: list(value) for key, value in answers.items()})  # type: ignore[arg-type]
                    assistant.services.__dict__["readers"] = readers
                made += _of_examples(assistant, name)
        return made


def _of_examples(assistant: Assistant, name: str) -> list[Case]:
    made = []
    for example in examples():
        if name == "planner-reader" and example.name not in ("skin", "chest"):
            continue
        chat = assistant.chat()
        said: list[Evidence] = []
        refused: list[Refused] = []
        asked: list[str] = []
        picture = [example.draw()]
        for n, question in enumerate([*example.questions, *_MORE.get(example.name, ())], start=1):
            answer = chat.ask(question, picture if n == 1 else [])
            said += answer.evidence
            refused += answer.refused
            asked.append(question)
            images = [image_ref(one) for one in chat.images()]
            facts = facts_of(images, said, refused, asked)
            # A card speaks of no image here; what it says rests on its source.
            made.append(Case(f"{name}-{example.name}-{n}", facts, without_cards(answer.text)))
    return made
