"""The child process that decodes: ``python -m tools.files.decode_worker LIMITS``.

It takes one JSON request per line on standard input, writes arrays into the folder named there, and
answers with one JSON line. It is started by ``tools.files.decoding`` alone, with little in its environment,
and limits its own memory and time before it looks at any file. An exception that is not expected ends
it: the parent then knows that the file breaks the decoder and starts another.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
import warnings
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from store.errors import CaseError
from store.pictures.image import Image
from tools.files.arrays.limits import Allocate, ReadLimits

# Smaller arrays stay in memory until they are written.
_ON_DISK_BYTES = 16 * 1024**2

# A voxel is shown in one byte and kept as int16, or as float32 where its values need it.
_MAPPED_BYTES = 1 + 2 + 4

# The parent kills a slow child; this is for a child whose parent is gone.
_GRACE_S = 2.0


def main() -> None:
    """Answer requests until standard input ends."""
    limits = ReadLimits(**json.loads(sys.argv[1]))
    channel = _private_channel()
    sys.excepthook = lambda kind, error, trace: _report_crash(channel, kind, error, trace)
    warnings.simplefilter("ignore")
    _limit_resources(limits)
    _send(channel, {"ready": os.getpid()})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _alarm(limits.patience_s + _GRACE_S, computing_s=request["seconds"])
        _send(channel, _answer(request, limits))
        _alarm(0, computing_s=0)


def read(source: Path, folder: Path, limits: ReadLimits, allocate: Allocate = np.empty) -> list[Image]:
    """Read a file or folder of any accepted type.

    Args:
        source: the file or folder.
        folder: an empty folder to unpack into.
        limits: refused before decoding where a header tells.
        allocate: makes the arrays.

    Raises:
        CaseError: with the reason in words.
    """
    from tools.files.file_type import read_head, recognise

    if source.is_dir():
        from tools.files.series import read_folder

        return read_folder(source, limits, allocate)
    file_type = recognise(read_head(source))
    if file_type == "zip":
        from tools.files.series import read_zip

        unpacked = folder / "unpacked"
        unpacked.mkdir()
        return read_zip(source, unpacked, limits, allocate)
    if file_type == "DICOM":
        from tools.files.dicom.reader import read_dicom

        return [read_dicom(source, limits, allocate)]
    if file_type in ("NIfTI", "gzip"):
        from tools.files.nifti import read_nifti

        return [read_nifti(source, limits, allocate)]
    from tools.files.pictures import read_picture

    return [read_picture(source, file_type, limits, allocate)]


def _answer(request: dict[str, Any], limits: ReadLimits) -> dict[str, Any]:
    folder, sources = Path(request["folder"]), [Path(source) for source in request["sources"]]
    try:
        if request["together"]:
            return _loose(sources, folder, limits)
        images = read(sources[0], folder, limits, _allocator(folder))
        return {"images": [_save(image, folder, i) for i, image in enumerate(images)]}
    except CaseError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": _too_much_memory(limits)}


def _loose(sources: list[Path], folder: Path, limits: ReadLimits) -> dict[str, Any]:
    from tools.files.loose import read_loose

    told = read_loose(sources, limits, _allocator(folder))
    images = [_save(image, folder, i) | {"sources": where} for i, (image, where) in enumerate(told.images)]
    return {"images": images, "refusals": told.refusals}


def _too_much_memory(limits: ReadLimits) -> str:
    return (
        f"This file needs more than the {limits.memory_mb} MB of memory that decoding may take. "
        "Send a smaller version or a part of it."
    )


def _allocator(folder: Path) -> Allocate:
    """Large arrays as memory maps in `folder`, so that they need not be copied."""

    def allocate(shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
        if np.prod(shape, dtype=np.int64) * np.dtype(dtype).itemsize < _ON_DISK_BYTES:
            return np.empty(shape, dtype)
        number = len(list(folder.glob("*.map")))
        return np.lib.format.open_memmap(
            folder / f"{number}.map", mode="w+", dtype=np.dtype(dtype), shape=shape
        )

    return allocate


def _save(image: Image, folder: Path, number: int) -> dict[str, Any]:
    _save_array(image.frames, folder / f"{number}.frames.npy")
    if image.values is not None:
        _save_array(image.values, folder / f"{number}.values.npy")
    return {
        "file_type": image.file_type,
        "index": image.index,
        "has_values": image.values is not None,
        "unit": image.unit,
        "spacing_mm": image.spacing_mm,
        "modality": image.modality,
        "body_part": image.body_part,
        "facts": dict(image.facts),
        "notes": list(image.notes),
        "slices": [asdict(one) for one in image.slices],
        "scale_caution": image.scale_caution,
        "volumes": image.volumes,
        "window": asdict(image.window) if image.window else None,
        "inverted": image.inverted,
    }


def _save_array(array: NDArray[Any], path: Path) -> None:
    if isinstance(array, np.memmap) and array.filename is not None:
        array.flush()
        Path(array.filename).replace(path)
    else:
        np.save(path, array, allow_pickle=False)


def _private_channel() -> IO[bytes]:
    """Keep standard output for answers alone: decoders that print would garble them."""
    channel = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    return channel


def _send(channel: IO[bytes], answer: dict[str, Any]) -> None:
    channel.write(json.dumps(answer).encode() + b"\n")
    channel.flush()


def _limit_resources(limits: ReadLimits) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's clock is the only limit
    memory = limits.memory_mb * 1024**2
    # Mapped files take addresses and no memory: pictures, values, values widened, and the file itself.
    mapped = _MAPPED_BYTES * limits.max_total_voxels + limits.max_bytes
    everything = (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_AS, memory + mapped),
        (resource.RLIMIT_CORE, 0),
    )
    for what, value in everything:
        try:
            resource.setrlimit(what, (value, value))
        except (ValueError, OSError):
            continue  # macOS knows the name of the memory limit and refuses to set it


def _alarm(seconds: float, *, computing_s: float) -> None:
    """End this process after so long, or once it has computed for so long; nobody handles either signal."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        signal.setitimer(signal.ITIMER_PROF, computing_s)


def _report_crash(
    channel: IO[bytes], kind: type[BaseException], _: BaseException, trace: TracebackType | None
) -> None:
    """Tell the parent where it broke, in our own terms: no text of the error, which may quote the file."""
    last = traceback.extract_tb(trace)[-1]
    _send(channel, {"crash": f"{kind.__name__} at {Path(last.filename).name}:{last.lineno}"})


if __name__ == "__main__":
    main()
