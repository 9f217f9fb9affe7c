"""A chat in German and in Spanish: what is asked is answered, and what is answered is in that language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.chat import Chat
from assistant.examples import examples
from assistant.planning import teaching
from tools.language import glossary
from tools.language.sayings import say

pytestmark = pytest.mark.process
# Words of English that no answer in another language holds; what is quoted, typed or a source aside.
_ENGLISH = re.compile(
    r"\b(?:the|which|of|is|are|it|with|from|by|and|or|only|inside|edge|file|picture|slice|largest|between|"
    r"area|colours?|scale|alone|uncompressed|head|feet|back|normal?ly|first|front|right|left|shown|wide)\b"
)
_AS_IT_IS = re.compile(r"`[^`]*`|doi:\S+|\((?:Quelle|Fuente): [^)]*\)|(?:Lehrkarte|Ficha de enseñanza): .*")
_ASKED = {
    "de": ("Was ist das für ein Bild?", "Was steht in der Datei?", "Warum?", "Wie ist die Qualität?",
           "Miss die Läsion", "Woher weißt du das?", "Wie viel Luft ist in der Schicht?", "Warum?",
           "Zeig das Knochenfenster", "nächste Schicht", "Schicht 99", "Warum?", "ähnliche Fälle suchen",
           "Gibt es eine Fraktur?", "Vergleiche img-1 und img-2", "Was kannst du?"),
    "es": ("¿Qué tipo de imagen es?", "¿Qué dice el encabezado?", "¿Por qué?", "¿Tiene buena calidad?",
           "Mide la lesión", "¿Cómo lo sabes?", "¿Cuánto aire hay en el corte?", "¿Por qué?",
           "Muestra la ventana ósea", "corte siguiente", "corte 99", "¿Por qué?", "busca casos parecidos",
           "¿Hay una fractura?", "Compara img-1 con img-2", "¿Qué puedes hacer?"),
}  # fmt: skip


def drawn(name: str) -> bytes:
    """One of the drawn examples."""
    return next(one for one in examples() if one.name == name).draw()


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Assistant() as assistant:
        yield assistant.chat()


@pytest.mark.parametrize("language", [*_ASKED])
@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_no_answer_holds_a_word_of_english(chat: Chat, name: str, language: str) -> None:
    for place, question in enumerate(_ASKED[language]):
        told = _AS_IT_IS.sub("", str(chat.ask(question, [] if place else [drawn(name), drawn("skin")])))
        # The names of tools and of what they are made of are those of programs.
        said = re.sub(r"(?m)^- (?:\w+ (?:zu|en) img-\d+|\w+) \([^)]*\):", "-", told)
        assert not _ENGLISH.search(said), (question, _ENGLISH.findall(said), said)


@pytest.mark.parametrize(
    ("questions", "kind", "spacing", "treated", "undone"),
    [
        (("Was ist das für ein Bild?", "Wie groß ist der Pixelabstand?", "Behandle img-1 als MRT",
          "Miss es nicht", "Was steht in der Datei?"),
         "Laut der Datei von img-1 ist es eine CT.", "Pixelabstand von img-1: 0,5 × 0,5 mm",
         "img-1 gilt jetzt als MRT", "Gut, das lasse ich"),
        (("¿Qué tipo de imagen es?", "¿Cuál es el tamaño de píxel?", "Trata img-1 como resonancia",
          "ni se te ocurra medirlo", "¿Qué dice el encabezado?"),
         "El archivo de img-1 dice que es una TC.", "Espaciado de píxeles de img-1: 0,5 × 0,5 mm",
         "img-1 se trata ahora como RM", "De acuerdo, no lo hago"),
    ],
)  # fmt: skip
def test_a_question_is_answered_with_what_it_asks_and_an_order_is_obeyed(
    chat: Chat, questions: tuple[str, ...], kind: str, spacing: str, treated: str, undone: str
) -> None:
    said = [chat.ask(questions[0], [drawn("ct")]), *(chat.ask(question) for question in questions[1:])]
    for begins, answer in zip((kind, spacing, treated, undone), said, strict=False):
        assert answer.text.startswith(begins)
    assert not said[3].evidence
    assert not _ENGLISH.search(said[4].text), said[4].text


@pytest.mark.parametrize(
    ("question", "language"), [("Wie viele Fälle gibt es in der Bibliothek?", "de"), ("hazme un quiz", "es")]
)
def test_what_the_library_says_is_in_the_language_of_the_question(
    chat: Chat, question: str, language: str
) -> None:
    assert chat.ask(question).text.split("\n\n")[0] == say("library_tools.empty", language)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Wie befundet man ein Thoraxbild?", "Wie man ein Thoraxbild befundet"),
        ("¿Qué ventana debo usar para el pulmón?", "Ventanas de TC"),
        ("Artefakte im MRT", "Artefakte im MRT"),
        ("Konsolidierung auf dem Thoraxbild", "Konsolidierung auf dem Thoraxbild"),
        ("Valores Hounsfield de sangre y líquido", "Valores Hounsfield de sangre"),
        ("Nenne mir eine Differentialdiagnose für einen ringförmigen Ausschlag", "Ringförmiger (anulärer)"),
    ],
)
def test_a_card_is_told_in_the_language_of_the_question(chat: Chat, question: str, title: str) -> None:
    said = chat.ask(question)
    assert said.text.startswith(title)
    assert say("teaching.english_only", said.language) not in said.text


def test_a_card_that_exists_in_english_only_says_so(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "told_in", lambda card, language: None)
    said = chat.ask("Wie erkenne ich eine Skoliose?").text
    assert say("teaching.english_only", "de") in said


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Was ist ein Pneumothorax?", "Pneumothorax: Gas im Pleuraspalt"),
        ("¿Qué es una atelectasia?", "Atelectasia: Pulmón que contiene menos aire"),
        ("Was ist ein Halo-Zeichen?", "Halo-Zeichen: Milchglastrübung um einen Rundherd"),
    ],
)
def test_a_term_is_explained_in_the_language_of_the_question(chat: Chat, question: str, begins: str) -> None:
    assert chat.ask(question).text.startswith(begins)


def test_a_term_that_is_defined_in_english_only_says_so(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glossary, "means", lambda language: {})
    said = chat.ask("Was ist Honigwabenmuster?").text
    assert said.startswith("Honigwabenmuster; die Definition gibt es nur auf Englisch: Clustered")


@pytest.mark.parametrize(
    "question",
    [
        "can i use this for my patient?",
        "is this safe for clinical use?",
        "Darf ich das bei meinen Patienten verwenden?",
        "Ist Casebook für den klinischen Einsatz zugelassen?",
        "¿Puedo usar esto con mi paciente?",
        "¿Es seguro para uso clínico?",
    ],
)
def test_use_in_care_gets_the_plain_no(chat: Chat, question: str) -> None:
    said = chat.ask(question)
    assert said.text == say("care.not_for_care", said.language)
    assert said.text.startswith(("No.", "Nein."))
