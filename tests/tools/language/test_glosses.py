"""Questions in German and Spanish in the English words that the rules know."""

from __future__ import annotations

import re

import pytest

from tools.language.glosses import _forms, heard_as, in_english
from tools.language.sayings import FIRST, languages, sayings
from tools.language.vocabulary import means, names, vocabulary

# What only stands beside the question, or is a name.
_NO_QUESTION = {"casebook", "DICOM"}


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [
        ("de", "Wie groß ist der Pixelabstand?", "what is the pixel spacing?"),
        ("de", "Welche Schichtdicke hat es?", "what is the slice thickness?"),
        ("de", "Was ist ein Pneumothorax?", "what is pneumothorax?"),
        ("de", "behandle img-1 als Dermatoskopie", "treat img-1 as dermoscopy"),
        ("de", "img-2 bitte als CT betrachten", "treat img-2 as CT"),
        ("de", "Miss es nicht!", "do not measure it!"),
        ("de", "Bitte nicht ausmessen", "do not measure it"),
        ("de", "Miss es nicht, sag mir nur die Modalität",
         "do not measure it, tell me which modality it is"),
        ("de", "Vergleiche img-1 mit img-2", "compare img-1 with img-2"),
        ("de", "Schicht 12 zeigen", "Show slice 12"),
        ("de", "Wie viele Melanome gibt es in der Bibliothek?", "how many melanoma are in the library?"),
        ("de", "Was ist das für ein Bild?", "What is this?"),
        ("de", "Ist das ein Muttermal?", "is it a mole?"),
        ("de", "Miss den Leberfleck", "measure the mole"),
        ("es", "busca un lunar", "find a mole"),
        ("es", "¿Cuál es el tamaño de píxel?", "what is the pixel spacing?"),
        ("es", "¿Qué es un neumotórax?", "what is pneumothorax?"),
        ("es", "trata img-1 como TC", "treat img-1 as CT"),
        ("es", "no lo midas", "do not measure it"),
        ("es", "ni se te ocurra medirlo", "do not measure it"),
        ("es", "¿Cómo se lee una radiografía de tórax?", "how do I read a chest X-ray?"),
        ("es", "muestra el corte 5", "show slice 5"),
        ("de", "Nimm bitte ein Knochenfenster", "show the bone window"),
        ("de", "Könnten Sie ins Weichteilfenster wechseln?", "can you show the soft tissue window?"),
        ("de", "kannst du das Lungenfenster zeigen?", "can you show the lung window?"),
        ("de", "Was ist ein Knochenfenster?", "what is bone window?"),
        ("es", "usa la ventana ósea", "show the bone window"),
        ("es", "ponle la ventana de cerebro", "show the brain window"),
        ("es", "ponla en ventana de partes blandas por favor", "show the soft tissue window"),
        ("es", "¿podrías mostrarla con ventana pulmonar?", "can you show the lung window?"),
        ("es", "¿Qué es una ventana ósea?", "what is bone window?"),
        ("de", "Was ist die ABCD-Regel?", "what is ABCD rule?"),
        ("es", "¿Qué es la lista de 7 puntos?", "what is 7-point checklist?"),
    ],
)  # fmt: skip
def test_a_question_has_the_english_words_that_rules_know(language, text, english) -> None:
    assert in_english(text, language) == english


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Meine Oma hat seit gestern so einen komischen Druck"),
        ("de", "Was ist ein Fahrradschlauch?"),
        ("es", "¿Qué es un sacacorchos?"),
        ("es", "mi tío no respira"),
        ("en", "what is this?"),
        ("it", "che cos'è questo?"),
    ],
)
def test_a_question_with_any_other_word_is_left_as_it_was_written(language, text) -> None:
    assert in_english(text, language) is None
    assert heard_as(text, language) == text


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
def test_every_question_that_the_page_offers_is_the_english_one(language: str) -> None:
    values = {"slice": "3", "image": "img-1", "first": "img-1", "second": "img-2"}
    for name, fields in sayings(FIRST).fields.items():
        if name.startswith("offers."):
            held = {field: values[field] for field in fields}
            asked = sayings(language).fill(name, held)
            assert in_english(asked, language) == sayings(FIRST).fill(name, held), asked


@pytest.mark.parametrize("language", [one for one in languages() if one != FIRST])
@pytest.mark.parametrize("name", ["chat.not_understood", "chat.outside", "chat.capabilities", "chat.hello"])
def test_what_an_answer_tells_to_ask_is_understood(language: str, name: str) -> None:
    for asked in re.findall(r"[„“]([^“”„]{6,})[“”]", sayings(language).texts[name]):
        assert in_english(asked, language), asked


ORDERS = {
    "de": ("Zeig mir bitte das {}", "Kannst du ins {} wechseln?", "{}", "Stell es auf ein {} um"),
    "es": ("Muestra la {}", "¿Podrías pasar a la {}?", "{}", "ponla en {} por favor"),
}
WINDOWS = {
    "de": {
        "lung window": ("Lungenfenster", "Lungen-Fenster"), "bone window": ("Knochenfenster",),
        "brain window": ("Hirnfenster", "Gehirnfenster"), "liver window": ("Leberfenster",),
        "soft tissue window": ("Weichteilfenster", "Mediastinalfenster", "Abdomen-Fenster", "Bauchfenster"),
    },
    "es": {
        "lung window": ("ventana pulmonar", "ventana de pulmón"),
        "bone window": ("ventana ósea", "ventana de hueso"),
        "brain window": ("ventana cerebral", "ventana del cerebro"),
        "liver window": ("ventana hepática", "ventana de hígado"),
        "soft tissue window": ("ventana de partes blandas", "ventana mediastínica", "ventana abdominal"),
    },
}  # fmt: skip


@pytest.mark.parametrize("language", [*WINDOWS])
def test_one_form_alone_hears_each_way_to_order_a_window_so_none_contradicts(language: str) -> None:
    for window, names_of_it in WINDOWS[language].items():
        for name in names_of_it:
            for order in ORDERS[language]:
                asked = order.format(name)
                told = english_by_each_form(asked, language)
                assert len([one for one in told if "window" in one]) == (order != "{}"), (asked, told)
                assert window in str(in_english(asked, language)), asked


def english_by_each_form(asked: str, language: str) -> list[str]:
    """What each of a language's forms that fit a question makes of it."""
    body = asked.strip("¿?")
    found = [(says, fits) for pattern, says in _forms(language) if (fits := pattern.fullmatch(body))]
    held = [(says, [in_english(one or "", language) for one in fits.groups()]) for says, fits in found]
    return [says.format(*groups) for says, groups in held if None not in groups]


@pytest.mark.parametrize(("language", "question"), [("de", "Was ist {}?"), ("es", "¿Qué es {}?")])
def test_what_a_defined_term_means_can_be_asked_by_its_name(language: str, question: str) -> None:
    unheard = []
    for one in means(language):
        english = in_english(question.format(names(language)[one][0]), language) or ""
        named = re.sub(r"^what is (?:the )?|\?$", "", english)
        if all(found.id != one for found in vocabulary().find(named)):
            unheard.append((one, english))
    assert not unheard
