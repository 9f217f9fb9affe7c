"""How fast photographs come into the case library, with this build and with that of a commit.

    python -m tests.bench.pictures_in [COMMIT]               400 photographs, drawn, of 1,200 × 1,600
    python -m tests.bench.pictures_in COMMIT --folder FOLDER those of a folder, at most so many
    python -m tests.bench.pictures_in --ray local:2          also over a Ray cluster, here one of two workers

Each build imports them through `Assistant.import_cases`, as `casebook library import` does, in a process of
its own and a new folder: a half by turns, so that both have the same of a busy machine. The kinds are not
told, so that every picture is looked at. Prints pictures a second, the processor time of a picture with what
decodes it (without that of a cluster), and whether all give the same vectors, byte for byte.
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
from contextlib import ExitStack
from pathlib import Path
from assistant.chat import Assistant
from store.encoders.blocks import BlockEncoder

if sys.argv[1]:
    from assistant.cluster import cases, joining

encode, vectors, told = BlockEncoder.encode, [], sys.stdout

def noted(self, pixels):
    vector = encode(self, pixels)
    vectors.append(vector.tobytes())
    return vector

def spent():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

BlockEncoder.encode = noted
with ExitStack() as stack:
    assistant, over = stack.enter_context(Assistant()), {}
    if sys.argv[1]:
        cluster = stack.enter_context(joining.joined(sys.argv[1], lambda _: None))
        over = {"over": cases.looking_over(cluster)}
    assistant.import_cases(Path(sys.argv[2]), **over)
    before = spent()
    for table in sys.argv[3:]:
        sys.stdin.readline()
        start = time.perf_counter()
        report = assistant.import_cases(Path(table), **over)
        seconds = time.perf_counter() - start
        print(json.dumps([report.added, len(report.skipped), seconds]), file=told, flush=True)
    if sys.argv[1]:  # others encoded them
        with assistant.library.index.reading() as session:
            vectors = [vector.tobytes() for held in session.collections() for vector in held.vectors]
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
        small = mole(number, RED if number % 2 else DARK, side=200, radius=0.3 + 0.02 * (number % 10))
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
def build(root: Path, home: Path, cluster: str, tables: list[Path]) -> Iterator[subprocess.Popen[str]]:
    """A build that imports the first table, and one more for each line it is sent; on a cluster, if named."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, cluster, *map(str, tables)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=root,
        env=environment() | {"PYTHONPATH": str(root), "CASEBOOK_HOME": str(home)},
    ) as process:
        yield process


def measure(files: list[Path], folder: Path, before: str | None, cluster: str | None) -> dict[str, Told]:
    """Import the files with this build and, if named, with that of a commit and over a cluster, by turns."""
    tables, builds = write_parts(folder, files), {"now": (ROOT, "")}
    if before:
        builds["before"] = (unpacked(before, folder / "before"), "")
    if cluster:
        builds["over Ray"] = (ROOT, cluster)
    told = {name: Told() for name in builds}
    with ExitStack() as stack:
        running = {
            name: stack.enter_context(build(root, folder / f"home-{name}", address, tables))
            for name, (root, address) in builds.items()
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
    parser.add_argument("--ray", metavar="ADDRESS", help="a cluster to import over too, such as local:2")
    parser.add_argument("--pictures", type=int, default=PICTURES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.folder is None:
            files = drawn(folder, given.pictures)
        else:
            below = sorted(path for path in given.folder.rglob("*") if path.suffix.lower() in ENDINGS)
            files = [Path(shutil.copy(path, folder)) for path in below[: given.pictures]]
        told = measure(files, folder, given.before, given.ray)
    for build_name, one in told.items():
        count = one.added + one.skipped
        spent = f"{1000 * one.cpu_s / count:.0f} ms of processor time each"
        rate = f"{count / one.seconds:.1f} a second"
        print(f"{build_name}: {count} photographs, {one.added} of them cases, {rate}, {spent}")
    return sum(_beside(told["now"], name, other) for name, other in told.items() if name != "now")


def _beside(now: Told, name: str, other: Told) -> int:
    """1 if the vectors are others."""
    same = now.vectors == other.vectors
    rate, cpu = other.seconds / now.seconds, now.cpu_s / other.cpu_s
    words = "the same vectors, byte for byte" if same else "OTHER VECTORS"
    print(f"now against {name}: rate {rate:.2f}, processor time {cpu:.2f}, {words}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
