"""What a process does until it is killed: it says what it begins and what it has acknowledged."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Say = Callable[..., None]
"""Called with what happened (`begins`, `done`), and to what."""


@dataclass(frozen=True)
class Place:
    """The folders of one trial.

    Attributes:
        home: the Casebook folder.
        inputs: files to import, ask about and clean.
        out: where copies and exports are written.
    """

    home: Path
    inputs: Path
    out: Path


def enter(place: Place) -> None:
    """Make this process one of the trial's: its home, and a temporary folder of its own."""
    scratch = place.out / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    os.environ |= {"CASEBOOK_HOME": str(place.home), "TMPDIR": str(scratch), "CASEBOOK_BURNED_IN": "off"}
    tempfile.tempdir = str(scratch)


def draw_inputs(inputs: Path) -> None:
    """Pictures to ask about, a table of cases to begin with, one to import, and a folder to clean."""
    for name, first, count in (("first", 0, 16), ("more", 100, 16), ("asked", 200, 6), ("cleaned", 300, 8)):
        folder = inputs / name
        folder.mkdir(parents=True)
        with (folder / "cases.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("image", "label"))
            for n in range(first, first + count):
                _draw(folder / f"{n}.png", n)
                rows.writerow((f"{n}.png", ("naevus", "wart", "scar")[n % 3]))
    (inputs / "asked" / "cases.csv").unlink()
    (inputs / "cleaned" / "cases.csv").unlink()


def _draw(path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:96, :128]
    spot = np.hypot(x - random.integers(40, 90), y - 48)[..., None] < random.integers(12, 30)
    pixels = np.where(spot, random.integers(40, 120, 3), (205, 160, 135)) + random.normal(0, 4, (96, 128, 1))
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)


@dataclass
class ByColour:
    """A learned encoder of no weights: the colour of the middle as a unit vector."""

    version: str = "1"
    name: str = "by-colour"
    space: str = "cosine"
    dimension: int = 3
    domain: Any = "dermatology"
    near_floor: float = 1.0

    def encode_images(self, pictures: Any) -> Any:
        means = np.stack([one[36:60, 36:60].mean((0, 1)) - 128 for one in pictures])
        return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)

    def encode(self, pixels: Any) -> Any:
        return self.encode_images([pixels])[0]


def prepare(place: Place, say: Say) -> None:
    """The home that every trial begins with: cases, two chats with images, a copy of it all."""
    from assistant import Assistant
    from assistant.backup import back_up

    draw_inputs(place.inputs)
    with Assistant() as casebook:
        casebook.import_cases(place.inputs / "first")
        for n in (200, 201):
            answer = casebook.chat().ask("what is this?", [place.inputs / "asked" / f"{n}.png"])
            say("done", "turn", answer.chat_id, answer.turn_id)
        for case in casebook.library.cases(limit=1000):
            say("done", "case", case.id, case.label)
        back_up(casebook.services, place.inputs / "copy.zip")


def turn(place: Place, say: Say) -> None:
    from assistant import Assistant
    from tools.language.sayings import was_said

    with Assistant() as casebook:
        say("begins", "turn", "", "")
        chat = casebook.chat()
        for n in (202, 203, 204):
            answer = chat.ask("how asymmetric is it?", [place.inputs / "asked" / f"{n}.png"])
            if not any(was_said("turn.not_kept", one) for one in answer.notices):  # it says so itself
                say("done", "turn", chat.id, answer.turn_id)


def delete_chat(place: Place, say: Say) -> None:
    from assistant import Assistant

    with Assistant() as casebook:
        for row in casebook.chats():
            say("begins", "chat gone", row.id, "")
            casebook.delete(row.id)
            say("done", "chat gone", row.id, "")


def import_cases(place: Place, say: Say) -> None:
    from assistant import Assistant

    with Assistant() as casebook:
        say("begins", "import", "", "")
        kept = casebook.library.count()
        report = casebook.import_cases(place.inputs / "more")
        say("done", "import", "", str(kept + report.added))


def encode(place: Place, say: Say) -> None:
    from assistant import Assistant

    with Assistant() as casebook:
        say("begins", "encode", "", "")
        casebook.library.encode(ByColour())
        say("done", "encode", "by-colour", str(casebook.library.count()))


def relabel(place: Place, say: Say) -> None:
    from assistant import Assistant

    with Assistant() as casebook:
        for n, case in enumerate(casebook.library.cases(limit=12)):
            say("begins", "case", case.id, f"label {n}")
            casebook.library.relabel(case.id, f"label {n}")
            say("done", "case", case.id, f"label {n}")


def remove(place: Place, say: Say) -> None:
    from assistant import Assistant

    with Assistant() as casebook:
        for case in casebook.library.cases(limit=4):
            say("begins", "case gone", case.id, "")
            casebook.library.remove([case.id])
            say("done", "case gone", case.id, "")


def export(place: Place, say: Say) -> None:
    from assistant import Assistant
    from tools.privacy.cleaning import Cleaner
    from tools.privacy.copies import write_copies
    from tools.privacy.secret import Secret

    with Assistant() as casebook:
        say("begins", "export", "", "")
        cleaner = Cleaner(Secret.of(place.home), casebook.services.decoder, 2**29)
        done = list(write_copies(place.inputs / "cleaned", place.out / "clean", cleaner))
        say("done", "export", "", str(sum(one.written is not None for one in done)))


def backup(place: Place, say: Say) -> None:
    from assistant import Assistant
    from assistant.backup import back_up

    with Assistant() as casebook:
        say("begins", "backup", "", "")
        contents = back_up(casebook.services, place.out / "copy.zip")
        say("done", "backup", "", str(contents.files))


def restore(place: Place, say: Say) -> None:
    from assistant.backup import restore as made_again

    say("begins", "restore", "", "")
    place.home.rename(place.out / "before")
    made_again(place.inputs / "copy.zip", place.home)
    say("done", "restore", "", "")


def migrate(place: Place, say: Say) -> None:
    """Open what an older Casebook left: tables are missing, and the index has to be made from the ledger."""
    from assistant import Assistant

    try:
        with closing(sqlite3.connect(place.home / "conversations.db")) as db:
            for table in ("provenance", "makings", "summaries", "browsers"):
                db.execute(f"DROP TABLE IF EXISTS {table}")
            db.commit()
    except sqlite3.OperationalError:
        return  # a disk so full that it takes no older folder either
    shutil.rmtree(place.home / "library" / "index")
    say("begins", "migration", "", "")
    with Assistant() as casebook:
        casebook.library.rebuild()
        casebook.chats()
        say("done", "migration", "", str(casebook.library.count()))


WORK: dict[str, Callable[[Place, Say], None]] = {
    "turn": turn,
    "deletion of a chat": delete_chat,
    "import": import_cases,
    "encode": encode,
    "re-label": relabel,
    "removal": remove,
    "export": export,
    "backup": backup,
    "restore": restore,
    "migration": migrate,
}
