"""Derm Foundation's vectors: ours against the bare batched call and against the card's loop.

Needs TensorFlow, here or in the Python that CASEBOOK_DERM_FOUNDATION_PYTHON names. The model is a
convolutional net under the published signature: 14 G multiplications a picture, where the real one takes
about 280, so that what Casebook adds to a picture shows more here than it would there. Source: He et al.
2016 for ResNet-101 (7.6 G at 224 pixels), times 9 for three times the width and 4 for 448 pixels.
All on one thread; times are of processors.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.figures import quick_quarter

PICTURES = 8
ROUNDS = 4
BATCHED = 0.9
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}

BUILD = """
import sys, tensorflow as tf

class Model(tf.Module):
    def __init__(self):
        super().__init__()
        widths = (3, 128, 256, 512, 1024, 1536)
        self.layers = [tf.Variable(tf.random.stateless_normal((3, 3, a, b), (n, 7)) / (9 * a) ** 0.5)
                       for n, (a, b) in enumerate(zip(widths, widths[1:]))]
        self.last = tf.Variable(tf.random.stateless_normal((1536, 6144), (9, 7)))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def serve(self, inputs):
        feature = {"image/encoded": tf.io.FixedLenFeature([], tf.string)}
        def picture(example):
            png = tf.io.parse_single_example(example, feature)["image/encoded"]
            return tf.image.resize(tf.io.decode_png(png, 3), (448, 448)) / 127.5 - 1
        x = tf.map_fn(picture, inputs, fn_output_signature=tf.TensorSpec([448, 448, 3], tf.float32))
        for weights in self.layers:
            x = tf.nn.relu(tf.nn.conv2d(x, weights, 2, "SAME"))
        return {"embedding": tf.nn.relu(tf.reduce_mean(x, (1, 2)) @ self.last)}

model = Model()
tf.saved_model.save(model, sys.argv[1], signatures={"serving_default": model.serve})
"""

# The card's own lines, but for the download, which no longer exists, and for who writes the PNG.
BARE = """
import sys, time, tensorflow as tf

infer = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
pictures = [tf.io.decode_png(open(name, "rb").read(), 3) for name in sys.argv[2:]]

def example(picture):
    png = tf.io.encode_png(picture).numpy()
    return tf.train.Example(features=tf.train.Features(feature={"image/encoded": tf.train.Feature(
        bytes_list=tf.train.BytesList(value=[png]))})).SerializeToString()

def one_by_one():
    for picture in pictures:
        infer(inputs=tf.constant([example(picture)]))["embedding"].numpy().flatten()

ready = [example(picture) for picture in pictures]

def batched():
    infer(inputs=tf.constant(ready))["embedding"].numpy()

works = {"one by one": one_by_one, "batched": batched}
for line in sys.stdin:
    cpu = time.process_time()
    works[line.strip()]()
    print(time.process_time() - cpu, flush=True)
"""


def tensorflow_python() -> str | None:
    """A Python that has TensorFlow, or None."""
    named = os.environ.get("CASEBOOK_DERM_FOUNDATION_PYTHON")
    if named or importlib.util.find_spec("tensorflow") is not None:
        return named or sys.executable
    return None


def run(folder: Path) -> bool:
    """Measure and tell; whether the target was met."""
    python = tensorflow_python()
    if python is None:
        print("  derm-foundation: not measured, as TensorFlow is missing (CASEBOOK_DERM_FOUNDATION_PYTHON)")
        return True
    from PIL import Image

    os.environ.update(ONE_THREAD)
    model, pictures = folder / "derm-foundation", []
    names = [folder / f"picture{n}.png" for n in range(PICTURES)]
    for n, name in enumerate(names):
        rows, columns = np.mgrid[0:448, 0:448]
        drawn = np.stack([rows // 2, columns // 2, (rows * (n + 1) + columns) % 200], axis=-1)
        pictures.append(drawn.astype(np.uint8))
        Image.fromarray(pictures[-1]).save(name)
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([python, "-c", BUILD, str(model)], check=True, capture_output=True, env=environment)
    times = _times(model, python, [str(name) for name in names], pictures, environment)
    ours, batched, loop = (quick_quarter(times[name]) for name in ("ours", "batched", "one by one"))
    met = batched / ours >= BATCHED
    print(
        f"  derm-foundation, {PICTURES} pictures of 448 × 448: ours {1000 * ours:.0f} ms, bare batched call "
        f"{1000 * batched:.0f} ms, the card's loop {1000 * loop:.0f} ms\n"
        f"    speed against the bare batched call, PNG and pipe included: {batched / ours:.2f}, target ≥ "
        f"{BATCHED} {'met' if met else 'MISSED'}; against the card's loop {loop / ours:.2f}×"
    )
    return met


def _times(
    folder: Path, python: str, names: list[str], pictures: list[Any], environment: dict[str, str]
) -> dict[str, list[float]]:
    """Seconds by round of ours, with the model's process, and of both bare ways, in turn."""
    import psutil

    from tools.models.encoders.derm_foundation import load_derm_foundation

    model = load_derm_foundation(folder, device="cpu", python=Path(python))
    assert model._process is not None
    worker = psutil.Process(model._process.pid)

    def spent() -> float:
        there = worker.cpu_times()
        return time.process_time() + float(there.user + there.system)

    command = [python, "-c", BARE, str(folder), *names]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    found: dict[str, list[float]] = {"ours": [], "batched": [], "one by one": []}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment, **pipes) as bare:
        for _ in range(ROUNDS + 1):
            start = spent()
            model.encode_images(pictures)
            found["ours"].append(spent() - start)
            for name in ("batched", "one by one"):
                bare.stdin.write(f"{name}\n")  # type: ignore[union-attr]
                bare.stdin.flush()  # type: ignore[union-attr]
                found[name].append(float(bare.stdout.readline()))  # type: ignore[union-attr]
        bare.stdin.close()  # type: ignore[union-attr]
    model.close()
    return {name: times[1:] for name, times in found.items()}
