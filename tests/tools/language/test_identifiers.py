"""Words of a person are taken out of a text, and ordinary questions stay as they are."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.growth import growth
from tools.language.identifiers import hidden, without_persons
from tools.language.rules import heard, rules
from tools.language.sayings import was_said

# What is taken out of each, by its kind. All are made up.
TOLD = {
    "name": (
        ("Does Mrs Thornbury have a melanoma?", "Thornbury"),
        ("is this Mr. O'Malley's knee", "O'Malley"),
        ("MRI of Ms Anneliese van der Berg, what plane is it?", "Anneliese van der Berg"),
        ("what do you see on mrs pennyworth's film", "pennyworth"),
        ("Hat Frau Gründler eine Fraktur?", "Gründler"),
        ("Die Lunge von Herrn Dr. Wackernagel", "Wackernagel"),
        ("Beschreibe das CT von Fräulein Ottilie Sandvoss.", "Ottilie Sandvoss"),
        ("¿Tiene la señora Quintanilla Ruiz neumonía?", "Quintanilla Ruiz"),
        ("El lunar del Sr. Belmonte", "Belmonte"),
        ("referred by Dr. Okonkwo-Hale", "Okonkwo-Hale"),
        ("Patient name: Featherstone, what is this?", "Featherstone"),
        ("patient Rupert Chalmers, left hip", "Rupert Chalmers"),
        ("la paciente se llama Lucía Zamorano", "Lucía Zamorano"),
        ("ich heiße Wiebke Harmsen und lerne", "Wiebke Harmsen"),
        ("compare the two scans of Jennifer Holloway", "Jennifer Holloway"),
        ("Holloway, Jennifer: is it a CT?", "Holloway, Jennifer"),
        ("the header says HOLLOWAY^JENNIFER^^MRS", "HOLLOWAY^JENNIFER"),
        ("hello, my name is gwendolyn", "gwendolyn"),
    ),
    "number": (
        ("MRN 00458713, is there an effusion?", "00458713"),
        ("mrn: A-4418823", "A-4418823"),
        ("patient ID = PX-99120", "PX-99120"),
        ("hospital no. 7721/44", "7721/44"),
        ("accession 20194412 shows what?", "20194412"),
        ("Fallnummer 88120045, welche Ebene?", "88120045"),
        ("Versichertennummer M123456789", "M123456789"),
        ("Patientennr. 55120", "55120"),
        ("número de historia 778120", "778120"),
        ("su DNI es 12345678Z", "12345678Z"),
        ("NIE X1234567-L", "X1234567-L"),
        ("SSN 536-90-4399", "536-90-4399"),
        ("943 476 5919 came with a mole", "943 476 5919"),
        ("for ID 44712039 describe it", "44712039"),
        ("study 1.2.826.0.1.3680043.9.7433.3.14", "1.2.826.0.1.3680043.9.7433.3.14"),
    ),
    "date": (
        ("born 3 May 1961, what is this?", "3 May 1961"),
        ("DOB 14-FEB-1961", "14-FEB-1961"),
        ("DOB: 02/14/1961", "02/14/1961"),
        ("date of birth is 1961-02-14", "1961-02-14"),
        ("her birthday is February 14, 1961", "February 14, 1961"),
        ("geb. am 14.02.1961", "14.02.1961"),
        ("geboren am 14. Februar 1961", "14. Februar 1961"),
        ("Geburtsdatum: 14.2.61", "14.2.61"),
        ("nacido el 14 de febrero de 1961", "14 de febrero de 1961"),
        ("fecha de nacimiento: 14/02/1961", "14/02/1961"),
    ),
    "phone": (
        ("call her on +44 20 7946 0018", "+44 20 7946 0018"),
        ("+49 30 901820 if it is a melanoma", "+49 30 901820"),
        ("phone: 020 7946 0018", "020 7946 0018"),
        ("my mobile is 07700 900123", "07700 900123"),
        ("(212) 736-5000 is the ward", "(212) 736-5000"),
        ("Tel. 030/9018201", "030/9018201"),
        ("Handynummer 0171 2345678", "0171 2345678"),
        ("teléfono 612 34 56 78", "612 34 56 78"),
    ),
    "address": (
        ("she lives at 14 Larch Avenue", "14 Larch Avenue"),
        ("221b Baker Street, London NW1 6XE", "221b Baker Street"),
        ("7 Old Quarry Road, Springfield, IL 62704", "7 Old Quarry Road"),
        ("wohnt in der Lindenstraße 14, 10969 Berlin", "Lindenstraße 14, 10969 Berlin"),
        ("Anschrift: Am Alten Weg 3", "Alten Weg 3"),
        ("Goethestr. 12b", "Goethestr. 12b"),
        ("wohnhaft in 80331 München", "80331 München"),
        ("vive en la Calle Mayor 12, 28013 Madrid", "Calle Mayor 12, 28013 Madrid"),
        ("Avenida de la Constitución, 5", "Avenida de la Constitución, 5"),
    ),
    "e-mail": (
        ("send it to j.holloway@example.org", "j.holloway@example.org"),
        ("ward7+ct@mail.example.co.uk asked", "ward7+ct@mail.example.co.uk"),
        ("¿Puede escribir a lucia_z@example.es?", "lucia_z@example.es"),
        ("E-Mail: w.harmsen@klinik-nord.example", "w.harmsen@klinik-nord.example"),
    ),
}
CASES = [(kind, text, words) for kind, rows in TOLD.items() for text, words in rows]

ORDINARY = """
What is this?
Which body part is it, and how do you know?
Is img-2 a CT or an MR image?
Show me slice 12 of 140
slices 120-130, please
Window 400 level 40
window -600 to 1500 HU
WW 1600 WL -600
The lesion measures 12.5 x 8.3 mm
How far is it from 3.2 to 4.75 cm?
512 x 512 x 300 voxels at 0.7 0.7 1.25 mm
spacing 0.683594 0.683594
b-value 1000 s/mm2, TE 85, TR 6500
kVp 120, 250 mAs, pitch 0.984
Is this Hodgkin lymphoma?
Could it be Crohn disease of the terminal ileum?
Are there Kerley B lines?
What is the Breslow thickness of this melanoma?
Clark level III and Breslow 1.2 mm
Does it look like Paget disease?
A Spitz naevus or Reed naevus?
Bowen disease, Merkel cell or Kaposi?
Cushing, Addison, Graves or Hashimoto?
Is there a Colles or a Smith fracture?
Salter-Harris type II?
Lisfranc injury, Weber B ankle
Bosniak IIF cyst?
Gleason 3+4=7
Cobb angle 42 degrees
Kellgren and Lawrence grade 2
Fitzpatrick skin type V
Fleischner guidelines for a 7 mm nodule
Chilaiditi sign or free air?
Ramsay Hunt syndrome in img-1
Dr. Breslow invented what?
Who was Professor Hounsfield?
Compare img-1 and img-3
treat img-2 as dermoscopy
What about ISIC_0024306?
isic id 0024306
HAM_0000118 and ISIC_0027419
PAT_1516_1765_530.png
images 1, 2, 3 and 14
In 2019 the rules changed
scanned in 1998, reported in 2001
ISIC 2017 and ISIC 2018
The patient is 54 years old
Patient 7, lesion 3
a 67-year-old man with cough
born in 1961
a newborn of 3 days
acquired on 12.03.2019
study date 2019-03-12
Is transfer syntax 1.2.840.10008.1.2.4.70 lossless?
version 3.10.2 or 2.1.0.4
sensitivity 0.85 (0.80-0.90), n = 1024
accuracy 93.75 % of 10000 images
p = 0.0001234
How many cases do you have?
five random moles with seed 1234567
Quiz me on skin
save this as melanoma
Rank pneumonia, effusion or normal
Which fits best: naevus, melanoma or seborrhoeic keratosis?
Does the patient's name stand in the file?
What is the patient ID?
patient ID is missing
Is the accession number in the header?
patient no. 3 and patient no. 4
MRI of the knee, T2 weighted
MR Image of the brain
CT Chest With Contrast
US of the thyroid, TI-RADS 4
BI-RADS 4a or 4b?
Patient Position Supine
Patient Orientation Left
L4/L5 and T12
C5 6 disc
T2 1.5 mm
2 cm from the Hilum
3 x 4 x 5
10^3 cells
cm^2 or mm^2
ADC 0.8 10-3 mm2/s
SUVmax 12.4
TNM T2 N1 M0
the MS plaques in the white matter
did I miss Anything here?
What is a doctor Needed for?
Is it Ewing sarcoma?
the circle of Willis
Couinaud segment 7
Zeige mir Schicht 12
Welche Ebene ist das?
Ist das ein Melanom oder ein Muttermal?
Hat die Frau Zeichen einer Pneumonie?
eine junge Frau Anfang dreißig mit Husten
Der Herr hat eine Fraktur
Fenster 400/40
Wie groß ist der Herd in mm? 12,5 x 8,3
Aufnahme vom 12.03.2019
Verdacht auf Morbus Crohn
Frage zu Bild 2: Ist das der Atemweg 2?
Röntgen Thorax in zwei Ebenen
¿Qué es esto?
¿Es una fractura de Colles?
Muéstrame el corte 12
una mujer de 45 años con tos
El señor tiene fiebre
¿Cuánto mide? 12,5 x 8,3 mm
imagen 3 de 140
ventana 400, nivel 40
¿Hay líneas B de Kerley?
call it a naevus
the phone took 12 photos
John has a mole
I took 6 Large photos
Reply in English, please
0.5 12345 HU
1200 1400 1600 HU
""".strip().splitlines()


@pytest.mark.parametrize(("kind", "text", "words"), CASES, ids=[text[:24] for _, text, _ in CASES])
def test_what_tells_who_somebody_is_gets_a_stand_in_of_its_kind(kind: str, text: str, words: str) -> None:
    found = hidden(text)
    assert words not in found.text
    assert f"[{kind} 1]" in found.text
    assert hidden(found.text).stand_ins == ()  # looked for again, nothing is found


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_question_stays_as_it_is(text: str) -> None:
    assert hidden(text).text == text
    assert hidden(text).notice("en") == ()


def test_there_are_enough_of_both() -> None:
    assert len(CASES) >= 60
    assert len(set(ORDINARY)) >= 100


def test_the_same_words_have_the_same_stand_in_and_others_another() -> None:
    text = "Mrs Thornbury, MRN 445871, and Mr Pell, MRN 99123: is Thornbury's larger? Mrs Thornbury asks."
    found = hidden(text)
    assert found.text == (
        "Mrs [name 1], MRN [number 1], and Mr [name 2], MRN [number 2]: is [name 1]'s larger? "
        "Mrs [name 1] asks."
    )
    assert found.stand_ins == ("[name 1]", "[number 1]", "[name 2]", "[number 2]")


def test_a_credit_keeps_its_names_and_no_number() -> None:
    assert (
        without_persons("Photo: Dr. Jane Roe, MRN 445871", credit=True)
        == "Photo: Dr. Jane Roe, MRN [number 1]"
    )


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_notice_names_the_stand_ins_and_not_what_they_stand_for(language: str) -> None:
    (notice,) = hidden("Mrs Thornbury, MRN 445871").notice(language)
    assert "[name 1], [number 1]" in notice
    assert "Thornbury" not in notice
    assert was_said("turn.hidden", notice)


@pytest.mark.parametrize(
    "piece", ["Aa ", "a-", "Aa-", "1.", "12345678", "Mrs Von Der ", "born is ", "a@", "X^", "+1 "]
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * 8000
    hidden("Mrs Aa")  # the rules are compiled
    assert growth(lambda size: hidden(text[:size]), 8_000) < 2.5


@pytest.mark.parametrize("text", ["lote 12345678A", "lote X1234567A"])
def test_a_number_whose_letter_does_not_check_it_is_no_number_of_a_person(text: str) -> None:
    assert hidden(text).text == text


def test_ten_digits_whose_last_does_not_check_them_are_at_most_a_phone() -> None:
    assert (
        hidden("943 476 5918 came with a mole").stand_ins != hidden("943 476 5919 came with a mole").stand_ins
    )


def test_whatever_a_name_is_found_in_is_looked_through_for_names():
    named = heard("identifiers", "named")
    rows = rules("identifiers").rules["name"]
    told = [text for row in rows for text in row.hears] + [text for text, _ in TOLD["name"]]
    given = re.findall(r"\w{3,}", rules("identifiers").pieces["given"])
    told += [f"{one} van der {two}" for one, two in pairwise(given)]
    told += [f"{one}, {two}" for one, two in pairwise(given)]
    assert len(told) > 300
    assert [text for text in told if not named.search(text)] == []


@pytest.mark.parametrize(
    "text", ["What is this?", "is there a fracture", "zeig mir die Lunge", "¿qué es esto?"]
)
def test_a_question_without_anything_that_a_name_stands_with_is_not_looked_through_for_names(text):
    assert not heard("identifiers", "named").search(text)
