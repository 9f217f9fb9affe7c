"""A Derm Foundation without TensorFlow: its process is a few lines of Python that count bytes."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.models.stand_ins.files import mark

NBYTES = 12345

# Ready with so many numbers, then for every picture how often bytes fall into so many classes.
_WORKER = """#!{python}
import json, struct, sys
SIZE = {size}
def say(frame):
    sys.stdout.buffer.write(struct.pack("<I", len(frame)) + frame)
    sys.stdout.buffer.flush()
say(b"r" + json.dumps({{"dimension": SIZE, "device": "cpu", "nbytes": {nbytes}}}).encode())
while len(head := sys.stdin.buffer.read(4)) == 4:
    request, answer = sys.stdin.buffer.read(struct.unpack("<I", head)[0]), b"v"
    while request:
        end = 4 + struct.unpack_from("<I", request)[0]
        counts = [0] * SIZE
        for byte in request[204:min(end, 20_004)]:
            counts[byte * SIZE // 256] += 1
        answer, request = answer + struct.pack(f"<{{SIZE}}f", *counts), request[end:]
    say(answer)
"""


def small_derm(folder: Path, size: int) -> dict[str, Path]:
    """The settings of such a Derm Foundation, with vectors of `size` numbers."""
    weights, python = folder / "derm", folder / "python"
    weights.mkdir()
    (weights / "saved_model.pb").write_bytes(b"nothing")
    mark(weights, "derm-foundation")
    python.write_text(_WORKER.format(python=sys.executable, size=size, nbytes=NBYTES))
    python.chmod(0o755)
    return {"derm_foundation_path": weights, "derm_foundation_python": python}
