"""How fast photographs come into the case library, with this build and with that of a commit.

    python -m tests.bench.pictures_in [COMMIT]                  400 photographs, drawn, of 1,200 × 1,600
    python -m tests.bench.pictures_in COMMIT --folder FOLDER    those of a folder, at most so many

Each build imports them through `Assistant.import_cases`, as `casebook library import` does, in a process of
its own and a new folder: a half by turns, so that both have the same of a busy machine. The kinds are not
told, so that every picture is looked at. Prints pictures a second, the processor time of a picture with what
decodes it, and whether both builds give the same vectors, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from tests.bench.series import unpacked
from tests.child import ROOT, environment

PICTURES, SIZE, PARTS = 400, (1_200, 1_600), 2
ENDINGS = (".jpg", ".jpeg", ".png")

SCRIPT = """
import hashlib, json, resource, sys, time
from pathlib import Path
from assistant.chat import Assistant
from store.encoders.blocks import BlockEncoder

encode, vectors = BlockEncoder.encode, []

def noted(self, pixels):
    vector = encode(self, pixels)
    vectors.append(vector.tobytes())
    return vector

def spent():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

BlockEncoder.encode = noted
with Assistant() as assistant:
    assistant.import_cases(Path(sys.argv[1]))
    before = spent()
    for table in sys.argv[2:]:
        sys.stdin.readline()
        start = time.perf_counter()
        report = assistant.import_cases(Path(table))
        print(json.dumps([report.added, len(report.skipped), time.perf_counter() - start]), flush=True)
print(json.dumps([spent() - before, hashlib.sha256(b"".join(sorted(vectors))).hexdigest()]), flush=True)
"""


@dataclass
class Told:
    """What a build told: cases, what became none, seconds, processor time and a digest of the vectors."""

    added: int = 0
    skipped: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    vectors: str = ""


def drawn(folder: Path, count: int) -> list[Path]:
    """Photographs of moles as files of a telephone, each another."""
    from tests.inputs.case_library import DARK, RED, mole

    height, width = SIZE
    files = []
    for number in range(count):
        small = mole(
            number, RED if number % 2 else DARK, side=200, radius=0.3 + 0.02 * (number % 10)
        )
        large = PillowImage.fromarray(small).resize((width, height), PillowImage.Resampling.BICUBIC)
        grain = np.random.default_rng(number).integers(-4, 5, (height, width, 1))
        files.append(folder / f"{number:05}.jpg")
        pixels = np.clip(np.asarray(large, np.int16) + grain, 0, 255).astype(np.uint8)
        PillowImage.fromarray(pixels).save(files[-1], quality=90)
    return files


def write_parts(folder: Path, files: list[Path]) -> list[Path]:
    """Tables with the files shared out, the first with one to begin with."""
    tables = []
    for number, part in enumerate([files[:1], *(files[1:][place::PARTS] for place in range(PARTS))]):
        tables.append(folder / f"{number}.csv")
        lines = ["image,label", *(f"{path},{'abcd'[place % 4]}" for place, path in enumerate(part))]
        tables[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tables


@contextmanager
def build(root: Path, home: Path, tables: list[Path]) -> Iterator[subprocess.Popen[str]]:
    """A build that imports the first table, and one more for each line that it is sent."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *map(str, tables)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=root,
        env=environment() | {"PYTHONPATH": str(root), "CASEBOOK_HOME": str(home)},
    ) as process:
        yield process


def measure(files: list[Path], folder: Path, before: str | None) -> dict[str, Told]:
    """Import the files with this build and, if named, with that of a commit, a part by turns."""
    tables, builds = write_parts(folder, files), {"now": ROOT}
    if before:
        builds["before"] = unpacked(before, folder / "before")
    told = {name: Told() for name in builds}
    with ExitStack() as stack:
        running = {
            name: stack.enter_context(build(root, folder / f"home-{name}", tables))
            for name, root in builds.items()
        }
        for _ in tables[1:]:
            for name, process in running.items():
                added, skipped, seconds = _asked(process)
                told[name].added += added
                told[name].skipped += skipped
                told[name].seconds += seconds
        for name, process in running.items():
            assert process.stdout is not None
            told[name].cpu_s, told[name].vectors = json.loads(process.stdout.readline())
    return told


def _asked(process: subprocess.Popen[str]) -> tuple[int, int, float]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    added, skipped, seconds = json.loads(process.stdout.readline())
    return added, skipped, seconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pictures_in", description=__doc__)
    parser.add_argument("before", nargs="?", help="a commit to compare with")
    parser.add_argument("--folder", type=Path, help="photographs, instead of drawn ones")
    parser.add_argument("--pictures", type=int, default=PICTURES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.folder is None:
            files = drawn(folder, given.pictures)
        else:
            below = sorted(path for path in given.folder.rglob("*") if path.suffix.lower() in ENDINGS)
            files = [Path(shutil.copy(path, folder)) for path in below[: given.pictures]]
        told = measure(files, folder, given.before)
    for build_name, one in told.items():
        count = one.added + one.skipped
        spent = f"{1000 * one.cpu_s / count:.0f} ms of processor time each"
        rate = f"{count / one.seconds:.1f} a second"
        print(f"{build_name}: {count} photographs, {one.added} of them cases, {rate}, {spent}")
    if not given.before:
        return 0
    now, then = told["now"], told["before"]
    same = now.vectors == then.vectors
    print(
        f"rate against before: {then.seconds / now.seconds:.2f}, processor time {now.cpu_s / then.cpu_s:.2f}"
    )
    print(f"the vectors are {'the same, byte for byte' if same else 'OTHERS'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
