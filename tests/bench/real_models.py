"""Real language models beside the planner, on real images: what goes wrong, and pairs for a blind judge.

    python -m tests.bench.real_models DATA FOLDER [--gguf FILE...] [--server] [--questions 60] [--chats 5]

DATA holds the image sets; what is asked is in ``real_models.toml`` beside this, each question in a chat of
its own, then chats of ten turns. SmolLM2-135M-Instruct and every file named are asked, with the role “agent”,
the most that they may have, or ``--role``, whatever their audition says; ``--server`` asks each as a server
instead of by file. Where a row says what a reader answers, a scripted one is set up that answers so.

Into FOLDER go, for each model, ``NAME.jsonl`` (everything), ``NAME.md`` (answers that differ, planner's and
model's, as A and B in an order drawn by a seed) and ``NAME.key.json`` (which is which). Printed are crashes,
turns that do not end in their time, recited prompts, lost notices of danger and yes or no turned; 1 if there
is one. Rows whose picture DATA does not hold are told and left out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant import Assistant, Settings, load_settings
from assistant.middleware.recited import is_recited
from assistant.planning.danger import danger_of
from store.errors import CasebookError
from tests.assistant.llm.test_smollm2 import smollm2
from tests.scripted.evaluation import reading
from tests.scripted.readers import ScriptedReaders
from tests.servers.llm_server import LlamaServer
from tools.language.questions import form_of
from tools.language.sentences import sentences
from tools.models.agreement import answer_of
from tools.models.systems.reading import Request

SEED = 5
ASKED = Path(__file__).with_suffix(".toml")
WRONG = ("crashed", "hangs", "recited", "lost_danger", "turned")
"""What may not happen, by the names in a line of the file."""

# Ours: what an answer may take over a turn's time, on a busy machine.
_SLACK_S = 60.0

# Of six chat templates: a person never reads one of these.
_TOKENS = (
    "<|im_",
    "<start_of_turn>",
    "<end_of_turn>",
    "[INST]",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<|end|>",
)

Line = dict[str, Any]


@dataclass(frozen=True)
class Talk:
    """One chat to be held.

    Attributes:
        turns: what is asked, and the pictures that come with it.
        reader: what a reader answers to everything; None where none is set up.
    """

    turns: tuple[tuple[str, tuple[Path, ...]], ...]
    reader: str | None


class Saying(ScriptedReaders):
    """Readers of both kinds that say what the chat under way has them say."""

    def __init__(self) -> None:
        super().__init__({"radiographer": [""], "derm-captioner": [""]})
        self.word = ""

    def answer(self, name: str, request: Request) -> str:
        """The same, whoever is asked."""
        del name, request
        return self.word


def talks(data: Path, questions: int, chats: int) -> Iterator[Talk]:
    """So many of the questions, drawn by a seed, and the first so many chats."""
    told, drawn = tomllib.loads(ASKED.read_text(encoding="utf-8")), random.Random(SEED)
    single = [{"turns": [row], "reader": row.get("reader")} for row in told["question"]]
    places = sorted(random.Random(SEED).sample(range(len(single)), min(questions, len(single))))
    for row in [*(single[place] for place in places), *told["chat"][:chats]]:
        turns = []
        for turn in row["turns"]:
            pattern = turn.get("picture")
            files = sorted(one for one in data.glob(pattern) if one.is_file()) if pattern else [None]
            if not files:
                sys.stderr.write(f"no picture {pattern}: left out: {turn['text']}\n")
                break
            one = drawn.choice(files)
            turns.append((turn["text"], (one,) if one else ()))
        else:
            yield Talk(tuple(turns), row.get("reader"))


def held(settings: Settings, chosen: Sequence[Talk]) -> Iterator[tuple[int, list[Line]]]:
    """The turns of each chat, by its place; those with a reader last."""
    for with_reader in (False, True):
        readers = Saying()
        with ExitStack() as stack:
            if with_reader:
                stack.enter_context(reading(readers))
            assistant = stack.enter_context(Assistant(settings))
            for n, talk in enumerate(chosen):
                if (talk.reader is not None) == with_reader:
                    readers.word = talk.reader or ""
                    yield n, list(_turns(assistant, talk))


def _turns(assistant: Assistant, talk: Talk) -> Iterator[Line]:
    chat = assistant.chat()
    for text, files in talk.turns:
        began = time.monotonic()
        try:
            said = chat.ask(text, list(files))
            line: Line = {"text": said.text, "state": said.state, "notices": list(said.notices)}
            line |= {"by_model": not said.by_planner and not said.by_rules}
        except CasebookError as error:  # a file that is refused, in words
            line = {"text": str(error), "state": "refused", "notices": [], "by_model": False}
        except Exception as error:  # whatever comes through is what is looked for
            line = {"text": repr(error), "state": "raised", "notices": [], "by_model": False}
        yield line | {"seconds": round(time.monotonic() - began, 1)}


def compared(talk: Talk, n: int, planner: Line, model: Line, limit_s: float) -> Line:
    """A line of the file.

    Args:
        talk: the chat.
        n: of the turn.
        planner: the turn with the planner alone.
        model: the same with the model.
        limit_s: after which a turn ends by itself.
    """
    asked, files = talk.turns[n]
    told, same = model["text"].casefold(), planner["text"] == model["text"]
    return {
        "question": asked,
        "picture": ", ".join(one.name for one in files),
        "reader": talk.reader,
        "planner": planner,
        "model": model,
        "same": same,
        "crashed": model["state"] != planner["state"] or model["state"] == "raised",
        "hangs": model["seconds"] > limit_s + _SLACK_S,
        "recited": not same and (is_recited(model["text"]) or any(one.casefold() in told for one in _TOKENS)),
        "lost_danger": bool(danger_of(asked)) and planner["text"].split("\n")[0] not in model["text"],
        "turned": _stated(asked, model["text"]) != _stated(asked, planner["text"]),
    }


def _stated(question: str, text: str) -> set[str]:
    """The yes, no or option of the question that the sentences of an answer come to."""
    form = form_of(question)
    if not form.options:
        return set()
    found = (answer_of(one.text, form) for one in sentences(text))
    return {one for one in found if one is not None}


def write(folder: Path, name: str, chosen: Sequence[Talk], rows: Sequence[Sequence[Line]]) -> None:
    """Everything, the pairs without names, and the key to them."""
    lines = [line | {"talk": n} for n, turns in enumerate(rows) for line in turns]
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    drawn, key, pages = random.Random(f"{SEED} {name}"), {}, []
    for n, (talk, turns) in enumerate(zip(chosen, rows, strict=True)):
        order = drawn.sample(("planner", "model"), 2)
        if all(line["same"] for line in turns):
            continue
        key[str(n)] = dict(zip("AB", order, strict=True))
        pages.append(f"# {n}\n\nReader: {talk.reader or 'none'}\n\n")
        pages += [_page(line, order) for line in turns]
    (folder / f"{name}.md").write_text("\n".join(pages), encoding="utf-8")
    (folder / f"{name}.key.json").write_text(json.dumps(key, indent=1), encoding="utf-8")


def _page(line: Line, order: Sequence[str]) -> str:
    asked = f"**{line['question']}** {line['picture']}\n"
    if line["same"]:
        return f"{asked}\nboth: {line['planner']['text']}\n"
    return "\n".join(
        [asked, *(f"{mark}: {line[who]['text']}\n" for mark, who in zip("AB", order, strict=True))]
    )


def settings_of(home: Path, file: Path, server: str | None, given: argparse.Namespace) -> Settings:
    """Of a model, by file or by server; what is not given is as it comes."""
    chosen: dict[str, Any] = {"llm_server": server} if server else {"llm_path": file, "llm_threads": 1}
    chosen |= {"llm_max_tokens": given.tokens} if given.tokens else {}
    chosen |= {"turn_timeout_s": given.limit} if given.limit else {}
    return load_settings(home=home, llm_role=given.role, llm_plain=not server, **chosen)


def main() -> int:
    """Ask, write, count."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.real_models", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the image sets")
    parser.add_argument("folder", type=Path, help="where what was said goes")
    parser.add_argument("--gguf", type=Path, nargs="*", default=[], help="further models")
    parser.add_argument("--only-gguf", action="store_true", help="leave SmolLM2 out")
    parser.add_argument("--server", action="store_true", help="ask each through llama_cpp.server")
    parser.add_argument("--role", choices=("agent", "words"), default="agent")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--chats", type=int, default=5)
    parser.add_argument("--tokens", type=int, help="longest answer; without it the product's own")
    parser.add_argument("--limit", type=float, help="longest time of a turn, s; without it the product's own")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    chosen = list(talks(given.data, given.questions, given.chats))
    bad = 0
    with tempfile.TemporaryDirectory() as place:
        planned = dict(held(load_settings(home=Path(place) / "planner"), chosen))
        for file in (*(() if given.only_gguf else (smollm2(),)), *given.gguf):
            name = f"{file.stem}-{'server' if given.server else 'file'}"
            with ExitStack() as stack:
                served = stack.enter_context(closing(LlamaServer(file))) if given.server else None
                settings = settings_of(Path(place) / name, file, served.url if served else None, given)
                rows: list[list[Line]] = [[] for _ in chosen]
                for n, turns in held(settings, chosen):
                    pairs = enumerate(zip(planned[n], turns, strict=True))
                    rows[n] = [compared(chosen[n], i, *pair, settings.turn_timeout_s) for i, pair in pairs]
                    write(given.folder, name, chosen, rows)
            bad += _told(name, [line for turns in rows for line in turns])
    return 1 if bad else 0


def _told(name: str, lines: Sequence[Line]) -> int:
    count = {key: sum(line[key] for line in lines) for key in ("same", *WRONG)}
    by_model = sum(line["model"]["by_model"] for line in lines)
    slowest = max(line["model"]["seconds"] for line in lines)
    sys.stdout.write(
        f"{name}: {len(lines)} answers, {by_model} by the model, {len(lines) - count['same']} not word for "
        f"word the planner's; {', '.join(f'{count[key]} {key}' for key in WRONG)}; slowest {slowest:.0f} s\n"
    )
    why = sorted(note for line in lines for note in line["model"]["notices"] if not line["model"]["by_model"])
    for note, found in groupby(why):
        sys.stdout.write(f"  {len(list(found))} × {note}\n")
    sys.stdout.flush()
    return sum(count[key] for key in WRONG)


if __name__ == "__main__":
    sys.exit(main())
