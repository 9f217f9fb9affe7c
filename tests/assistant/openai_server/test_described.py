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
OPERATIONS = 4


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.schemas.BaseSchema]:
    home = tmp_path_factory.mktemp("home")
    with (
        Assistant(load_settings(home=home, burned_in="off", visitor_per_minute=10**6)) as assistant,
        serving(build_app(assistant, TOKEN)) as address,
    ):
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


@settings(max_examples=60, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    st.data(),
    st.integers(0, OPERATIONS - 1),
    st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]),
)
def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(
    document: schemathesis.schemas.BaseSchema, data: st.DataObject, at: int, mode: GenerationMode
) -> None:
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) == OPERATIONS
    case = data.draw(operations[at].as_strategy(generation_mode=mode))
    response = case.call(headers={"authorization": f"Bearer {TOKEN.text}"})
    assert response.status_code < 500, response.text
    assert response.status_code == 200 or response.json()["error"]["message"]
