"""A deck of cards, read back from the database in its file."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import Assistant
from assistant.sharing.anki import FIELDS, write_anki
from assistant.sharing.copies import CaseCopy, of_case
from assistant.teaching.teacher import Teacher
from store.errors import CaseError, SetupError


def opened(data: bytes, folder: Path) -> tuple[list[dict[str, Any]], dict[str, bytes], dict[str, Any]]:
    """Notes with their fields by name, media by name, and what the collection says of decks and kinds."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        packed.extract("collection.anki2", folder)
        media = {name: packed.read(number) for number, name in json.loads(packed.read("media")).items()}
    with sqlite3.connect(folder / "collection.anki2") as db:
        models, decks = (json.loads(one) for one in db.execute("select models, decks from col").fetchone())
        rows = db.execute("select guid, mid, flds, tags from notes").fetchall()
        cards = db.execute("select count(*) from cards").fetchone()[0]
    assert cards == len(rows)
    notes = []
    for guid, mid, fields, tags in rows:
        names = [one["name"] for one in models[str(mid)]["flds"]]
        notes.append(
            dict(zip(names, fields.split("\x1f"), strict=True)) | {"guid": guid, "tags": tags.split()}
        )
    return notes, media, {"models": models, "decks": decks}


def test_a_card_has_pictures_history_and_question_in_front_and_the_rest_behind(
    secret: CaseCopy, normal: CaseCopy, tmp_path: Path
) -> None:
    (one, two), media, told = opened(write_anki("Tuesday", [secret, normal]), tmp_path)
    model = next(model for model in told["models"].values() if model["name"] == "Casebook")
    (template,) = model["tmpls"]
    in_front = {name for name in FIELDS if f"{{{{{name}}}}}" in template["qfmt"]}
    assert in_front == {"Images", "History", "Question"}
    assert all(f"{{{{{name}}}}}" in template["qfmt"] + template["afmt"] for name in FIELDS)
    for text in (one[name] for name in in_front):
        assert not any(word in text for word in ("secret", "Zorbulosis", "veil"))
    assert one["Diagnosis"] == "Zorbulosis"
    for name, word in (
        ("Findings", "Captionsecret"),
        ("Discussion", "&lt;b&gt;"),
        ("Sources", "Referencesecret"),
        ("Licence", "Termsecret"),
        ("Note", "not a medical device"),
        ("History", "grew.<br><br>"),
        ("History", "female, 0.1 years<br>"),
        ("Images", 'alt="Picture 2"'),
    ):
        assert word in one[name], name
    assert two["Diagnosis"] == "Nothing abnormal"
    assert "may be the right answer" in two["Question"]
    assert one["Images"].count("<img") == 5
    assert "Slice 4 of 4" in two["Images"]
    for note in (one, two):
        names = {part.split('"')[0] for part in note["Images"].split('src="')[1:]}
        assert names <= set(media)
    assert all(data[:2] == b"\xff\xd8" for data in media.values())
    assert "Tuesday" in {deck["name"] for deck in told["decks"].values()}
    assert set(one["tags"]) == {"casebook", "Tagsecret,_with_a_comma", "second"}


def test_a_corrected_case_is_the_same_card_of_the_same_kind_in_the_same_deck(
    casebook: Assistant, teacher: Teacher, secret: CaseCopy, tmp_path: Path
) -> None:
    (before,), _, first = opened(write_anki("Tuesday", [secret]), tmp_path)
    teacher.make.change(secret.id, diagnosis="Corrected")
    again = of_case(casebook.services, "teacher", secret.id)
    (after,), _, second = opened(write_anki("Tuesday", [again]), tmp_path)
    assert (before["guid"], before["Diagnosis"]) == (after["guid"], "Zorbulosis")
    assert after["Diagnosis"] == "Corrected"
    assert set(first["models"]) == set(second["models"])
    assert set(first["decks"]) == set(second["decks"])


def test_the_fields_of_a_card_are_those_that_decks_already_have() -> None:
    """Anki drops a correction with other fields: a new field takes a new number of the kind."""
    assert FIELDS == ("Images", "History", "Question", "Diagnosis", "Findings", "Discussion", "Sources",
                      "Licence", "Note")  # fmt: skip


def test_a_deck_of_nothing_is_refused_and_a_missing_package_named(
    secret: CaseCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CaseError, match="at least one case"):
        write_anki("Tuesday", [])
    monkeypatch.setitem(sys.modules, "genanki", None)
    with pytest.raises(SetupError, match=r"\[anki\]"):
        write_anki("Tuesday", [secret])


def test_the_regions_of_a_case_are_outlined_behind_its_card_and_not_in_front(
    outlined_case: CaseCopy, tmp_path: Path
) -> None:
    (one,), media, _ = opened(write_anki("Tuesday", [outlined_case]), tmp_path)
    behind = {part.split('"')[0] for part in one["Findings"].split('src="')[1:]}
    assert len(behind) == 1
    assert behind <= set(media)
    assert not any(name in one["Images"] for name in behind)
    assert "1: Regionsecret" in one["Findings"]
