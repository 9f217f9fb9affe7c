"""The decoding child: sources, limits, crashes and hangs."""

from __future__ import annotations

import gzip
import io
import os
import signal
import sys
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom.uid import JPEG2000Lossless

from store.errors import CaseError
from tests.inputs.make_dicom import build, make_dicom, ramp, relabel, save
from tests.tools.files.small_png import png, works
from tests.tools.files.test_pictures import png_of_declared_size
from tools.files import decoding
from tools.files.decoding import Decoder, ReadLimits


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


@pytest.mark.process
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


@pytest.mark.process
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


@pytest.mark.process
def test_a_child_killed_between_files_is_replaced(decoder):
    assert works(decoder)
    killed = decoder.pid
    os.kill(killed, signal.SIGKILL)
    assert works(decoder)
    assert decoder.pid != killed


@pytest.mark.process
def test_a_child_killed_while_it_reads_is_replaced_and_the_file_is_still_read(decoder):
    assert works(decoder)
    stopped = decoder.pid
    os.kill(stopped, signal.SIGSTOP)  # it cannot answer before it dies
    threading.Timer(0.3, os.kill, (stopped, signal.SIGKILL)).start()
    assert works(decoder)
    assert decoder.pid != stopped


@pytest.mark.process
def test_a_hang_ends_at_the_time_limit_and_the_next_file_is_read():
    with Decoder(ReadLimits(patience_s=4.0)) as quick:
        assert works(quick)
        hanging = quick.pid
        os.kill(hanging, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(CaseError, match="within 4 seconds: this machine is very busy"):
            quick.read(png())
        assert 3.9 < time.monotonic() - start < 8
        assert not Path(f"/proc/{hanging}").exists()
        assert works(quick)


def noise(side):
    file = io.BytesIO()
    pixels = np.random.default_rng(4).integers(0, 256, (side, side, 3)).astype(np.uint8)
    PillowImage.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


@pytest.mark.process
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no clock of computing on this system")
@pytest.mark.parametrize("source", ["noise", "large.gif", "many.zip"])
def test_a_file_that_computes_too_long_is_refused_for_that_and_no_other_reason(tmp_path, monkeypatch, source):
    monkeypatch.setattr(decoding, "_BYTES_PER_S", 1e15)  # a large file is given no longer
    with Decoder(ReadLimits(timeout_s=0.02)) as small:
        path = tmp_path / source
        if source == "large.gif":
            PillowImage.effect_noise((3000, 3000), 90).save(path)
        elif source == "many.zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for number in range(40):
                    archive.writestr(f"{number}", make_dicom(tmp_path / "a.dcm", ramp(256, 256)).read_bytes())
        else:
            path = noise(2000)
        with pytest.raises(CaseError, match=r"more than the 0\.02 seconds of computing"):
            small.read(path)
        assert small.pid is None


@pytest.mark.process
def test_time_in_which_the_machine_does_something_else_does_not_count():
    with Decoder(ReadLimits(timeout_s=2.0)) as quick:
        assert works(quick)
        waiting = quick.pid
        os.kill(waiting, signal.SIGSTOP)
        threading.Timer(3.0, os.kill, (waiting, signal.SIGCONT)).start()
        assert works(quick)
        assert quick.pid == waiting


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


@pytest.mark.process
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
