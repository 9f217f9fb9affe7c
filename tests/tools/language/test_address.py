"""How people are spoken to: “Sie” in German and “usted” in Spanish, whatever the sentence."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from prompts import SAYINGS

# What is quoted or stands in backticks is what somebody says to Casebook, as readings are and offers.
_THEIRS = re.compile(r"„[^“]*“|“[^”]*”|`[^`]*`")
_SPOKEN_BY_THEM = {"readings.toml", "offers.toml"}
_BEGINS = r"(?:^|(?<=[.!?:] )|(?<=\n)|(?<=\d\. )|(?<=- ))"
_FAMILIAR = {
    "de": re.compile(
        r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(?:e[mnrs]?)?|[Ee]uch|[Ee]uer|kannst|hast|willst|möchtest|siehst|weißt|sollst|"
        r"musst|wirst|bist|brauchst|findest|fragst|machst)\b|" + _BEGINS +
        r"(?:Gib|Nimm|Sieh|Lies|Miss|Sprich|Wähle?|Schreibe?|Füge?|Nenne?|Sage?|Frag|Zeige?|Prüfe?|Achte|Such|"
        r"Vergleiche?|Öffne|Stell|Schau|Klicke?|Beginne?|Denke?|Beachte|Antworte)\b(?! (?:Sie|nach)\b)"
    ),
    "es": re.compile(
        r"\b(?:[Tt]ú|[Tt]us?|[Tt]i|[Tt]e|[Cc]ontigo|[Tt]uy[oa]s?|[Vv]os(?:otr[oa]s)?|[Vv]uestr[oa]s?|puedes|tienes|quieres|has|"
        r"debes|ves|sabes|dices|haces|eres|estás|podrías|deberías|quieras|puedas|tengas)\b|" + _BEGINS +
        r"(?:Añade|Busca|Mira|Compara|Usa|Escribe|Pulsa|Abre|Piensa|Recuerda|Fíjate|Di|Pon|Dime|Evita|Comprueba|"
        r"Revisa|Pregunta por|Pide|Espera|Vuelve a|Describe|Nombra|Guarda|Importa|Dibuja|Elige(?! solo))\b"
    ),
}  # fmt: skip


def _texts(held: object) -> list[str]:
    if isinstance(held, str):
        return [held]
    return [text for one in (held.values() if isinstance(held, dict) else held) for text in _texts(one)]


def _files(language: str) -> list[Path]:
    prompts = SAYINGS.parent
    folders = (SAYINGS / language, prompts / "teaching" / language)
    return [
        *(path for one in folders for path in sorted(one.glob("*.toml"))),
        prompts / "terms" / f"{language}.toml",
    ]


@pytest.mark.parametrize("language", [*_FAMILIAR])
def test_nobody_is_spoken_to_familiarly(language: str) -> None:
    found = [
        (path.name, word[0], text)
        for path in _files(language)
        if path.name not in _SPOKEN_BY_THEM
        for text in _texts(tomllib.loads(path.read_text("utf-8")))
        if (word := _FAMILIAR[language].search(_THEIRS.sub("", text)))
    ]
    assert not found


@pytest.mark.parametrize(
    ("language", "familiar", "polite"),
    [
        ("de", "Sage mir, was du siehst.", "Sagen Sie mir, was Sie sehen."),
        ("de", "Gut. Nenne das Bild.", "Gut. Nennen Sie das Bild."),
        ("de", "innerhalb deines Umrisses", "„Was kannst du?“ fragt man."),
        ("es", "Aquí puedes añadir casos.", "Puede añadir sus casos."),
        ("es", "Bien. Mira la imagen.", "Bien. Mire la imagen."),
    ],
)
def test_the_familiar_form_is_told_from_the_polite_one(language: str, familiar: str, polite: str) -> None:
    told = [bool(_FAMILIAR[language].search(_THEIRS.sub("", one))) for one in (familiar, polite)]
    assert told == [True, False]
