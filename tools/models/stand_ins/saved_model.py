"""Stand-in for derm-foundation: a real SavedModel with its signature. Also a program: FOLDER SEED.

Run as a program it needs TensorFlow alone, so it can be made by another Python than Casebook's.
Source of the signature: model card of google/derm-foundation.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SYSTEM = "derm-foundation"
DIMENSION = 6144


def build(folder: Path, *, seed: int = 0, python: Path | None = None) -> Path:
    """Write a tiny Derm Foundation to `folder`, about 5 MB.

    Args:
        folder: made if missing.
        seed: of the random weights.
        python: interpreter that has TensorFlow; None is the one that runs Casebook.

    Raises:
        SetupError: that interpreter has no TensorFlow.
    """
    from store.errors import SetupError
    from tools.models.encoders.derm_worker import REFUSALS
    from tools.models.stand_ins.files import mark

    folder.mkdir(parents=True, exist_ok=True)
    command = [str(python or sys.executable), "-P", __file__, str(folder), str(seed)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"The stand-in for {SYSTEM} was not made: {REFUSALS['packages']}") from error
    mark(folder, SYSTEM)
    return folder


def main() -> None:
    """Write the model: decode, 448 × 448, means of an 8 × 8 grid, one random layer, ReLU."""
    import tensorflow as tf

    folder, seed = sys.argv[1], int(sys.argv[2])
    weights = tf.random.stateless_normal((8 * 8 * 3, DIMENSION), (seed, 7))

    def pooled(example: tf.Tensor) -> tf.Tensor:
        feature = {"image/encoded": tf.io.FixedLenFeature([], tf.string)}
        png = tf.io.parse_single_example(example, feature)["image/encoded"]
        picture = tf.image.resize(tf.io.decode_png(png, 3), (448, 448))
        return tf.reshape(tf.reduce_mean(tf.reshape(picture, (8, 56, 8, 56, 3)), (1, 3)), (-1,))

    class Model(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.weights = tf.Variable(weights)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])  # type: ignore[untyped-decorator]
        def serve(self, inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            means = tf.map_fn(pooled, inputs, fn_output_signature=tf.TensorSpec([192], tf.float32))
            return {"embedding": tf.nn.relu((means - 127.5) @ self.weights)}

    model = Model()
    tf.saved_model.save(model, folder, signatures={"serving_default": model.serve})


if __name__ == "__main__":
    main()
