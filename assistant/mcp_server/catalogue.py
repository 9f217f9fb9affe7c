"""The tools by name: what each is for, as a program's model reads it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.mcp_server.arguments import (
    AddImage,
    Arguments,
    Ask,
    Classify,
    FindLookAlikes,
    Look,
    Measure,
    Read,
)

INSTRUCTIONS = (
    "Casebook looks at radiology and dermatology images for research and teaching; it is not for patient "
    "care. Add an image first: the result names its chat and its id, which the other tools take. Every "
    "result holds disclaimers: show them with whatever you say of it. Scores are not probabilities."
)


@dataclass(frozen=True)
class Described:
    """One tool.

    Attributes:
        about: what it is for and its limits.
        takes: its arguments.
    """

    about: str
    takes: type[Arguments]


TOOLS = {
    "add_image": Described(
        "Add an image to a new chat or a given one: a picture, DICOM file, NIfTI volume, zip or folder of"
        " a series. Says what kind of image it is and how that is known. Text in pictures is masked.",
        AddImage,
    ),
    "look": Described(
        "Show an image as Casebook sees it, with its kind, technical quality and, for CT, tissue shares; "
        "or turn to another slice of a volume. Reads no disease.",
        Look,
    ),
    "measure": Described(
        "Outline and measure a skin lesion: asymmetry, border, colours, size. Photographs and dermoscopy "
        "only; names no disease; millimetres only if the file states a scale.",
        Measure,
    ),
    "read": Described(
        "Ask a reading model what a radiograph or skin image shows. Quote its words as its own; they may "
        "be wrong. Where no such model is set up, the result says so.",
        Read,
    ),
    "find_look_alikes": Described(
        "Find cases of the user's own library that look alike, with labels and pictures. Counts of labels"
        " are not a diagnosis and not a probability.",
        FindLookAlikes,
    ),
    "classify": Described(
        "Sort an image into the user's own labels by the classifier that was trained on the library. It "
        "knows those labels only and abstains on unlike images.",
        Classify,
    ),
    "ask": Described(
        "Ask anything in words, with or without a chat: compare images, treat an image as another kind, "
        "measure values in a region (“mean HU in a 10 mm circle at 120, 85 of img-1”), "
        "browse the library, take a quiz, learn a term. Answers like the chat of Casebook.",
        Ask,
    ),
}
