"""What a file is that Casebook does not read, in words that name a way out.

Told from its first bytes. What is read is in ``tools.files.file_type``.
"""

from __future__ import annotations

import gzip
import io
import struct
import zlib

# After the brand of an ISO base media file. Source: ISO/IEC 14496-12 section 4.3 (File Type Box).
_BRANDS_AT = 8

# Source: ISO/IEC 23008-12 (HEIF) annex B; MIAF, ISO/IEC 23000-22; AVIF 1.1 section 6; mp4ra.org, "Brands".
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"mif1", b"mif2", b"mif3", b"miaf", b"MiHB", b"MiHA", b"MiHE", b"MiPr", b"1pic"}

_JXL = "a JPEG XL picture; export it as PNG or JPEG"
_JPEG_2000 = "a JPEG 2000 picture; convert it to PNG or wrap it in DICOM"
_RAW = "a raw photo of a camera ({}); export it as JPEG or TIFF"
_MGH = "a FreeSurfer volume (MGH or MGZ); convert it to NIfTI (mri_convert FILE.mgz FILE.nii.gz)"
_ANALYZE = (
    "the header of an Analyze 7.5 volume, whose voxels are in a second file (.img); convert both to one "
    "NIfTI file (.nii)"
)
_SEQUENCE = "a {} sequence of pictures, a kind of video; send single frames as JPEG or PNG"
_UNKNOWN_BRAND = "a photo or video of a kind that is not known here; export it as JPEG or PNG"
_VIDEO = "a video; send single frames as PNG"

_BRANDS: dict[bytes, str] = {
    b"crx ": _RAW.format("Canon CR3"),
    b"jxl ": _JXL,
    b"jp2 ": _JPEG_2000,
    b"jpx ": _JPEG_2000,
    b"jpm ": _JPEG_2000,
    b"j2ki": "a HEIF photo with JPEG 2000 inside; export it as JPEG or PNG",
    b"jpeg": "a HEIF photo with JPEG inside; export it as JPEG or PNG",
    b"avci": "a HEIF photo with AVC inside; export it as JPEG or PNG",
    b"vvic": "a HEIF photo with VVC inside; export it as JPEG or PNG",
    b"hevc": _SEQUENCE.format("HEIC"),
    b"hevx": _SEQUENCE.format("HEIC"),
    b"hevm": _SEQUENCE.format("HEIC"),
    b"hevs": _SEQUENCE.format("HEIC"),
    b"msf1": _SEQUENCE.format("HEIF"),
    b"avcs": _SEQUENCE.format("HEIF"),
    b"M4A ": "a sound recording, not a picture",
    b"M4B ": "a sound recording, not a picture",
    b"M4P ": "a sound recording, not a picture",
}
_VIDEO_BRANDS = (
    b"isom",
    b"iso",
    b"mp4",
    b"avc1",
    b"qt",
    b"M4V",
    b"3g",
    b"dash",
    b"mmp4",
    b"MSNV",
    b"f4v",
    b"XAVC",
)

_FOREIGN = (
    (b"%PDF", "a PDF document; export the picture from it"),
    (b"\x7fELF", "a program, not a picture"),
    (b"MZ", "a program, not a picture"),
    (b"\xcf\xfa\xed\xfe", "a program, not a picture"),
    (b"\xca\xfe\xba\xbe", "a program, not a picture"),
    (b"#!", "a script, not a picture"),
    (b"8BPS", "a Photoshop document; export it as PNG"),
    (b"\x00\x00\x01\x00", "an icon file"),
    (b"\x01\xda", "an SGI picture; convert it to PNG"),
    (b"\x0a\x05\x01\x08", "a PCX picture; convert it to PNG"),
    (b"DDS ", "a game texture (DDS)"),
    (b"BLP", "a game texture (BLP)"),
    (b"SIMPLE  =", "an astronomy picture (FITS)"),
    (b"\xff\x0a", _JXL),
    (b"\x00\x00\x00\x0cJXL ", _JXL),
    (b"\xff\x4f\xff\x51", _JPEG_2000),
    (b"\x00\x00\x00\x0cjP  ", _JPEG_2000),
    (b"II\xbc\x01", "a JPEG XR picture; convert it to PNG"),
    (b"FUJIFILMCCD-RAW", _RAW.format("Fujifilm RAF")),
    (b"IIRO", _RAW.format("Olympus ORF")),
    (b"IIRS", _RAW.format("Olympus ORF")),
    (b"MMOR", _RAW.format("Olympus ORF")),
    (b"IIU\x00", _RAW.format("Panasonic RW2")),
    (b"FOVb", _RAW.format("Sigma X3F")),
    (b"\x00MRM", _RAW.format("Minolta MRW")),
    (b"NRRD", "an NRRD volume; convert it to NIfTI"),
    (b"ObjectType", "a MetaImage volume; convert it to NIfTI"),
    (b"mrtrix image", "an MRtrix volume (MIF); convert it to NIfTI (mrconvert FILE.mif FILE.nii.gz)"),
    (b"CDF\x01", "a NetCDF file, as MINC volumes are; convert it to NIfTI"),
    (b"CDF\x02", "a NetCDF file, as MINC volumes are; convert it to NIfTI"),
    (b"\x89HDF", "an HDF5 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; pack the series as zip"),
    (b"Rar!", "a RAR archive; pack the series as zip"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; pack the series as zip"),
    (b"BZh", "a bzip2 archive; pack the series as zip"),
    (b"\xfd7zXZ\x00", "an xz archive; pack the series as zip"),
    (b"\xd0\xcf\x11\xe0", "an Office document; export the picture from it"),
    (b"{\\rtf", "a text document"),
    (b"\x1aE\xdf\xa3", _VIDEO),
    (b"\x00\x00\x01\xba", _VIDEO),
    (b"\x00\x00\x01\xb3", _VIDEO),
    (b"SQLite format 3", "a database"),
)

_MARKUP = (
    (b"<svg", "an SVG drawing; export it as PNG"),
    (b"<!doctype html", "a web page; save the picture itself"),
    (b"<html", "a web page; save the picture itself"),
    (b"<?php", "a program, not a picture"),
    (b"<?xml", "an XML document, not a picture"),
)

# Source: FreeSurfer's MGH format: version, width, height, depth, frames, type of a voxel, big endian.
_MGH_TYPES = (0, 1, 3, 4, 10)
# Source: ANALYZE 7.5 file format (Mayo Clinic): header_key.sizeof_hdr.
_ANALYZE_BYTES = 348


def boxed_picture(head: bytes) -> str | None:
    """``HEIC`` or ``AVIF`` if the file is one by its brands, the first or those it is compatible with.

    Source: ISO/IEC 23008-12 section 10: a generic brand such as mif1 may come first.
    """
    brands = _brands(head)
    if not brands or brands[0] not in _HEIC_BRANDS | _AVIF_BRANDS | _HEIF_BRANDS:
        return None
    if brands[0] in _HEIF_BRANDS:
        brands = [one for one in brands if one in _HEIC_BRANDS | _AVIF_BRANDS][:1]
    return ("AVIF" if brands[0] in _AVIF_BRANDS else "HEIC") if brands else None


def foreign(head: bytes) -> str:
    """What a file is that is not read, and a way out where there is one.

    Args:
        head: its first bytes.
    """
    if not head:
        return "empty"
    return _by_magic(head) or _boxed(_brands(head)) or _volume(head) or _container(head) or _words(head)


def _by_magic(head: bytes) -> str | None:
    return next((words for magic, words in _FOREIGN if head.startswith(magic)), None)


def _container(head: bytes) -> str | None:
    if head[257:262] == b"ustar":
        return "a tar archive; pack the series as zip"
    return _VIDEO if head[:4] == b"RIFF" and head[8:12] == b"AVI " else None


def _words(head: bytes) -> str:
    lowered = head[:1024].lower()
    markup = next((words for magic, words in _MARKUP if magic in lowered), None)
    if markup is None and _is_text(head):
        return "a text file, not a picture"
    return markup or "of a type that is not known here, or it is damaged"


def unzipped_head(head: bytes) -> bytes:
    """The first bytes of what a gzip file holds, as far as its own first bytes go.

    Args:
        head: the first bytes of the gzip file.

    Returns:
        What could be unpacked; empty if nothing could.
    """
    with gzip.GzipFile(fileobj=io.BytesIO(head)) as stream:
        unpacked = b""
        try:
            while piece := stream.read1(1024):
                unpacked += piece
                if len(unpacked) >= len(head):
                    break
        except (OSError, EOFError, zlib.error):
            return unpacked
    return unpacked


def _brands(head: bytes) -> list[bytes]:
    """The major brand, then the compatible ones; none if there is no File Type Box."""
    if head[4:8] != b"ftyp" or len(head) < _BRANDS_AT + 4:
        return []
    size = min(struct.unpack(">I", head[:4])[0], len(head))
    others = head[_BRANDS_AT + 8 : size]
    return [head[_BRANDS_AT : _BRANDS_AT + 4], *(others[i : i + 4] for i in range(0, len(others), 4))]


def _boxed(brands: list[bytes]) -> str | None:
    if not brands:
        return None
    if brands[0].startswith(_VIDEO_BRANDS):
        return _VIDEO
    told = [_BRANDS.get(one) or (_VIDEO if one.startswith(_VIDEO_BRANDS) else None) for one in brands]
    return next((words for words in told if words), _UNKNOWN_BRAND)


def _volume(head: bytes) -> str | None:
    """What volume of medical research it is, if it is one that is not read."""
    if len(head) >= 284:
        version, *shape, kind = struct.unpack(">6i", head[:24])
        if version == 1 and min(shape) > 0 and kind in _MGH_TYPES:
            return _MGH
    # NIfTI has the same length there, and says so itself at its end.
    if len(head) >= _ANALYZE_BYTES and _ANALYZE_BYTES in struct.unpack("<i", head[:4]) + struct.unpack(
        ">i", head[:4]
    ):
        return _ANALYZE
    return None


def _is_text(head: bytes) -> bool:
    try:
        words = head.decode("utf-8", errors="strict" if len(head) < 4096 else "ignore")
    except UnicodeDecodeError:
        return False
    return len(head) > 3 and sum(c.isprintable() or c.isspace() for c in words) >= 0.98 * len(words)
