"""What the parent believes of the child, what the child may know, and what leaves it."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from store.errors import CaseError, SetupError
from store.pictures.image_store import ImageStore
from tests.inputs.make_dicom import make_dicom, ramp
from tests.tools.files.small_png import png, works
from tools.files import child
from tools.files.decoding import Decoder

PLANTED = "Roe^Jane"


@pytest.mark.process
def test_a_large_volume_is_a_map_that_outlives_its_file(decoder, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stack = np.zeros((80, 512, 512), np.uint8)
    stack[40, 100:200] = 255
    path = make_dicom(tmp_path / "a.dcm", stack, modality="CT", WindowCenter="128", WindowWidth="256")
    (image,) = decoder.read(path)
    assert isinstance(image.frames, np.memmap)
    assert not image.frames.flags.writeable
    assert image.frames[40, 150, 5] == 255
    assert not list(tmp_path.glob("casebook-*/*.npy"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's address space")
def test_a_length_that_no_memory_holds_is_told_as_such(decoder, tmp_path):
    data = make_dicom(tmp_path / "a.dcm", ramp(), Manufacturer="Maker").read_bytes()
    place = data.index(b"Maker") - 4  # VR and 16-bit length of an explicit element
    lying = data[:place] + b"UT\x00\x00\xf0\xff\xff\xff" + data[place + 4 :]
    with pytest.raises(CaseError, match="declares more data"):
        decoder.read(lying)
    assert works(decoder)


def stand_in(monkeypatch, script):
    """Let another program play the child: it says it is ready, then does as told."""
    ready = "import sys; print('{\"ready\": 1}', flush=True); sys.stdin.readline()\n"
    monkeypatch.setattr(child, "_command", lambda _: [sys.executable, "-c", ready + script])


@pytest.mark.process
@pytest.mark.parametrize(
    "script",
    [
        "print('no json', flush=True)",
        'print(\'{"images": [{"file_type": "EXE"}]}\', flush=True)',
        "print('{\"images\": []}', flush=True)",
        "print('[' * 100000, flush=True)",
        "import os; os.kill(os.getpid(), 11)",
        "sys.stdout.write('x' * 20_000_000); sys.stdout.flush()",
    ],
)
def test_an_answer_that_cannot_be_trusted_is_damage(monkeypatch, script):
    stand_in(monkeypatch, script)
    with Decoder() as decoder, pytest.raises(CaseError, match="damaged"):
        decoder.read(png())


def described(folder_line):
    told = (
        '{"file_type": "PNG", "index": 0, "has_values": false, "unit": null, "spacing_mm": null, '
        '"modality": null, "body_part": null, "facts": {}, "notes": [], '
        '"slices": [], "scale_caution": "", "volumes": 1}'
    )
    return (
        "import json, numpy, os; request = {}\n"
        + folder_line
        + f"\nprint(json.dumps({{'images': [json.loads('{told}')]}}), flush=True)"
    )


@pytest.mark.process
@pytest.mark.parametrize(
    "write",
    [
        "pass",
        "numpy.save(f + '/0.frames.npy', numpy.array([print], dtype=object))",
        "numpy.save(f + '/0.frames.npy', numpy.zeros((1, 4, 4), numpy.float32))",
        "open(f + '/0.frames.npy', 'wb').write(b'junk')",
        "numpy.save(f + '/x.npy', numpy.zeros((1, 4, 4), numpy.uint8)); "
        "os.symlink(f + '/x.npy', f + '/0.frames.npy')",
    ],
)
def test_arrays_that_cannot_be_trusted_are_damage(monkeypatch, write):
    ready = "import sys; print('{\"ready\": 1}', flush=True)\n"
    listen = "import json; f = json.loads(sys.stdin.readline())['folder']\n"
    script = ready + listen + described(write)
    monkeypatch.setattr(child, "_command", lambda _: [sys.executable, "-c", script])
    with Decoder() as decoder, pytest.raises(CaseError, match="damaged"):
        decoder.read(png())


@pytest.mark.process
def test_a_child_that_does_not_start_is_the_operators_concern(monkeypatch):
    monkeypatch.setattr(child, "_command", lambda _: [sys.executable, "-c", "raise SystemExit(3)"])
    with Decoder() as decoder, pytest.raises(SetupError, match="did not start"):
        decoder.read(png())


@pytest.mark.process
def test_the_child_inherits_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_API_KEY", "hush")
    monkeypatch.setenv("CASEBOOK_DATABASE_URL", "postgresql://user:hush@db/x")
    with Decoder() as decoder:
        assert works(decoder)
        if not Path(f"/proc/{decoder.pid}/environ").exists():
            pytest.skip("no /proc on this system")
        known = Path(f"/proc/{decoder.pid}/environ").read_bytes()
    assert b"hush" not in known
    assert b"OPENBLAS_NUM_THREADS=1" in known


@pytest.mark.process
def test_the_child_loads_neither_the_assistant_nor_its_libraries():
    asked = (
        "import sys, tools.files.decode_worker; "
        "heavy = ('langchain_core', 'chromadb', 'streamlit', 'scipy', 'assistant'); "
        "print([m for m in heavy if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def planted_files(tmp_path):
    exif = PillowImage.Exif()
    exif[0x010E] = PLANTED
    photo = io.BytesIO()
    PillowImage.new("RGB", (40, 30), (200, 150, 120)).save(photo, "JPEG", exif=exif, comment=PLANTED.encode())
    text = {"PatientName": PLANTED, "StudyDescription": PLANTED, "BodyPartExamined": PLANTED}
    scan = make_dicom(tmp_path / f"{PLANTED}.dcm", ramp(), PatientID=PLANTED, **text)
    stack = make_dicom(tmp_path / "stack.dcm", np.zeros((3, 8, 8), np.uint8), PatientID=PLANTED, **text)
    return [photo.getvalue(), scan, stack]


def test_planted_identifiers_reach_no_field_and_no_stored_byte(decoder, tmp_path):
    store = ImageStore(tmp_path / "images")
    for source in planted_files(tmp_path):
        raw = source if isinstance(source, bytes) else source.read_bytes()
        assert PLANTED.encode() in raw
        (image,) = decoder.read(source)
        said = (image.facts, image.notes, image.modality, image.body_part, image.unit)
        assert "jane" not in repr(said).lower()
        store.put(image)
    stored = [path for path in (tmp_path / "images").rglob("*") if path.is_file()]
    assert len(stored) >= 6
    assert not any(b"jane" in path.read_bytes().lower() for path in stored)
    assert not any("jane" in str(path.relative_to(tmp_path)).lower() for path in stored)


def test_no_refusal_quotes_a_library_or_the_file(decoder, tmp_path):
    data = bytearray(make_dicom(tmp_path / "a.dcm", ramp(), PatientName=PLANTED).read_bytes())
    random = np.random.default_rng(5)
    refusals = set()
    for _ in range(60):
        broken = bytearray(data)
        for place in random.integers(132, 900, 6):
            broken[place] = random.integers(0, 256)
        try:
            decoder.read(bytes(broken))
        except CaseError as refusal:
            refusals.add(str(refusal))
    assert refusals
    for sentence in refusals:
        assert "Jane" not in sentence
        assert "Error" not in sentence
        assert str(tmp_path) not in sentence
        assert sentence.endswith(".")


@pytest.mark.process
def test_a_fault_of_the_child_is_not_blamed_on_the_file(monkeypatch):
    stand_in(monkeypatch, 'print(\'{"crash": "TypeError at native.py:55"}\', flush=True)')
    with Decoder() as decoder, pytest.raises(CaseError, match="need not lie at the file") as refusal:
        decoder.read(png())
    assert "damaged" not in str(refusal.value)
