"""The process that runs Derm Foundation, the only importer of TensorFlow.

``python -P derm_worker.py FOLDER DEVICE``, where the device is ``auto``, ``cpu`` or ``gpu``.

It stands alone, so that it also runs in an environment where nothing but TensorFlow is installed. Requests
come on standard input, answers leave on standard output; both are frames of four bytes of length (little
endian) and so many bytes. A request is one serialized ``tf.train.Example`` or several, each in a frame of
its own inside the request's. An answer begins with a letter:

    r  ready, then JSON: dimension, device, nbytes (resident memory)
    v  vectors, then float32 little endian, one after the other
    n  no: a word from `REFUSALS`

The card and the published serving code give the model one picture a call. Several are given together once
the first two have shown that a picture among others gets the vector that it gets alone.
"""

from __future__ import annotations

import io
import json
import os
import struct
import sys
from typing import IO, Any

REFUSALS = {
    "packages": "TensorFlow cannot be imported by the Python that runs it. Install the extra: "
    'pip install -c constraints.txt -e ".[derm-foundation]", or name a Python that has TensorFlow in '
    "CASEBOOK_DERM_FOUNDATION_PYTHON.",
    "folder": "its folder holds no complete SavedModel (saved_model.pb and variables). Fetch it again.",
    "signature": "its SavedModel has no signature serving_default that turns `inputs` into `embedding`. "
    "Give the folder of google/derm-foundation.",
    "device": "TensorFlow sees no GPU. Use CASEBOOK_DEVICE=cpu.",
    "picture": "it could not read a picture it was given.",
}
"""What the words of a refusal mean. The client says them; the words of TensorFlow stay in this process."""


def main() -> int:
    """Load the model and answer until standard input ends."""
    channel = _private_channel()
    folder, device = sys.argv[1], sys.argv[2]
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # By default TensorFlow takes a GPU's whole memory at once, which other models share.
    # Source: TensorFlow guide "Use a GPU", limiting GPU memory growth.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    try:
        import tensorflow as tf
    except ImportError:
        return _refuse(channel, "packages")
    where = "gpu" if tf.config.list_physical_devices("GPU") else "cpu"
    if device not in ("auto", where):
        return _refuse(channel, "device")
    try:
        model = tf.saved_model.load(folder)  # kept: the signature dies with it
    except (OSError, ValueError, KeyError, tf.errors.OpError):
        return _refuse(channel, "folder")
    infer = model.signatures.get("serving_default")
    if infer is None or set(infer.structured_input_signature[1]) != {"inputs"}:
        return _refuse(channel, "signature")
    shape = getattr(infer.structured_outputs.get("embedding"), "shape", None)
    if shape is None or len(shape) != 2 or shape[1] is None:
        return _refuse(channel, "signature")
    told = {"dimension": int(shape[1]), "device": where, "nbytes": _resident_bytes()}
    _write(channel, b"r" + json.dumps(told).encode())
    _answer(tf, infer, sys.stdin.buffer, channel)
    return 0


def _answer(tf: Any, infer: Any, requests: IO[bytes], channel: IO[bytes]) -> None:
    """Answer request after request."""
    together: bool | None = None
    while (request := _read(requests)) is not None:
        examples = _examples(request)
        if together is None and len(examples) > 1:
            together = _same_together(tf, infer, examples[:2])
        _write(channel, _embed(tf, infer, [examples] if together else [[one] for one in examples]))


def _examples(request: bytes) -> list[bytes]:
    inside, found = io.BytesIO(request), []
    while (example := _read(inside)) is not None:
        found.append(example)
    return found


def _embed(tf: Any, infer: Any, calls: list[list[bytes]]) -> bytes:
    try:
        vectors = [_call(tf, infer, examples) for examples in calls]
    except tf.errors.InvalidArgumentError:
        return b"npicture"
    return b"v" + b"".join(bytes(one.tobytes()) for one in vectors)


def _call(tf: Any, infer: Any, examples: list[bytes]) -> Any:
    return infer(inputs=tf.constant(examples))["embedding"].numpy().astype("<f4")


def _same_together(tf: Any, infer: Any, two: list[bytes]) -> bool:
    try:
        both, alone = _call(tf, infer, two), _call(tf, infer, two[:1])
    except tf.errors.InvalidArgumentError:
        return False
    # Ours: a thousandth is far above rounding and far below the difference between two pictures.
    return len(both) == 2 and bool(abs(both[0] - alone[0]).max() <= 1e-3 * abs(alone[0]).max())


def _refuse(channel: IO[bytes], word: str) -> int:
    _write(channel, b"n" + word.encode())
    return 1


def _private_channel() -> IO[bytes]:
    """Keep standard output for answers alone: TensorFlow prints."""
    channel = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    return channel


def _resident_bytes() -> int:
    try:
        import resource
    except ImportError:
        return 0  # Windows
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _write(channel: IO[bytes], frame: bytes) -> None:
    channel.write(struct.pack("<I", len(frame)) + frame)
    channel.flush()


def _read(channel: IO[bytes]) -> bytes | None:
    head = channel.read(4)
    if len(head) < 4:
        return None
    return channel.read(struct.unpack("<I", head)[0])


if __name__ == "__main__":
    sys.exit(main())
