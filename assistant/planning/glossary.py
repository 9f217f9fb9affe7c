"""Terms Casebook itself uses, in a sentence each, with where the definition comes from."""

from __future__ import annotations

import re

_ABCD = "ABCD rule of dermoscopy, Nachbar et al., J Am Acad Dermatol 1994;30:551-559"
_OURS = "Casebook's use of the word"

GLOSSARY: tuple[tuple[str, str, str], ...] = (
    (
        r"asymmetr\w+",
        "Asymmetry is how far the two halves of a lesion fail to overlap when it is folded along its axes; "
        "0 % is mirror-symmetric.",
        _ABCD,
    ),
    (
        r"border|irregular\w*|compactness",
        "Border irregularity compares the outline's length with that of a circle of the same area; a circle "
        "is lowest, a ragged outline is higher.",
        "compactness P²/4πA, Golston et al., Pattern Recognition 1990;23:577-589",
    ),
    (
        r"variegat\w+",
        "Variegation is how widely the colours inside the lesion spread.",
        "spread in CIE L*a*b*",
    ),
    (
        r"ita|typology",
        "The individual typology angle (ITA) gives skin tone from colour as atan((L* − 50) / b*) in degrees; "
        "higher is lighter. Light and camera shift it, so it describes the photograph as much as the person.",
        "Chardon et al., Int J Cosmet Sci 1991;13:191-208",
    ),
    (
        r"abcd",
        "ABCD stands for asymmetry, border, colour and, in dermoscopy, differential structure: features "
        "teachers use to talk about pigmented lesions. Casebook measures asymmetry, border, colour and size "
        "and computes no total score.",
        _ABCD,
    ),
    (
        r"dermoscop\w+",
        "Dermoscopy looks at skin through a magnifier with light that suppresses surface glare, "
        "so structures "
        "below the surface become visible.",
        "DICOM modality DMS",
    ),
    (
        r"hounsfield|hu",
        "Hounsfield units (HU) scale CT values so that water is 0 and air is −1000.",
        "DICOM PS3.3 C.11.1.1.2",
    ),
    (
        r"similarit\w+",
        "Similarity is the cosine between two embeddings, from −1 to 1. It says that two pictures look alike "
        "to an encoder, not that they show the same disease.",
        _OURS,
    ),
    (
        r"precision",
        "Precision at six is the share of the six nearest cases that carry the query's label, "
        "leaving out the "
        "query's own patient.",
        "leave-one-group-out, measured on each collection",
    ),
    (
        r"score|probability|confidence",
        "A score is a method's output between 0 and 1. It puts possibilities in order; nobody has "
        "checked that "
        "0.9 is right nine times in ten, so it is not a probability.",
        _OURS,
    ),
    (
        r"window\w*",
        "The window maps a range of stored values to the greys of a screen; its centre and width "
        "decide which "
        "tissue shows contrast.",
        "DICOM PS3.3 C.11.2",
    ),
    (
        r"embedding|encoder",
        "An encoder turns a picture into a list of numbers, its embedding; pictures that look alike to the "
        "encoder get similar lists.",
        _OURS,
    ),
    (
        r"look-?alikes?",
        "A look-alike is a case whose picture is near in an encoder's numbers. It is not a diagnosis.",
        _OURS,
    ),
    (
        r"dicom",
        "DICOM is the file format and protocol of medical imaging; its header says how an image was made.",
        "DICOM PS3",
    ),
)


def explain(text: str) -> list[str]:
    """Explanations of the terms that a text names, each with its source."""
    found = [
        (says, source) for pattern, says, source in GLOSSARY if re.search(rf"\b(?:{pattern})\b", text, re.I)
    ]
    return [f"{says} (Source: {source}.)" for says, source in found]
