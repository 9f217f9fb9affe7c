"""How long the first answer takes: a fresh process, from the command to its end.

Ours is ``casebook ask`` on a drawn photograph, in a folder with an imported library. The other is the
shortest script that answers with `create_agent`: one tool, and a model that has its reply ready. Both
run alternately; Python's compiled files are there for both. Processor time is told too, with that of the
process that decodes: on a busy machine it says more.

    python -m tests.bench.cold
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import Figure, quick_quarter, show
from tests.child import ROOT, environment

COMMAND = "python -m tests.bench.cold"
RUNS = 8

BARE = '''
from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool


@tool
def look(image_id: str) -> str:
    """Look at an image."""
    return f"Looked at {image_id}."


class Ready(BaseChatModel):
    @property
    def _llm_type(self):
        return "ready"

    def bind_tools(self, tools, **kwargs):
        return self

    def _generate(self, messages, *args, **kwargs):
        call = {"id": "1", "name": "look", "args": {"image_id": "img-1"}}
        reply = AIMessage("A drawing.") if messages[-1].type == "tool" else AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=reply)])


agent = create_agent(Ready(), [look])
print(agent.invoke({"messages": [("user", "what is this?")]})["messages"][-1].content)
'''


def main(argv: Sequence[str] = ()) -> int:
    """Measure and print."""
    del argv
    show(measure())
    return 0


def measure() -> list[Figure]:
    """Run each command in turn, eight times."""
    with tempfile.TemporaryDirectory() as folder:
        photo = _prepare(Path(folder))
        home = {"CASEBOOK_HOME": str(Path(folder) / "home")}
        casebook = [sys.executable, "-m", "assistant"]
        commands = {
            "casebook --help": [*casebook, "--help"],
            "first answer, “what is this?”": [*casebook, "ask", "what is this?", "--image", str(photo)],
            "first answer, “find similar cases”": [
                *casebook,
                "ask",
                "find similar cases",
                "--image",
                str(photo),
            ],
            "bare create_agent script": [sys.executable, "-c", BARE],
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(RUNS):
            for name, command in commands.items():
                taken[name].append(_spent(command, home))
    clock, cpu = (
        {name: quick_quarter([one[part] for one in runs]) for name, runs in taken.items()} for part in (0, 1)
    )
    return [
        *(Figure(name, seconds, "s", None, COMMAND) for name, seconds in clock.items()),
        *(Figure(f"{name}, processor", seconds, "s", None, COMMAND) for name, seconds in cpu.items()),
        Figure("first answer ÷ bare script", _against_bare(clock), "×", 2.0, COMMAND),
        Figure("first answer ÷ bare script, processor", _against_bare(cpu), "×", 1.3, COMMAND),
    ]


def _against_bare(typical: dict[str, float]) -> float:
    *_, first, _similar, bare = typical.values()
    return first / bare


def _prepare(folder: Path) -> Path:
    """Draw a photograph and import a few cases; returns the photograph."""
    from tests.inputs.case_library import moles

    table = moles(folder / "cases", 24)
    words = [sys.executable, "-m", "assistant", "library", "import", str(table)]
    _spent(words, {"CASEBOOK_HOME": str(folder / "home")})
    return next((folder / "cases").glob("*.png"))


def _spent(command: list[str], home: dict[str, str]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time with all that the command started."""
    start, before = time.perf_counter(), _of_children()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment(**home), timeout=120
    )
    return time.perf_counter() - start, _of_children() - before


def _of_children() -> float:
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
