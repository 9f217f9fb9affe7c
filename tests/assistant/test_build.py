"""The parts of an installation: nothing heavy before its first use, nothing reported home."""

import os
import stat
import subprocess
import sys

import pytest

from assistant.build import Services
from assistant.settings import load_settings
from store.errors import SetupError


@pytest.mark.process
def test_building_opens_and_imports_nothing_heavy(home):
    code = (
        "import sys; from assistant.build import Services; from assistant.settings import load_settings\n"
        "Services(load_settings())\n"
        "heavy = {'torch', 'transformers', 'tensorflow', 'chromadb', 'skimage', 'scipy', 'streamlit'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_reporting_home_is_off_unless_the_user_switched_it_on(monkeypatch):
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "ANONYMIZED_TELEMETRY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    Services(load_settings())
    assert os.environ["LANGSMITH_TRACING"] == "true"
    assert os.environ["LANGCHAIN_TRACING_V2"] == "false"
    assert os.environ["ANONYMIZED_TELEMETRY"] == "False"


def test_the_folder_is_closed_to_other_users(home):
    Services(load_settings())
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_a_setup_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SetupError, match="CASEBOOK_HOME"):
        Services(load_settings(home=tmp_path / "file" / "home"))
