"""Words of the field the planner recognises: anatomy, findings, what belongs to which domain."""

from __future__ import annotations

import re

from prompts.terms import kinds

_ANATOMY = [
    "lungs?",
    "heart",
    "liver",
    "kidneys?",
    "renal",
    "spleen",
    "brain",
    "skull",
    "ribs?",
    "chest",
    "abdom\\w+",
    "pelvi\\w+",
    "spine",
    "vertebra\\w*",
    "bones?",
    "femur",
    "femoral",
    "hand",
    "wrist",
    "knee",
    "hip",
    "aort\\w+",
    "trachea",
    "(?:hemi)?diaphragm",
    "ventric\\w+",
    "colon",
    "bowel",
    "stomach",
    "pancrea\\w+",
    "bladder",
    "breast",
    "mediastin\\w+",
    "pleura\\w*",
    "lobes?",
    "gyri",
    "sinus\\w*",
    "thorax",
    "airway",
    "gallbladder",
    "uterus",
    "ovar\\w+",
    "prostate",
    "orbits?",
    "neck",
    "organs?",
    "joints?",
    "arter\\w+",
    "veins?",
    "clavicles?",
    "shoulder",
    "ankle",
    "foot",
    "thyroid",
    "teeth",
    "tooth",
    "jaw",
    "esophagus",
    "oesophagus",
    "adrenal\\w*",
    "cerebell\\w+",
    "temporal",
]
_FINDINGS = [
    "fractur\\w*",
    "pneumothora\\w*",
    "pneumonia\\w*",
    "effusions?",
    "consolidat\\w+",
    "opacit\\w+",
    "nodul\\w+",
    "mass\\w*",
    "tumou?rs?",
    "h(?:a)?emorrhag\\w+",
    "bleed\\w*",
    "infarct\\w*",
    "stroke",
    "(?:o)?edema",
    "atelectas\\w+",
    "cardiomegaly",
    "enlarged",
    "abnormal\\w*",
    "normal",
    "healthy",
    "patholog\\w+",
    "diseas\\w+",
    "diagnos\\w+",
    "malignan\\w+",
    "benign",
    "cancer\\w*",
    "melanoma\\w*",
    "carcinoma\\w*",
    "bcc",
    "scc",
    "na?ev(?:us|i)",
    "keratos[ei]s",
    "eczema",
    "psoriasis",
    "rash",
    "acne",
    "dermatitis",
    "infect\\w+",
    "obstruct\\w+",
    "calcif\\w+",
    "cyst\\w*",
    "stones?",
    "metasta\\w+",
    "emphysema",
    "covid\\S*",
    "tubercul\\w+",
    "tb",
    "hernia\\w*",
    "aneurysm\\w*",
    "alarming",
    "findings?",
    "impression",
    "hyperintens\\w+",
    "hypodens\\w+",
    "hyperdens\\w+",
    "isointense",
    "stranding",
    "midline",
    "atroph\\w*",
    "affected",
    "bronchogram\\w*",
    "cavit\\w+",
    "swelling",
    "ulcer\\w*",
    "wart\\w*",
    "mole\\w*",
    "lesions?",
    "wrong",
]
_DERMATOLOGY = [
    "skin",
    "moles?",
    "derm\\w+",
    "rash\\w*",
    "melanoma\\w*",
    "na?ev(?:us|i)",
    "eczema",
    "psoria\\w+",
    "acne",
    "pimple\\w*",
    "blackhead\\w*",
    "itch\\w*",
    "freckle\\w*",
    "alopecia",
    "bald\\w*",
    "nails?",
    "blister\\w*",
    "wart\\w*",
    "keratos[ei]s",
    "hives",
    "papul\\w+",
    "vesicl\\w+",
    "scab\\w*",
    "peeling",
    "dandruff",
    "fitzpatrick",
    "phototypes?",
    "scalp",
]
_IMAGING = [
    "x-?rays?",
    "radiograph\\w*",
    "radiolog\\w+",
    "cts?",
    "mri?s?",
    "ultrasound",
    "mammogra\\w+",
    "angiogra\\w+",
    "scan(?:s|ned)?",
    "t1",
    "t2",
    "flair",
    "weight(?:ed|ing)",
    "plane",
    "axial",
    "coronal",
    "sagittal",
    "doppler",
    "radiolucen\\w+",
    "radiopa\\w+",
    "film",
]
_MEDICAL = [
    "patients?",
    "symptom\\w*",
    "treat\\w*",
    "drugs?",
    "dose",
    "mg",
    "tablet\\w*",
    "medic\\w+",
    "clinic\\w*",
    "doctor",
    "syndrome",
    "pain\\w*",
    "fever",
    "cough\\w*",
    "cells?",
    "gene\\w*",
    "enzyme\\w*",
    "hormon\\w+",
    "nerves?",
    "muscles?",
    "blood",
    "insulin",
    "vitamin\\w*",
    "therap\\w+",
    "surg\\w+",
    "vaccin\\w+",
    "hospital",
    "radiation",
    "an(?:a)?emia",
    "virus\\w*",
    "bacteri\\w+",
    "steroids?",
    "statins?",
    "overdose",
    "pharmac\\w+",
    "inherit\\w+",
    "mortality",
    "symptom\\w*",
    "physicians?",
]


def any_of(words: list[str]) -> str:
    """A pattern that matches any of the word patterns as a whole word."""
    return rf"\b(?:{'|'.join(words)})\b"


ANATOMY = re.compile(any_of(_ANATOMY), re.I)
FINDINGS = re.compile(any_of(_FINDINGS), re.I)
RADIOLOGY_ONLY = re.compile(any_of([*_ANATOMY, *_IMAGING]), re.I)
DERMATOLOGY_ONLY = re.compile(any_of(_DERMATOLOGY), re.I)
MEDICAL = re.compile(any_of([*_MEDICAL, *_FINDINGS, *_ANATOMY, *_DERMATOLOGY, *_IMAGING]), re.I)

SAME_MODALITY = {"CR": "DX"}
"""Codes that people do not tell apart: computed and digital radiography are both "an X-ray"."""


def modalities_named(text: str) -> list[str]:
    """Modality codes that a text names."""
    return [code for code, pattern in kinds().modalities.items() if pattern.search(text)]


# Words of German, French, Spanish, Italian, Portuguese and Dutch that are none in English.
_FOREIGN = (
    r"\b(?:qué|est-ce|c'est|ist|wie|welche[rns]?|esto|esta|este|cette|cosa|questo|questa|imagen|bild|una|"
    r"und|oder|"
    r"nicht|kein[en]?|pour|avec|dans|muestra|montre|das|der|dem|eine[rmns]?|sind|les|une|sur|"
    r"las|está|es|sehe|siehst|können|kannst|könnte|bitte|danke|sie|wir|ich|gibt|auf|messen|zeig\w*|warum|"
    r"où|très|mesure[rz]|pouvez|peux|merci|bonjour|quelle?|combien|s'il|gracias|hola|puede[ns]?|cuál|"
    r"cuánto|cómo|"
    r"dónde|grazie|ciao|può|quanto|perché|che|não|você|obrigad[oa]|onde|isto|é|een|niet|kunt|"
    r"deze|hoe|waar|alstublieft)\b"
)
_ENGLISH = (
    r"\b(?:the|is|are|what|this|that|these|of|it|and|you|your|how|do|does|can|there|any|which|with|my|me|"
    r"to|please|show|measure|compare|or|not|for|image|picture|tell|find|see|why|where|who|has|have)\b"
)


def mostly_english(text: str) -> bool:
    """Whether the planner can hope to read a text: Latin letters, few words of other languages."""
    if re.search(r"[¿¡]", text):
        return False
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c.isascii() for c in letters) < 0.7 * len(letters):
        return False
    foreign = re.findall(_FOREIGN, text.lower())
    return len(foreign) < (2 if re.search(_ENGLISH, text.lower()) else 1)
