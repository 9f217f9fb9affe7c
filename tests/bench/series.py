"""A series of 400 slices: what reading it takes in memory, and how long another slice takes to show.

The series is drawn, 512 × 512 with 12 bits. Each build reads it through the decoding process, keeps it, and
shows slices with `show_slice` as a chat does, in a process of its own. With `--before COMMIT` the files of
that commit do the same in the same run, by turns.

    python -m tests.bench.series [--before COMMIT]
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.bench.figures import Figure, quick_quarter, show
from tests.child import ROOT, environment

COMMAND = "python -m tests.bench.series"
SLICES, SIDE, SHOWN, ROUNDS = 400, 512, 12, 2

SCRIPT = """
import dataclasses, json, sys, tempfile, time
from pathlib import Path
from types import SimpleNamespace

from store.pictures.blobs import BlobStore
from store.pictures.image_store import ImageStore
from store.records import Gate
from tools.context import ChatImage, ImageTable
from tools.files.decoding import Decoder, ReadLimits
from tools.show_slice import build_show_slice

def peak(process):
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

folder, shown = Path(sys.argv[1]), int(sys.argv[2])
kept = Path(tempfile.mkdtemp())
images, blobs = ImageStore(kept / "images"), BlobStore(kept / "blobs")
with Decoder(ReadLimits(timeout_s=600)) as decoder:
    (image,) = decoder.read(folder)
    key = images.put(image)
    memory = peak("self") + peak(decoder.pid)
gate = Gate(domain="radiology", known_from="file header")
table = ImageTable([ChatImage("img-1", key, gate, lambda: images.get(key))])
runtime = SimpleNamespace(context=SimpleNamespace(images=table, blobs=blobs))
show_slice = build_show_slice().func
times = []
for n in range(shown):
    start = time.process_time()
    show_slice("img-1", 100 + 7 * n, runtime)
    times.append(1e3 * (time.process_time() - start))
print(json.dumps({"memory": memory, "times": times[2:]}))
"""


def main(argv: Sequence[str] = ()) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.series", description=__doc__)
    parser.add_argument("--before", help="a commit to compare with")
    show(measure(parser.parse_args(argv).before))
    return 0


def measure(before: str | None = None) -> list[Figure]:
    """Read and show with this build and, if named, with that of a commit."""
    if not Path("/proc/self/status").exists():
        return []  # peak memory of a process is told by Linux only
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        _draw(home / "series")
        builds = {"now": ROOT}
        if before:
            builds["before"] = unpacked(before, home / "before")
        told: dict[str, list[dict[str, list[float]]]] = {build: [] for build in builds}
        for _ in range(ROUNDS):
            for build, root in builds.items():
                told[build].append(_run(root, home / "series"))
    memory = {build: min(float(one["memory"]) for one in each) for build, each in told.items()}  # type: ignore[arg-type]
    shown = {build: quick_quarter([t for one in each for t in one["times"]]) for build, each in told.items()}
    volume = 2 * SLICES * SIDE * SIDE
    figures = [
        Figure("peak memory of reading ÷ one volume as stored", memory["now"] / volume, "×", 1.3, COMMAND),
        Figure("another slice shown, processor time", shown["now"], "ms", None, COMMAND),
    ]
    if before:
        figures += [
            Figure("the same memory before ÷ one volume", memory["before"] / volume, "×", None, COMMAND),
            Figure("another slice shown ÷ before", shown["now"] / shown["before"], "×", 1 / 3, COMMAND),
        ]
    return figures


def _draw(folder: Path) -> None:
    from pydicom.uid import generate_uid

    from tests.inputs.make_dicom import CT, make_dicom

    folder.mkdir()
    uid, random = generate_uid(), np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE]
    body = 1060 + 90 * np.sin(x / 30) * np.cos(y / 40) + random.normal(0, 15, (SIDE, SIDE))
    drawn = np.where((x - 256) ** 2 + (y - 256) ** 2 < 230**2, body, 24).astype(np.uint16)
    for n in range(SLICES):
        place = {
            "ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"],
            "ImagePositionPatient": ["0", "0", str(n)],
        }
        window = {"WindowCenter": "40", "WindowWidth": "400"}
        make_dicom(folder / f"{n:04d}", np.roll(drawn, n, 0), SeriesInstanceUID=uid, **CT, **place, **window)


def unpacked(commit: str, folder: Path) -> Path:
    """The files of a commit."""
    packed = subprocess.run(["git", "archive", commit], check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _run(root: Path, series: Path) -> dict[str, list[float]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(series), str(SHOWN)],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=root,
        env=environment() | {"PYTHONPATH": str(root)},
    )
    told: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
