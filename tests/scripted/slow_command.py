"""The `casebook` command with a scripted model whose tool waits until the turn is stopped.

Run as a child by the tests of Ctrl-C and of killing. Says ``waiting`` on standard error once it waits.
"""

from __future__ import annotations

import sys
from typing import Any
from unittest import mock

from langchain_core.messages import AIMessage

from assistant.__main__ import main
from assistant.llm.role import Casting
from tests.scripted.chat_model import ScriptedModel, call
from tools.context import ToolTurn, case_tool, evidence


@case_tool
def wait(image_id: str, runtime: ToolTurn) -> tuple[str, dict[str, Any]]:
    """Wait until the turn is stopped.

    Args:
        image_id: the image.
        runtime: given by the loop.
    """
    sys.stderr.write("waiting\n")
    sys.stderr.flush()
    runtime.context.cancelled.wait(60)
    return evidence("Waited.", [], image_id=image_id, model="wait", revision="1")


if __name__ == "__main__":
    model = ScriptedModel(replies=[call("wait", image_id="img-1"), AIMessage("Never said.")])
    with (
        mock.patch("assistant.llm.chat_models.chat_model", lambda _: (model, ())),
        mock.patch("assistant.llm.role.casting", lambda _: Casting("agent", "It is scripted.")),
        mock.patch("tools.catalogue.case_tools", lambda *_: [wait]),
    ):
        sys.exit(main())
