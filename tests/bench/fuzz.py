"""Coverage-guided fuzzing of the readers of files, inside the limits that hold for them.

    pip install --target FOLDER atheris==3.0.0        for Linux; Casebook itself does not need it
    PYTHONPATH=FOLDER python -m tests.bench.fuzz picture --seconds 600

A reader may refuse what it is given with a sentence, or say that its memory is used up. Anything else, a
crash, and an input that computes longer than one file may, is a fault: it is kept, and the fuzzing goes on
with the time that is left. Ends with 1 if there was a fault.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from store.errors import CaseError

READERS = ("picture", "dicom", "nifti", "csv")
# Ours: as much as a decoding process may have, with what the fuzzer itself takes.
_MEMORY_MB, _LARGEST = 2048, 65536
# Ours: what is watched runs at less than half its speed, so more than the 8 s that one file may take; the
# clock on the wall counts what others do on this machine too.
_LONGEST_S, _HANGS_S = 20, 600
_DONE = re.compile(r"#(\d+)\s.*?cov: (\d+)")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--faults", type=Path, default=Path("fuzz-faults"), help="where such inputs are kept")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    given, rest = parser.parse_known_args()
    if given.inside:
        _fuzz(given.reader, given.inside, rest)
    return _run(given.reader, given.seconds, given.faults)


def _run(reader: str, seconds: int, faults: Path) -> int:
    """Fuzz in a process of its own, again after each fault, until the time is over."""
    found, tries, covered = [], 0, 0
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        corpus, kept = Path(name, "corpus"), faults / reader
        corpus.mkdir()
        kept.mkdir(parents=True, exist_ok=True)
        SEEDS[reader](corpus)
        while (left := until - time.monotonic()) > 1:
            options = [f"-max_total_time={int(left)}", f"-artifact_prefix={kept}/", f"-max_len={_LARGEST}"]
            options += [f"-timeout={_HANGS_S}", f"-rss_limit_mb={_MEMORY_MB}", str(corpus)]
            command = [sys.executable, "-m", "tests.bench.fuzz", reader, "--inside", name, *options]
            done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
            told = _DONE.findall(done.stderr)
            tries += int(told[-1][0]) if told else 0
            covered = max([covered, *(int(cov) for _, cov in told)])
            if done.returncode == 0:
                break
            found.append(_why(done.stderr))
            print(f"{reader}: {found[-1]}", flush=True)
            if not told:
                break
    print(f"{reader}: {tries:,} inputs in {seconds} s, {covered:,} branches reached, {len(found)} faults")
    return 1 if found else 0


def _why(stderr: str) -> str:
    """The lines that say what was raised, and where."""
    lines = [one.strip() for one in stderr.splitlines()]
    told = [one for one in lines if re.match(r"\w*(Error|Exception|Interrupt|Warning)\b|==\d+== ?ERROR", one)]
    at = [one for one in lines if one.startswith('File "')]
    return " ".join([*told[:2], *at[-1:]]) or "\n".join(lines[-5:])


def _fuzz(reader: str, folder: Path, options: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["tools.files", "store", "pydicom", "nibabel", "PIL"]):
        read = _reader(reader, folder / "input")
    warnings.simplefilter("ignore")

    def one(data: bytes) -> None:
        start = time.process_time()
        with suppress(CaseError, MemoryError):
            read(data)
        if (took := time.process_time() - start) > _LONGEST_S:
            raise TimeoutError(f"it computed for {took:.0f} s")

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def _reader(reader: str, folder: Path) -> Callable[[bytes], object]:
    """What reads one input as the decoding process would, or the library's import."""
    from tools.files.arrays.limits import ReadLimits

    folder.mkdir(exist_ok=True)  # fuzzing went on after a fault
    if reader == "csv":
        from store.cases.table import read_table

        return lambda data: read_table(_put(folder / "cases.csv", data))
    from tools.files.decode_worker import read

    _load_all()
    limits = ReadLimits(max_pixels=2**20, max_frames=64, max_total_voxels=2**22)

    def one(data: bytes) -> None:
        shutil.rmtree(folder)
        folder.mkdir()
        read(_put(folder / "input", data), folder, limits)

    return one


def _load_all() -> None:
    """Readers load what they need when they need it; here it is loaded while it is being instrumented."""
    import nibabel
    import pydicom.pixels

    import tools.files.dicom.reader
    import tools.files.nifti
    import tools.files.pictures
    import tools.files.series

    assert nibabel and pydicom and tools


def _put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _draw_pictures(folder: Path) -> None:
    import numpy as np
    from PIL import Image

    y, x = np.mgrid[:24, :32]
    colour = Image.fromarray(np.stack([x * 8, y * 10, x + y], axis=-1).astype(np.uint8))
    for name in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "JPEG2000", "AVIF"):
        colour.save(folder / f"seed-{name}", name)
    for name, options in (("lzw", {"compression": "tiff_lzw"}), ("deep", {"compression": "tiff_deflate"})):
        deep = Image.fromarray((x * 900).astype(np.uint16))
        deep.save(folder / f"seed-tiff-{name}", "TIFF", **options)
    colour.quantize(8).save(folder / "seed-palette", "PNG", transparency=0)
    colour.save(folder / "seed-turned", "JPEG", exif=_turned(colour))


def _turned(picture: object) -> object:
    from PIL import Image

    exif = Image.Exif()
    exif[274] = 6
    return exif


def _draw_dicom(folder: Path) -> None:
    import numpy as np

    from tests.inputs.make_dicom import make_dicom, ramp, transcode

    for name, modality in (("ct", "CT"), ("mr", "MR"), ("dx", "DX")):
        make_dicom(folder / f"seed-{name}", ramp(16, 24), modality=modality)
    make_dicom(folder / "seed-none", None)
    make_dicom(folder / "seed-frames", np.stack([ramp(8, 8)] * 3), NumberOfFrames=3)
    for n, syntax in enumerate(("1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.80")):
        path = make_dicom(folder / f"seed-packed-{n}", ramp(16, 24))
        transcode(path, syntax)


def _draw_nifti(folder: Path) -> None:
    import nibabel
    import numpy as np

    values = np.arange(6 * 5 * 4).reshape(6, 5, 4)
    for kind, suffix in (
        (nibabel.Nifti1Image, "nii"),
        (nibabel.Nifti1Image, "nii.gz"),
        (nibabel.Nifti2Image, "nii"),
    ):
        for dtype in (np.int16, np.float32, np.uint8):
            name = f"seed-{kind.__name__}-{np.dtype(dtype).name}.{suffix}"
            nibabel.save(kind(values.astype(dtype), np.diag([2.0, 1.0, 3.0, 1.0])), folder / name)


def _draw_csv(folder: Path) -> None:
    tables = (
        "image,label,caption\n1.png,naevus,A dark spot\n2.png,wart,\n",
        'path;diagnosis;modality;patient;source\n1.png;a;XC;p1;mine\n2.png;b;CT;p2;"a; b"\n',
        'image\tlabel\n"1\n.png"\t"a ""b"""\n../x.png\tc\n',
        "\ufeffbild,diagnose,körperteil\nä.png,ü,Thorax\n",
    )
    for n, text in enumerate(tables):
        for encoding in ("utf-8", "utf-16", "latin-1" if n != 3 else "utf-8-sig"):
            (folder / f"seed-{n}-{encoding}").write_bytes(text.encode(encoding))


SEEDS: Mapping[str, Callable[[Path], None]] = {
    "picture": _draw_pictures,
    "dicom": _draw_dicom,
    "nifti": _draw_nifti,
    "csv": _draw_csv,
}

if __name__ == "__main__":
    sys.exit(main())
