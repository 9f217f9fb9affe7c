"""Cases of the library looked for by words: by what is said of a case, or by a label that they mean."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from assistant.pages.words import language, said
from store.cases.case import Sought
from tools.language.glosses import heard_as
from tools.language.label_names import named_labels
from tools.language.sayings import languages


def draw_search(labels: Iterable[str]) -> Sought | None:
    """Draw the place for the words; what they look for, or None without any.

    Args:
        labels: all that the library has.
    """
    typed = st.text_input(
        said("shelf.search"), key="library-words", help=said("shelf.search_help"), icon=":material/search:"
    )
    return sought(typed, labels, language())


def sought(typed: str, labels: Iterable[str], tongue: str) -> Sought | None:
    """What words look for; None for no words.

    Args:
        typed: the words.
        labels: all that the library has: those that the words mean, such as nevus for a mole, are found too.
        tongue: language of the page, in which the words are read before others that are answered in.
    """
    words = tuple(typed.split())
    if not words:
        return None
    there = tuple(labels)
    heard = dict.fromkeys(heard_as(typed, one) for one in (tongue, *languages()))
    found = [named for one in heard if (named := named_labels(one, there)).labels]
    return Sought(words, found[0].labels, found[0].unknown) if found else Sought(words)
