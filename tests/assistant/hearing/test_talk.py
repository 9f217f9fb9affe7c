"""Talk that wants no tool is heard by its kind, in words of no example, and apart from all else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.hearing import talk
from assistant.hearing.card import write_talk_card
from assistant.hearing.ear import hear
from assistant.hearing.examples import Example, examples
from assistant.hearing.figures import talk_left_out
from assistant.hearing.fit import fit_talk
from assistant.hearing.talk import OTHER, heard_as_talk, talk_with
from assistant.hearing.train import beside_talk
from prompts import TALK
from store.errors import SetupError
from tools.language.learned import read_learned

FEW = [
    Example(kind, "nurse", form.format(thing))
    for kind, form in {
        "nerves": "so nervous about my {}",
        "cost": "what do you cost for a {}",
        OTHER: "show the {} of img-1",
    }.items()
    for thing in ("exam", "test", "viva", "oral", "class")
]


@pytest.mark.parametrize(
    ("message", "language", "kind"),
    [
        ("exam in the morning and i'm so nervous haha", "en", "nerves"),
        ("hi there, my sister told me to try this", "en", "story"),
        ("sorry, that was a silly question", "en", "sorry"),
        ("do you happen to know a recipe for pancakes", "en", "off_topic"),
        ("is it that you cannot say or do not want to", "en", "cannot_or_will_not"),
        ("have your measurements been validated anywhere", "en", "error_rates"),
        ("how many mg of ketamine for a child of 18 kg", "en", "dose"),
        ("can i drag the files from the hospital cd in here", "en", "from_cd"),
        ("write me the matlab code for it", "en", "deeds"),
        ("oh btw this is only a phantom", "en", "test_file"),
        ("oops that was the wrong picture, this is it", "en", "wrong_picture"),
        ("we handed him over to the team", "en", "over"),
        ("ich bin so nervös vor der prüfung", "de", "nerves"),
        ("können sie es nicht oder dürfen sie es nicht", "de", "cannot_or_will_not"),
        ("lernst du aus dem was ich dir schicke", "de", "learns"),
        ("wie viel ml kontrastmittel bei 65 kg", "de", "dose"),
        ("das war das falsche bild, entschuldigung", "de", "wrong_picture"),
        ("kannst du das auf englisch übersetzen und ausdrucken", "de", "deeds"),
        ("qué nervios tengo con el examen", "es", "nerves"),
        ("¿me sirve usted para un proyecto de arte?", "es", "who_for"),
        ("cuántos ml le pongo si pesa 65 kilos", "es", "dose"),
        ("la imagen anterior era de otra persona, es esta", "es", "wrong_picture"),
        ("¿cuesta algo usarlo?", "es", "cost"),
    ],
)
def test_talk_is_heard_by_its_kind(message: str, language: str, kind: str) -> None:
    heard = heard_as_talk(message, language)
    assert (heard.kind, heard.lead > 0) == (kind, True)
    assert heard.score > 0.33


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("how many mg of iodine does the thyroid hold", "en"),
        ("what is the error rate of double reading", "en"),
        ("is the outline wrong", "en"),
        ("show the other picture", "en"),
        ("what does a phantom measure", "en"),
        ("which of the two is sharper", "en"),
        ("why does fat look bright on t1", "en"),
        ("wie viel dosis hat ein ct vom kopf", "de"),
        ("welches bild ist schärfer", "de"),
        ("warum ist fett auf t1 hell", "de"),
        ("cuánta dosis lleva un tac de cráneo", "es"),
        ("cuál de las dos es más nítida", "es"),
    ],
)
def test_what_asks_for_something_is_no_talk(message: str, language: str) -> None:
    heard = heard_as_talk(message, language)
    assert heard.lead < 0.05 or heard.score < 0.42  # as little as the planner asks for


def test_it_learns_kinds_and_the_same_from_the_same() -> None:
    first, again = (fit_talk(FEW, [hear(one.text) for one in FEW]) for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    text = "so nervous about my finals"
    assert talk_with(first, text, "en", hear(text)).kind == "nerves"


def test_its_card_counts_those_left_out(tmp_path: Path) -> None:
    heard = talk_left_out(FEW, [hear(one.text) for one in FEW])
    assert len(heard) == len(FEW)
    write_talk_card(tmp_path / "TALK.md", FEW, heard)
    assert "10 messages of ours by their kind" in (tmp_path / "TALK.md").read_text(encoding="utf-8")


def test_the_shipped_ear_learned_from_the_messages_as_they_are() -> None:
    known = examples(TALK)
    right = sum(
        heard_as_talk(one.text, one.language).kind == one.intent for one in known if one.intent != OTHER
    )
    assert right > 0.9 * sum(one.intent != OTHER for one in known)
    assert {OTHER, "off_topic"} == {one.intent for one in beside_talk()}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / talk.MODEL_FILE.name
    broken.write_bytes(talk.MODEL_FILE.read_bytes()[:1000])
    with pytest.raises(SetupError, match=r"talk\.npz is missing or damaged"):
        read_learned(broken, 1)
