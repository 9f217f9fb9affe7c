"""Cases as a deck of Anki cards: pictures, history and the question in front, all the rest behind.

A card keeps its identity, so that a deck that is imported again corrects the cards that are there. For that
its fields are for good, too: Anki drops a correction that brings another field.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from assistant.answers.disclaimers import general
from assistant.sharing.pictures import Shown, outlined, shown
from assistant.sharing.questions import asked_about, captions_of_regions
from store.errors import CaseError, SetupError
from tools.files.workplace import workplace
from tools.language.sayings import say

if TYPE_CHECKING:
    from genanki import Model

    from assistant.sharing.copies import CaseCopy

FIELDS = (
    "Images",
    "History",
    "Question",
    "Diagnosis",
    "Findings",
    "Discussion",
    "Sources",
    "Licence",
    "Note",
)
"""Of a card. Another field is another kind of card, with another number below."""
# Ours: drawn once. Anki knows kinds of cards and decks by such numbers.
_KIND, _DECKS = 1_764_426_131, 1_500_000_000
_FRONT = "{{Images}}<p>{{History}}</p><p><b>{{Question}}</b></p>"
_BACK = (
    "{{FrontSide}}<hr id=answer><h3>{{Diagnosis}}</h3>{{Findings}}{{Discussion}}{{Sources}}"
    "<p><small>{{Licence}}</small></p><p><small>{{Note}}</small></p>"
)
_CSS = ".card { font-family: sans-serif; text-align: left; } img { max-width: 100%; }"


def write_anki(title: str, copies: Sequence[CaseCopy]) -> bytes:
    """An ``.apkg`` file with one deck.

    Args:
        title: of the deck; the same title is the same deck.
        copies: its cards, at least one.

    Raises:
        CaseError: there are no cases.
        SetupError: genanki is not installed, or the temporary folder of the machine cannot be written.
    """
    if not copies:
        raise CaseError("A deck takes at least one case; these are none.")
    try:
        import genanki
    except ImportError as error:
        raise SetupError(
            'The package that writes Anki decks is not installed: pip install -c constraints.txt ".[anki]"'
        ) from error
    deck = genanki.Deck(_DECKS + _number(title), title)
    kind = genanki.Model(
        _KIND,
        "Casebook",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Case", "qfmt": _FRONT, "afmt": _BACK}],
        css=_CSS,
    )
    with workplace() as folder:
        paths = []
        for copy in copies:
            pictures, regions = ({_file(one): one for one in of} for of in (shown(copy), outlined(copy)))
            for name, one in (pictures | regions).items():
                (folder / name).write_bytes(one.data)
                paths.append(folder / name)
            deck.add_note(_note(copy, pictures, regions, kind))
        package = genanki.Package(deck)
        package.media_files = [str(path) for path in dict.fromkeys(paths)]
        package.write_to_file(str(folder / "deck.apkg"))
        return (folder / "deck.apkg").read_bytes()


def _note(copy: CaseCopy, pictures: dict[str, Shown], regions: dict[str, Shown], kind: Model) -> object:
    import genanki

    case, language = copy.case, copy.language
    back = _list(say("teach.figure_places", language), captions_of_regions(copy))
    captions = [one.caption for one in case.images if one.caption]
    sources = [case.author, *case.references, *(one.source for one in case.images)]
    licences = dict.fromkeys(filter(None, (case.licence, *(one.licence for one in case.images))))
    fields = (
        _tags(pictures, language),
        "<br>".join(map(_html, asked_about(copy))),
        f"{say('share.question', language)} {say('share.normal_counts', language)}",
        escape(copy.truth),
        _list(say("teach.findings", language), (*case.findings, *captions)) + _tags(regions, language) + back,
        f"<p>{_html(case.discussion)}</p>" if case.discussion else "",
        _list(say("share.sources", language), dict.fromkeys(filter(None, sources))),
        _html("; ".join(licences)),
        _html(general(language)),
    )
    tags = [re.sub(r"\s+", "_", tag) for tag in ("casebook", *case.tags)]
    return genanki.Note(kind, list(fields), tags=tags, guid=genanki.guid_for("casebook", copy.id))


def _tags(pictures: dict[str, Shown], language: str) -> str:
    return "".join(
        f'<p><img src="{name}" alt="{_alt(one, language)}"><br>{_slice(one, language)}</p>'
        for name, one in pictures.items()
    )


def _alt(one: Shown, language: str) -> str:
    return escape(say("teach.picture_name", language, number=one.image))


def _slice(one: Shown, language: str) -> str:
    if one.slices == 1:
        return ""
    return say("share.slice", language, slice=one.slice, count=one.slices)


def _list(heading: str, texts: Iterable[str]) -> str:
    lines = "".join(f"<li>{_html(text)}</li>" for text in texts)
    return f"<p><b>{escape(heading)}</b></p><ul>{lines}</ul>" if lines else ""


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _file(one: Shown) -> str:
    """A name that tells nothing but the content: Anki keeps the pictures of all decks together."""
    return f"casebook-{hashlib.sha256(one.data).hexdigest()[:32]}.jpg"


def _number(title: str) -> int:
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[:4], "big") % 2**29
