"""What words speak of is found in every language, and every language knows the same subjects."""

import pytest

from assistant.hearing import lexicon
from assistant.hearing.lexicon import subjects
from prompts import LEXICON
from store.errors import SetupError
from tools.language.grams import words

LANGUAGES = sorted(path.stem for path in LEXICON.glob("*.toml"))


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("she is not breathing", "en", ["not", "breathe"]),
        ("sie atmet nicht", "de", ["breathe", "not"]),
        ("no respira", "es", ["not", "breathe"]),
        ("他没有呼吸", "zh", ["not", "breathe"]),
        ("she is not breathing", "xx", []),
    ],
)
def test_subjects_are_found_in_their_order(text, language, found):
    told = [one for one in subjects(words(text), language) if one in ("not", "breathe")]
    assert list(dict.fromkeys(told)) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_subjects_of_english(language):
    assert set(lexicon._held(language)) == set(lexicon._held("en"))
    assert all(lexicon._held(language).values())


def test_a_language_that_leaves_a_subject_out_is_named(tmp_path, monkeypatch):
    (tmp_path / "en.toml").write_text('not = ["not"]\nlive = ["live"]\n', encoding="utf-8")
    (tmp_path / "zz.toml").write_text('not = ["nix"]\n', encoding="utf-8")
    monkeypatch.setattr(lexicon, "LEXICON", tmp_path)
    for one in (lexicon._languages, lexicon._stems):
        one.cache_clear()
    with pytest.raises(SetupError, match=r"zz\.toml"):
        subjects(["nix"], "zz")
    for one in (lexicon._languages, lexicon._stems):
        one.cache_clear()
