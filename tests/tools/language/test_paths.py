"""Where things lie on a machine is not told to whoever asks."""

import pytest

from tools.language.paths import without_places


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("The file '/srv/my models/a b/x.gguf' is not there.", "The file 'x.gguf' is not there."),
        ("LLM_PATH is a folder, '/srv/models'. Set it.", "LLM_PATH is a folder, 'models'. Set it."),
        ("/home/jane/casebook can be written; 3 GiB.", "casebook can be written; 3 GiB."),
        (r"'C:\Users\jane\x.gguf' is damaged", "'x.gguf' is damaged"),
        ("See https://example.org/a/b/c and http://127.0.0.1:8080/v1.", None),
        ("PNG/JPEG, 512 / 3, and/or; img-1/2", None),
    ],
)  # fmt: skip
def test_of_a_path_only_the_last_name_is_told(said: str, shown: str | None) -> None:
    assert without_places(said) == (said if shown is None else shown)
