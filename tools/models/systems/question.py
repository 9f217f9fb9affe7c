"""The user's question, checked before a model sees it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from store.errors import CaseError

ENGLISH = """
the of and to in is are was this that what which where how does do there with without for on an it
any show see describe please image
"""
# German, French, Spanish, Italian, Portuguese and Dutch, unless the word is an English one as well.
FOREIGN = """
der das und ist sind nicht ein eine welche wie zeigt auf dem den bild sehen bitte
le les des du est une dans cette quelle quel que voit sur avec il y
el la los las es en esta una qué cuál hay del imagen
lo gli che nella questa immagine c'è sono
o os uma nesta imagem não há são qual
het een deze wat zijn er op afbeelding
"""
"""Short words that tell languages apart. Ours; a question needs two of them and more than of English to be
refused, so that one foreign term in an English question is no reason."""


def checked_question(
    question: str, *, default: str, model: str, control_words: Iterable[str], english_only: bool = False
) -> str:
    """`question` without outer blanks, or `default` when there is none.

    Args:
        question: the user's words.
        default: the card's own question.
        model: the reader's name, for the sentences.
        control_words: what the model's tokenizer reads as a command (``<|image|>``).
        english_only: whether the model's card says so.

    Raises:
        CaseError: it holds a control word, or is not English where it must be.
    """
    words = question.strip() or default
    for control in control_words:
        if control and control in words:
            raise CaseError(
                f"The question holds {control!r}, which {model} reads as a command. Ask again without it."
            )
    if english_only and not _may_be_english(words):
        raise CaseError(f"{model} understands questions in English only. Ask again in English.")
    return words


def _may_be_english(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters)
    if latin < len(letters) / 2:
        return False
    words = re.findall(r"[\w']+", text.lower())
    foreign = sum(word in FOREIGN.split() for word in words)
    return foreign < 2 or foreign <= sum(word in ENGLISH.split() for word in words)
