"""Complaints that a message denies are left out; what ought to be there and is not stays."""

import pytest

from tools.language.symptoms import without_denied


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("no fever or vomiting, but he limps", ("fever", "vomiting"), "but he limps"),
        ("she denies chest pain and fainting. Which side?", ("chest", "fainting"), "Which side?"),
        ("kein Fieber und keine Atemnot, nur müde", ("Fieber", "Atemnot"), "nur müde"),
        ("sin fiebre ni vómitos, solo cansado", ("fiebre", "vómitos"), "solo cansado"),
        ("he hasn't had any seizures", ("seizures",), "he"),
        ("no symptoms, just curious", ("symptoms",), "just curious"),
        ("nie mam żadnych objawów, tylko pytam", ("objawów",), "tylko pytam"),
        ("non ho dolori né sintomi, solo curioso", ("dolori", "sintomi"), "solo curioso"),
        ("he denies suicidal ideation, sleeps well", ("suicidal", "ideation"), "sleeps well"),
        ("he isn't blue, he is asleep", ("blue",), "he is asleep"),
        ("bed 3: chest pain was excluded, asleep", ("pain",), "asleep"),
        ("Brustschmerz ausgeschlossen, schläft", ("Brustschmerz",), "schläft"),
        ("ik heb geen klachten, alleen een vraag", ("klachten",), "alleen een vraag"),
    ],
)
def test_what_is_denied_is_left_out(text, gone, left):
    said = without_denied(text)
    assert left in said
    assert not any(word in said for word in gone)


@pytest.mark.parametrize("text", ["he is not breathing", "there is no pulse", "no, she is bleeding badly"])
def test_what_ought_to_be_there_is_not_left_out(text):
    assert without_denied(text) == text
