"""Derm Foundation in its own process: parity with TensorFlow, broken folders, restarts, time limits."""

from __future__ import annotations

import importlib.util
import io
import os
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from store.errors import SetupError
from tools.models.encoders import derm_foundation, derm_worker
from tools.models.encoders.derm_foundation import DermFoundation, load_derm_foundation, write_example
from tools.models.loading import load
from tools.models.places import Place
from tools.models.stand_ins import build_stand_in
from tools.models.verifying import verify

# Read when this file is imported: each test starts without CASEBOOK_* variables.
OTHER = os.environ.get("CASEBOOK_DERM_FOUNDATION_PYTHON")
PYTHON = Path(OTHER) if OTHER else Path(sys.executable)
needs_tensorflow = pytest.mark.skipif(
    OTHER is None and importlib.util.find_spec("tensorflow") is None,
    reason="TensorFlow is missing: install the extra derm-foundation, or name a Python that has it in "
    "CASEBOOK_DERM_FOUNDATION_PYTHON",
)

# The card's own lines, with the local folder in place of a download that no longer exists.
CARD = """
import sys, numpy as np, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
for name in sys.argv[2:]:
    png = open(name, "rb").read()
    example = tf.train.Example(features=tf.train.Features(feature={"image/encoded": tf.train.Feature(
        bytes_list=tf.train.BytesList(value=[png]))})).SerializeToString()
    open(name + ".example", "wb").write(example)
    vector = model.signatures["serving_default"](inputs=tf.constant([example]))["embedding"].numpy().flatten()
    np.save(name + ".npy", vector)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_stand_in("derm-foundation", tmp_path_factory.mktemp("derm"), python=PYTHON).path


@pytest.fixture(scope="module")
def model(folder: Path):
    model = load_derm_foundation(folder, python=PYTHON, device="cpu")
    yield model
    model.close()


def png(picture: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def worker(tmp_path: Path, text: str) -> Path:
    """A program in the place of a Python with TensorFlow; it is given the worker's arguments."""
    program = tmp_path / "python"
    program.write_text(f"#!{sys.executable}\nimport struct, sys, time, json\n{READY}{text}")
    program.chmod(0o755)
    return program


READY = """
def say(frame):
    sys.stdout.buffer.write(struct.pack("<I", len(frame)) + frame)
    sys.stdout.buffer.flush()
def hear():
    head = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(struct.unpack("<I", head)[0]) if head else sys.exit()
say(b"r" + json.dumps({"dimension": 2, "device": "cpu", "nbytes": 1}).encode())
"""


def test_an_example_is_written_as_tensorflow_writes_it() -> None:
    # Made once with tf.train.Example(...).SerializeToString() of TensorFlow 2.21.
    head = "0ae3010ae0010a0d696d6167652f656e636f64656412ce010acb010ac801"
    value = b"\x00png" * 50
    assert write_example(value) == bytes.fromhex(head) + value


@needs_tensorflow
def test_vectors_are_those_of_tensorflow_and_requests_the_same_bytes(
    folder: Path, model: DermFoundation, pictures: list[np.ndarray], tmp_path: Path
) -> None:
    exact = [np.asarray(Image.fromarray(one).resize((448, 448))) for one in pictures]
    for number, one in enumerate(exact):
        (tmp_path / f"{number}.png").write_bytes(png(one))
    names = [str(tmp_path / f"{number}.png") for number in range(len(exact))]
    subprocess.run([PYTHON, "-c", CARD, folder, *names], check=True, capture_output=True)
    vectors = model.encode_images(exact)
    for name, vector in zip(names, vectors, strict=True):
        wanted = np.load(f"{name}.npy")
        assert wanted.shape == (6144,)
        assert np.abs(vector - wanted / np.linalg.norm(wanted)).max() < 1e-6
        assert write_example(Path(name).read_bytes()) == Path(f"{name}.example").read_bytes()
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-3


@needs_tensorflow
def test_a_picture_as_it_is_differs_from_one_squeezed_first(
    folder: Path, model: DermFoundation, pictures: list[np.ndarray]
) -> None:
    squeezed = model.encode_images(pictures[:1])
    as_it_is = DermFoundation(folder, mode="original", python=PYTHON, device="cpu")
    try:
        vectors = as_it_is.encode_images(pictures[:1])
        assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5
        assert np.abs(vectors - squeezed).max() > 1e-6
    finally:
        as_it_is.close()
    assert model.encode_images([]).shape == (0, 6144)


@needs_tensorflow
def test_a_process_that_was_killed_is_started_again(
    model: DermFoundation, pictures: list[np.ndarray]
) -> None:
    before = model.encode_images(pictures[:1])
    assert model._process is not None
    model._process.kill()
    model._process.wait()
    assert np.array_equal(model.encode_images(pictures[:1]), before)


@needs_tensorflow
def test_pictures_given_together_get_the_vectors_they_get_alone(
    model: DermFoundation, pictures: list[np.ndarray]
) -> None:
    many = [np.roll(one, shift, axis=1) for one in pictures for shift in (0, 31, 77)]
    together = model.encode_images(iter(many))
    alone = np.concatenate([model.encode_images([one]) for one in many])
    assert together.shape == (9, 6144)
    assert np.abs(together - alone).max() < 1e-6
    assert len(np.unique(together.round(5), axis=0)) == 9


@pytest.mark.parametrize(("mixes", "calls"), [(True, [2, 1, 1, 1, 1]), (False, [2, 1, 3])])
def test_pictures_are_given_together_only_when_that_changes_nothing(mixes: bool, calls: list[int]) -> None:
    made: list[int] = []

    class TensorFlow:
        constant = staticmethod(list)

        class errors:  # noqa: N801 - TensorFlow's name
            InvalidArgumentError = ValueError

    def infer(inputs: list[bytes]) -> dict[str, object]:
        made.append(len(inputs))
        vectors = np.array([[len(one), 1 + mixes * len(inputs)] for one in inputs], np.float32)
        return {"embedding": SimpleNamespace(numpy=lambda: vectors)}

    examples = [b"a", b"bb", b"ccc"]
    request = b"".join(struct.pack("<I", len(one)) + one for one in examples)
    source, answers = io.BytesIO(struct.pack("<I", len(request)) + request), io.BytesIO()
    derm_worker._answer(TensorFlow, infer, source, answers)
    assert made == calls
    vectors = np.frombuffer(answers.getvalue()[5:], "<f4").reshape(3, 2)
    assert vectors[:, 0].tolist() == [1, 2, 3]


@pytest.mark.process
def test_pictures_a_process_dies_over_are_given_again_one_by_one(tmp_path: Path) -> None:
    program = worker(
        tmp_path,
        "while frame := hear():\n"
        "    if len(frame) > 4 + struct.unpack_from('<I', frame)[0]: sys.exit(9)\n"
        "    say(b'v' + struct.pack('<2f', 3, 4))\n",
    )
    model = load_derm_foundation(tmp_path, python=program)
    vectors = model.encode_images([np.zeros((8, 8, 3), np.uint8)] * 3)
    assert np.allclose(vectors, [[0.6, 0.8]] * 3)
    model.close()


@needs_tensorflow
def test_the_system_is_loaded_and_verified_by_its_name(folder: Path) -> None:
    found = verify(Place("derm-foundation", folder), python=PYTHON, device="cpu")
    assert found.stand_in
    assert found.nbytes > 10_000_000
    assert any("6144 numbers" in note for note in found.notes)
    assert any("random" in note for note in found.notes)


@needs_tensorflow
def test_a_folder_without_a_whole_saved_model_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no complete SavedModel"):
        load("derm-foundation", tmp_path, python=PYTHON, device="cpu")
    (tmp_path / "saved_model.pb").write_bytes((folder / "saved_model.pb").read_bytes())
    with pytest.raises(SetupError, match="no complete SavedModel"):
        load("derm-foundation", tmp_path, python=PYTHON, device="cpu")


@pytest.mark.process
def test_a_python_without_tensorflow_is_told_with_the_extra(tmp_path: Path) -> None:
    program = worker(tmp_path, "")
    program.write_text(program.read_text().replace("say(b", "say(b'npackages')\nsys.exit()\nsay(b"))
    with pytest.raises(SetupError, match="derm-foundation"):
        load_derm_foundation(tmp_path, python=program)
    with pytest.raises(SetupError, match="CASEBOOK_DERM_FOUNDATION_PYTHON"):
        load_derm_foundation(tmp_path, python=tmp_path / "no-python")


@pytest.mark.process
def test_a_process_that_dies_while_it_loads_may_have_been_given_files_cut_short(tmp_path: Path) -> None:
    program = worker(tmp_path, "")
    program.write_text(program.read_text().replace("say(b", "sys.exit(9)\nsay(b"))
    with pytest.raises(SetupError, match="files may be cut short, or memory ran out"):
        load_derm_foundation(tmp_path, python=program)


@pytest.mark.process
def test_a_process_that_dies_twice_over_a_picture_is_told(tmp_path: Path) -> None:
    model = load_derm_foundation(tmp_path, python=worker(tmp_path, "hear()\nsys.exit(9)\n"))
    with pytest.raises(SetupError, match="stopped twice"):
        model.encode_images([np.zeros((8, 8, 3), np.uint8)])


@pytest.mark.process
def test_a_picture_that_takes_too_long_ends_the_process(tmp_path: Path) -> None:
    program = worker(tmp_path, "hear()\ntime.sleep(60)\n")
    model = DermFoundation(tmp_path, python=program, picture_timeout_s=0.3)
    with pytest.raises(SetupError, match=r"longer than 0\.3 s"):
        model.encode_images([np.zeros((8, 8, 3), np.uint8)])
    assert model._process is None


@pytest.mark.process
def test_a_vector_of_nothing_is_refused(tmp_path: Path) -> None:
    program = worker(tmp_path, "while True:\n    hear()\n    say(b'v' + bytes(8))\n")
    model = load_derm_foundation(tmp_path, python=program)
    with pytest.raises(SetupError, match="no usable vector"):
        model.encode_images([np.zeros((8, 8, 3), np.uint8)])
    model.close()


def test_tensorflow_is_never_imported_by_the_client() -> None:
    assert derm_foundation.SYSTEM == "derm-foundation"
    assert "tensorflow" not in sys.modules
