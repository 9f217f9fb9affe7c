"""Examples of what people say are checked when they are read."""

import pytest

from assistant.hearing.examples import examples
from store.errors import SetupError


def write(folder, name, text):
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def test_the_shipped_examples_are_read_with_their_languages():
    found = examples()
    assert len(found) > 1000
    assert {"en", "de", "es"} <= {one.language for one in found}


def test_an_example_has_the_name_of_its_file_and_the_language_of_its_writer(tmp_path):
    write(tmp_path, "thanks", 'about = "Thanks."\n[said]\nvet = ["ta"]\nfr = ["merci"]\n')
    assert [(one.intent, one.writer, one.language) for one in examples(tmp_path)] == [
        ("thanks", "vet", "en"),
        ("thanks", "fr", "fr"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("about = ", "are no TOML"),
        ('about = "x"', "said: Field required"),
        ('about = "x"\nmore = 1\n[said]\n', "more: Extra inputs"),
        ('about = "x"\n[said]\nvet = [""]', "no message"),
        ('about = "x"\n[said]\nvet = [" hi"]', "no message"),
        ('about = "x"\n[said]\nvet = [3]', "valid string"),
        ('about = "x"\n[said]\nvet = ["Hi", "hi"]', "again in one.toml"),
    ],
)
def test_a_fault_in_a_file_is_named(tmp_path, text, fault):
    write(tmp_path, "one", text)
    with pytest.raises(SetupError, match=fault):
        examples(tmp_path)


def test_a_message_in_two_files_is_named_with_both(tmp_path):
    for name in ("one", "two"):
        write(tmp_path, name, 'about = "x"\n[said]\nvet = ["same"]')
    with pytest.raises(SetupError, match=r"in one\.toml and again in two\.toml"):
        examples(tmp_path)
