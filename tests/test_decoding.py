"""The decoding child: limits, crashes, hangs, and what it may not know or leave behind."""

from __future__ import annotations

import gzip
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom.uid import JPEG2000Lossless

from store.errors import CaseError, SetupError
from store.image_store import ImageStore
from tests.make_dicom import build, make_dicom, ramp, relabel, save
from tests.test_images import png_of_declared_size
from tools import decoding
from tools.decoding import Decoder, ReadLimits


@pytest.fixture(scope="module")
def decoder():
    with Decoder() as decoder:
        yield decoder


def png(size=(30, 20), value=7):
    file = io.BytesIO()
    PillowImage.new("L", size, value).save(file, "PNG")
    return file.getvalue()


def works(decoder):
    (image,) = decoder.read(png())
    return image.pixels[0, 0].tolist() == [7, 7, 7] and image.size == (30, 20)


def test_bytes_and_paths_are_read_alike(decoder, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(png())
    assert works(decoder)
    (image,) = decoder.read(path)
    assert image.file_type == "PNG"


def test_one_child_serves_many_files(decoder):
    assert works(decoder)
    first = decoder.pid
    assert works(decoder)
    assert decoder.pid == first


def test_every_kind_of_source_is_read(decoder, tmp_path):
    import nibabel

    scan = make_dicom(tmp_path / "a.dcm", ramp(), RescaleSlope="1", RescaleIntercept="-1024")
    (image,) = decoder.read(scan)
    assert (image.file_type, image.unit, image.modality) == ("DICOM", "HU", "CT")
    assert (image.values[0] == ramp().astype(int) - 1024).all()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(scan, "a")
    assert decoder.read(packed.getvalue())[0].file_type == "DICOM"
    folder = tmp_path / "folder"
    folder.mkdir()
    scan.rename(folder / "a")
    assert decoder.read(folder)[0].file_type == "DICOM"
    volume = nibabel.Nifti1Image(np.zeros((4, 5, 6), np.int16), np.eye(4)).to_bytes()
    assert decoder.read(gzip.compress(volume))[0].frame_count == 6


def test_a_large_volume_is_a_map_that_outlives_its_file(decoder, tmp_path):
    stack = np.zeros((80, 512, 512), np.uint8)
    stack[40, 100:200] = 255
    path = make_dicom(tmp_path / "a.dcm", stack, modality="CT", WindowCenter="128", WindowWidth="256")
    (image,) = decoder.read(path)
    assert isinstance(image.frames, np.memmap)
    assert not image.frames.flags.writeable
    assert image.frames[40, 150, 5] == 255
    assert not list(Path(tempfile.gettempdir()).glob("casebook-*/*.npy"))


@pytest.mark.parametrize(
    ("data", "word"), [(b"", "empty"), (b"just words, no picture", "text"), (b"%PDF-1.4 ...", "PDF")]
)
def test_what_is_no_picture_is_refused_in_words(decoder, data, word):
    with pytest.raises(CaseError, match=word):
        decoder.read(data)


def test_a_file_that_is_not_there_is_named_as_typed(decoder):
    with pytest.raises(CaseError, match=r"There is no file at 'nowhere/a\.png'"):
        decoder.read(Path("nowhere/a.png"))


def test_a_file_over_the_limit_is_not_opened():
    with Decoder(ReadLimits(max_bytes=100)) as small:
        with pytest.raises(CaseError, match="MB are read"):
            small.read(bytes(101))
        assert small.pid is None


def test_a_bomb_is_refused_and_the_next_file_is_read(decoder):
    with pytest.raises(CaseError, match="million pixels"):
        decoder.read(png_of_declared_size(20_000, 20_000))
    assert works(decoder)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's address space")
def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_is_read():
    with Decoder(ReadLimits(memory_mb=300, max_total_voxels=2**40, max_pixels=2**40)) as small:
        with pytest.raises(CaseError, match="more than the 300 MB"):
            small.read(png_of_declared_size(30_000, 30_000))
        assert works(small)


def test_a_codec_that_kills_the_process_is_a_sentence_and_the_next_file_is_read(decoder, tmp_path):
    ds = build(ramp())
    save(ds, tmp_path / "a.dcm")
    ds.PixelData = b"\xff\x4f\xff\x51" + b"garbage, not a codestream" * 20
    with pytest.raises(CaseError, match="damaged"):
        decoder.read(relabel(ds, tmp_path / "b.dcm", JPEG2000Lossless))
    assert works(decoder)


def test_a_child_killed_between_files_is_replaced(decoder):
    assert works(decoder)
    killed = decoder.pid
    os.kill(killed, signal.SIGKILL)
    assert works(decoder)
    assert decoder.pid != killed


def test_a_child_killed_while_it_reads_is_replaced_and_the_file_is_still_read(decoder):
    assert works(decoder)
    stopped = decoder.pid
    os.kill(stopped, signal.SIGSTOP)  # it cannot answer before it dies
    threading.Timer(0.3, os.kill, (stopped, signal.SIGKILL)).start()
    assert works(decoder)
    assert decoder.pid != stopped


def test_a_hang_ends_at_the_time_limit_and_the_next_file_is_read():
    with Decoder(ReadLimits(timeout_s=2.0)) as quick:
        assert works(quick)
        hanging = quick.pid
        os.kill(hanging, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(CaseError, match="within 2 seconds"):
            quick.read(png())
        assert 1.9 < time.monotonic() - start < 4
        assert not Path(f"/proc/{hanging}").exists()
        assert works(quick)


def stand_in(monkeypatch, script):
    """Let another program play the child: it says it is ready, then does as told."""
    ready = "import sys; print('{\"ready\": 1}', flush=True); sys.stdin.readline()\n"
    monkeypatch.setattr(decoding, "_command", lambda _: [sys.executable, "-c", ready + script])


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
        '"modality": null, "body_part": null, "facts": {}, "notes": []}'
    )
    return (
        "import json, numpy, os; request = {}\n"
        + folder_line
        + f"\nprint(json.dumps({{'images': [json.loads('{told}')]}}), flush=True)"
    )


@pytest.mark.parametrize(
    "write",
    [
        "pass",
        "numpy.save(f + '/0.frames.npy', numpy.array([print], dtype=object))",
        "numpy.save(f + '/0.frames.npy', numpy.zeros((1, 4, 4), numpy.float32))",
        "open(f + '/0.frames.npy', 'wb').write(b'junk')",
        "os.symlink('/etc/hostname', f + '/0.frames.npy')",
    ],
)
def test_arrays_that_cannot_be_trusted_are_damage(monkeypatch, write):
    ready = "import sys; print('{\"ready\": 1}', flush=True)\n"
    listen = "import json; f = json.loads(sys.stdin.readline())['folder']\n"
    script = ready + listen + described(write)
    monkeypatch.setattr(decoding, "_command", lambda _: [sys.executable, "-c", script])
    with Decoder() as decoder, pytest.raises(CaseError, match="damaged"):
        decoder.read(png())


def test_a_child_that_does_not_start_is_the_operators_concern(monkeypatch):
    monkeypatch.setattr(decoding, "_command", lambda _: [sys.executable, "-c", "raise SystemExit(3)"])
    with Decoder() as decoder, pytest.raises(SetupError, match="did not start"):
        decoder.read(png())


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


def test_the_child_loads_neither_the_assistant_nor_its_libraries():
    asked = (
        "import sys, tools.decode_worker; "
        "heavy = ('langchain_core', 'chromadb', 'streamlit', 'scipy', 'assistant'); "
        "print([m for m in heavy if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_many_threads_share_one_child(decoder):
    seen = []

    def read(value):
        (image,) = decoder.read(png(value=value))
        seen.append((value, int(image.pixels[0, 0, 0])))

    threads = [threading.Thread(target=read, args=(value,)) for value in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 12
    assert all(value == pixel for value, pixel in seen)


def test_a_closed_decoder_leaves_no_process_and_can_be_used_again():
    decoder = Decoder()
    assert works(decoder)
    pid = decoder.pid
    decoder.close()
    assert decoder.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert works(decoder)
    decoder.close()


PLANTED = "Roe^Jane"


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
