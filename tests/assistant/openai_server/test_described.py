"""Requests made from the OpenAPI document: whatever is sent, nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from assistant import Assistant
from assistant.doorway.token import Token
from assistant.openai_server.app import build_app
from assistant.settings import load_settings
from tests.servers.app_server import serving

TOKEN = Token("a-token-of-this-test", is_new=False)
OPERATIONS, MODES = 4, (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[st.SearchStrategy[schemathesis.Case]]]:
    """For each operation requests that the document allows, and some that it forbids."""
    home = tmp_path_factory.mktemp("home")
    with (
        Assistant(load_settings(home=home, burned_in="off", visitor_per_minute=10**6)) as assistant,
        serving(build_app(assistant, TOKEN)) as address,
    ):
        document = schemathesis.openapi.from_url(f"{address}/openapi.json")
        operations = [found.ok() for found in document.get_all_operations()]
        yield [one.as_strategy(generation_mode=mode) for one in operations for mode in MODES]


@settings(max_examples=40, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data(), st.integers(0, OPERATIONS * len(MODES) - 1))
def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(
    cases: list[st.SearchStrategy[schemathesis.Case]], data: st.DataObject, at: int
) -> None:
    assert len(cases) == OPERATIONS * len(MODES)
    response = data.draw(cases[at]).call(headers={"authorization": f"Bearer {TOKEN.text}"})
    assert response.status_code < 500, response.text
    assert response.status_code == 200 or response.json()["error"]["message"]
