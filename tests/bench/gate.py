"""How often the shipped gate is right on a folder of real pictures, and how long a picture takes.

    python -m tests.bench.gate DATA_DIR [--other DIR]

DATA_DIR holds ``manifest.csv`` and the medical sets. The shipped file was trained on these sets, so its
shares here are of pictures it has seen; held-out shares are in ``tools/gate/CARD.md``. DATA_DIR/ood_images
and every --other folder that training did not see are honest tests of pictures that are not medical. How
often a score above 0.9 was wrong on collections left out is in CARD.md as well.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from store.pictures.image import Image, Pixels
from store.records import Domain, Gate
from tools.gate.card import confusion, percent
from tools.gate.data import OTHER, Sample, medical, picture_files, read_picture
from tools.gate.figures import Held, reliability, summarise
from tools.gate.modality import identify
from tools.gate.verdict import Verdict


def ask(pixels: Pixels) -> Gate:
    return identify(Image(frames=pixels[None], file_type="PNG"))


def judged(sample: Sample) -> Held:
    gate = ask(sample.read())
    said = Verdict(gate.domain, gate.modality, gate.body_part, gate.score or 0.0, gate.reason, gate.leans)
    return Held(sample, said)


def leaning(leans: list[Domain | None]) -> str:
    """How many unknown pictures a reader of radiology images would be asked about, after a warning."""
    return f"  of {len(leans)} unknown, {leans.count('radiology')} lean to radiology and would be read"


def report_medical(folder: Path) -> None:
    held = [judged(sample) for sample in medical(folder)]
    told = summarise(held)
    print(
        f"{told.medical} medical pictures (seen in training): unknown {percent(told.unknown)}, domain "
        f"{percent(told.domain)}, modality {percent(told.modality)}, body part {percent(told.body_part)}"
    )
    print(leaning([one.verdict.leans for one in held if one.verdict.domain == "unknown"]))
    for low, high, count, wrong in reliability(held):
        print(f"score {low:g} to {high:g}: {count} answers, {wrong} wrong")
    print("\n".join(line for line in confusion(held) if f"**{OTHER}**" not in line))


def report_other(folder: Path) -> None:
    gates = [(path.name, ask(read_picture(path))) for path in sorted(picture_files(folder))]
    if not gates:
        print(f"{folder.name}: no pictures")
        return
    wrong = [(name, gate) for name, gate in gates if gate.domain in ("radiology", "dermatology")]
    share = percent(1 - len(wrong) / len(gates))
    print(f"{folder.name}: {len(gates)} pictures, {share} not called medical")
    print(leaning([gate.leans for _, gate in gates if gate.domain == "unknown"]))
    for name, gate in wrong[:20]:
        print(f"  {name}: {gate.domain} {gate.modality or ''} {gate.score:.2f}")


def report_speed() -> None:
    rng = np.random.default_rng(0)
    for height, width in ((64, 64), (600, 800), (1024, 1024), (3000, 4000)):
        pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        ask(pixels)
        times = []
        for _ in range(7):
            start = time.perf_counter()
            ask(pixels)
            times.append(time.perf_counter() - start)
        print(f"{width}×{height}: {1000 * sorted(times)[3]:.0f} ms (median of 7)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gate")
    parser.add_argument("data", type=Path, help="folder with manifest.csv")
    parser.add_argument("--other", type=Path, nargs="*", default=[], help="folders of pictures, not medical")
    options = parser.parse_args()
    if (options.data / "manifest.csv").is_file():
        report_medical(options.data)
    else:
        print("gate: the data folder is absent or has no manifest.csv; its medical pictures are not measured")
    for folder in [options.data / "ood_images", *options.other]:
        if folder.is_dir():
            report_other(folder)
        else:
            print(f"gate: the folder {folder.name} is absent; not measured")
    report_speed()


if __name__ == "__main__":
    main()
