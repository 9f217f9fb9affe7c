"""The process that runs Derm Foundation, the only importer of TensorFlow.

``python -P derm_worker.py FOLDER DEVICE``, where the device is ``auto``, ``cpu`` or ``gpu``.

It stands alone, so that it also runs in an environment where nothing but TensorFlow is installed. Requests
come on standard input, answers leave on standard output; both are frames of four bytes of length (little
endian) and so many bytes. A request is one serialized ``tf.train.Example``. An answer begins with a letter:

    r  ready, then JSON: dimension, device, nbytes (resident memory)
    v  a vector, then float32 little endian
    n  no: a word from `REFUSALS`
"""

from __future__ import annotations

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
    while (example := _read(sys.stdin.buffer)) is not None:
        _write(channel, _embed(tf, infer, example))
    return 0


def _embed(tf: Any, infer: Any, example: bytes) -> bytes:
    try:
        # One picture a call, as in the model card and in the published serving code.
        vector = infer(inputs=tf.constant([example]))["embedding"].numpy()
    except tf.errors.InvalidArgumentError:
        return b"npicture"
    return b"v" + bytes(vector[0].astype("<f4").tobytes())


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
