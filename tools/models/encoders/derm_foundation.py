"""Derm Foundation: a skin picture as a unit vector of 6144 numbers, computed in a process of its own.

TensorFlow is imported by that process only (`derm_worker`), which may run with another Python. What is kept
of a vector is its direction: the model's own are not of unit length, and likeness is a cosine.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from store.errors import SetupError
from store.pictures.image import Pixels
from tools.models.encoders import derm_worker
from tools.models.weights.checkpoints import is_stand_in

SYSTEM = "derm-foundation"
SIDE_PX = 448
"""Source: model card, "PNG image file 448 x 448 pixels"."""

Mode = Literal["448", "original"]
"""How a picture is sent: at 448 × 448, as the card says, or as it is, as the authors' quick start does. How
the model makes a picture of another size 448 × 448 itself is not published, so vectors of the two must not
be mixed."""

# Ours: reading a model of some hundred megabytes, and importing TensorFlow, on a slow disk.
_START_S = 300.0
# Ours: about a hundred times what one picture takes on two CPU cores.
_PICTURE_S = 120.0

_TOGETHER = 4
"""Pictures in one call of the model. Ours: more gain little on a CPU, and take memory."""


class DermFoundation:
    """Derm Foundation behind a pipe. Safe to use from several threads.

    Attributes:
        revision: commit of the checkpoint, or ``local``.
        mode: how pictures are sent.
        stand_in: whether the weights are random.
    """

    name = SYSTEM

    def __init__(
        self,
        path: Path,
        *,
        mode: Mode = "448",
        device: str = "auto",
        revision: str = "local",
        python: Path | None = None,
        picture_timeout_s: float = _PICTURE_S,
    ) -> None:
        self._command = [
            str(python or sys.executable),
            "-P",
            str(Path(derm_worker.__file__)),
            str(path),
            "gpu" if device.startswith("cuda") else device,
        ]
        self._timeout_s = picture_timeout_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._told: dict[str, Any] = {}
        self.revision, self.mode, self.stand_in = revision, mode, is_stand_in(path)
        with self._lock:
            self._start()

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._told["dimension"])

    @property
    def device(self) -> str:
        """``cpu`` or ``gpu``, as TensorFlow found it."""
        return str(self._told["device"])

    @property
    def nbytes(self) -> int:
        """Memory of the process after loading, TensorFlow included; 0 where the system does not tell."""
        return int(self._told["nbytes"])

    def encode_images(self, pictures: Iterable[Pixels]) -> NDArray[np.float32]:
        """Unit vectors ``(N, dimensions)`` float32 of `pictures`, each ``(H, W, 3)`` uint8 RGB.

        Pictures are taken and given to the model a few at a time. A process that died over them is started
        again and given one at a time, and once more for each.

        Raises:
            SetupError: the process died twice over a picture, or took longer than it may.
        """
        examples = (write_example(_png(picture, self.mode)) for picture in pictures)
        vectors: list[NDArray[np.float32]] = []
        while group := list(islice(examples, _TOGETHER)):
            vectors += [_unit(vector) for vector in self._ask(group)]
        return np.stack(vectors) if vectors else np.zeros((0, self.dimensions), np.float32)

    def close(self) -> None:
        """End the process; the next picture starts it again."""
        with self._lock:
            self._end()

    def __del__(self) -> None:
        if getattr(self, "_process", None) is not None:
            self._end()

    def _ask(self, examples: list[bytes]) -> list[NDArray[np.float32]]:
        request = b"".join(struct.pack("<I", len(one)) + one for one in examples)
        with self._lock:
            for _ in range(2 if len(examples) == 1 else 1):
                if self._process is None:
                    self._start()
                answer = self._exchange(request, self._timeout_s * len(examples))
                if answer:
                    numbers = np.frombuffer(_accepted(answer), "<f4")
                    return list(numbers.reshape(len(examples), self.dimensions))
        if len(examples) > 1:  # together they may be more than memory holds
            return [vector for one in examples for vector in self._ask([one])]
        raise SetupError(
            f"{SYSTEM} stopped twice over the same picture; memory may have run out. Close what else uses it."
        )

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise SetupError(
                f"The Python that is to run {SYSTEM} cannot be started. Check "
                "CASEBOOK_DERM_FOUNDATION_PYTHON."
            ) from error
        answer = self._exchange(None, _START_S)
        if answer is None:
            raise SetupError(
                f"{SYSTEM} stopped while it was loaded: its files may be cut short, or memory ran out. Check "
                "the sizes of its files or fetch them again, and close what else uses memory."
            )
        try:
            self._told = json.loads(_accepted(answer))
        except SetupError:
            self._end()
            raise

    def _exchange(self, frame: bytes | None, timeout_s: float) -> bytes | None:
        """Send a frame and wait for the answer; None when the process died.

        Raises:
            SetupError: it took too long and was ended.
        """
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None  # noqa: S101
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(timeout_s, stop)
        timer.daemon = True
        timer.start()
        try:
            if frame is not None:
                process.stdin.write(struct.pack("<I", len(frame)) + frame)
                process.stdin.flush()
            answer = _read(process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self._end()
            if late.is_set():
                raise SetupError(
                    f"{SYSTEM} took longer than {timeout_s:g} s and was stopped. Close what else uses the "
                    "computer, or run it on a GPU."
                )
        return answer

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)


def load_derm_foundation(
    path: Path,
    *,
    mode: Mode = "448",
    device: str = "auto",
    revision: str = "local",
    python: Path | None = None,
) -> DermFoundation:
    """Start Derm Foundation from the folder of its SavedModel.

    Args:
        path: folder with ``saved_model.pb`` and ``variables``.
        mode: how pictures are sent.
        device: ``auto``, ``cpu`` or ``cuda``.
        revision: commit of the checkpoint where it is known.
        python: interpreter that has TensorFlow; None is the one that runs Casebook.

    Raises:
        SetupError: the folder holds another model, or TensorFlow is missing. The text says what to do.
    """
    return DermFoundation(path, mode=mode, device=device, revision=revision, python=python)


def write_example(png: bytes) -> bytes:
    """A serialized ``tf.train.Example`` with the one feature ``image/encoded``.

    Source: tensorflow/core/example/example.proto and feature.proto; all fields are of wire type 2.
    """
    feature = _field(2, _field(1, _field(1, png)))  # Feature.bytes_list.value
    return _field(1, _field(1, _field(1, b"image/encoded") + feature))  # Example.features.feature


def _field(number: int, value: bytes) -> bytes:
    length, head = len(value), bytearray([number << 3 | 2])
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([*head, length]) + value


def _png(pixels: Pixels, mode: Mode) -> bytes:
    from PIL import Image as PillowImage

    picture = PillowImage.fromarray(np.ascontiguousarray(pixels))
    if mode == "448" and picture.size != (SIDE_PX, SIDE_PX):
        # Ours: the whole picture, squeezed, so that no lesion at a border is lost.
        picture = picture.resize((SIDE_PX, SIDE_PX), PillowImage.Resampling.BILINEAR)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _accepted(answer: bytes) -> bytes:
    if answer[:1] == b"n":
        raise SetupError(f"{SYSTEM} cannot be used: {derm_worker.REFUSALS[answer[1:].decode()]}")
    return answer[1:]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if not np.isfinite(length) or length == 0:
        raise SetupError(f"{SYSTEM} gave no usable vector. Fetch its weights again.")
    return np.asarray(vector / length, np.float32)


def _read(channel: IO[bytes]) -> bytes | None:
    head = channel.read(4)
    if len(head) < 4:
        return None
    length = struct.unpack("<I", head)[0]
    body = channel.read(length)
    return body if len(body) == length else None


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was still to be sent has nobody to go to
