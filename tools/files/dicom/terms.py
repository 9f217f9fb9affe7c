"""DICOM's own terms in words: the only texts from a header that may reach a reader.

A header value is looked up here and never passed on, so a name, a date or an instruction typed into
one of these fields cannot leave the reader.
"""

from __future__ import annotations

from store.records import Modality

# Source: DICOM PS3.3 section C.7.3.1.1.1 (Modality), current and retired defined terms of images, and those
# of documents and measurements that are also kept as pictures of themselves (Secondary Capture).
MODALITIES: dict[str, str] = {
    "AR": "autorefraction",
    "BDUS": "bone densitometry (ultrasound)",
    "BI": "biomagnetic imaging",
    "BMD": "bone densitometry (X-ray)",
    "CR": "computed radiography",
    "CT": "computed tomography",
    "DG": "diaphanography",
    "DOC": "document",
    "DMS": "dermoscopy",
    "DX": "digital radiography",
    "ECG": "electrocardiography",
    "EPS": "cardiac electrophysiology",
    "ES": "endoscopy",
    "GM": "general microscopy",
    "HD": "hemodynamic waveform",
    "IO": "intra-oral radiography",
    "IVOCT": "intravascular optical coherence tomography",
    "IVUS": "intravascular ultrasound",
    "KER": "keratometry",
    "KO": "key object selection",
    "LS": "laser surface scan",
    "MG": "mammography",
    "MR": "magnetic resonance",
    "NM": "nuclear medicine",
    "OAM": "ophthalmic axial measurements",
    "OCT": "optical coherence tomography",
    "OP": "ophthalmic photography",
    "OPM": "ophthalmic mapping",
    "OPT": "ophthalmic tomography",
    "OPV": "ophthalmic visual field",
    "OT": "other",
    "PR": "presentation state",
    "PT": "positron emission tomography",
    "PX": "panoramic X-ray",
    "RF": "radiofluoroscopy",
    "REG": "registration",
    "RG": "radiographic imaging (film or screen)",
    "RTIMAGE": "radiotherapy image",
    "RTDOSE": "radiotherapy dose",
    "RTPLAN": "radiotherapy plan",
    "RTRECORD": "radiotherapy treatment record",
    "RTSTRUCT": "radiotherapy structure set",
    "SEG": "segmentation",
    "SM": "slide microscopy",
    "SR": "structured report",
    "TG": "thermography",
    "US": "ultrasound",
    "VA": "visual acuity",
    "XA": "X-ray angiography",
    "XC": "external-camera photography",
}

KNOWN_MODALITY: dict[str, Modality] = {
    "CR": "CR",
    "CT": "CT",
    "DMS": "DMS",
    "DX": "DX",
    "IO": "DX",
    "MG": "MG",
    "MR": "MR",
    "PX": "DX",
    "RG": "DX",
    "US": "US",
    "XC": "XC",
}
"""DICOM modality → ours. Intra-oral, panoramic and film radiographs are projection X-rays."""

# Source: DICOM PS3.16 Annex L, table L-1 (Body Part Examined): the terms that are words as they stand.
_PLAIN_BODY_PARTS = """
ABDOMEN ANKLE AORTA ARM AXILLA BACK BLADDER BRAIN BREAST BRONCHUS BUTTOCK CALCANEUS CALF CHEEK CHEST
CLAVICLE COCCYX COLON CORNEA DUODENUM ELBOW ESOPHAGUS EXTREMITY EYE EYELID FACE FEMUR FINGER FOOT
FOREARM GALLBLADDER HAND HEAD HEART HIP HUMERUS ILEUM ILIUM JEJUNUM KIDNEY KNEE LARYNX LEG LIVER
LUNG MANDIBLE MAXILLA MEDIASTINUM MOUTH NECK NOSE ORBIT OVARY PANCREAS PATELLA PELVIS PENIS PHARYNX
PROSTATE RADIUS RECTUM RIB SACRUM SCALP SCAPULA SCROTUM SHOULDER SKIN SKULL SPINE SPLEEN STERNUM
STOMACH TESTIS THIGH THORAX THUMB THYMUS THYROID TOE TONGUE TRACHEA ULNA URETER URETHRA UTERUS
VAGINA VULVA WRIST
"""

# Source: the same table, and joined spellings that equipment writes.
BODY_PARTS: dict[str, str] = {
    **{term: term.lower() for term in _PLAIN_BODY_PARTS.split()},
    "ABDOMENPELVIS": "abdomen and pelvis",
    "ARTERY": "artery",
    "CERVIX": "cervix",
    "CHESTABDOMEN": "chest and abdomen",
    "CHESTABDPELVIS": "chest, abdomen and pelvis",
    "COLLARBONE": "clavicle",
    "CSPINE": "cervical spine",
    "CTSPINE": "cervicothoracic spine",
    "EAR": "ear",
    "HEADNECK": "head and neck",
    "IAC": "internal auditory canal",
    "JAW": "jaw",
    "LOWERLIMB": "lower limb",
    "LSPINE": "lumbar spine",
    "LSSPINE": "lumbosacral spine",
    "SIJOINT": "sacroiliac joint",
    "SSPINE": "sacral spine",
    "TLSPINE": "thoracolumbar spine",
    "TMJ": "temporomandibular joint",
    "TSPINE": "thoracic spine",
    "UPPERLIMB": "upper limb",
    "WHOLEBODY": "whole body",
    "ZYGOMA": "zygoma",
}
"""Term in capitals without spaces or underscores → words."""

# Source: DICOM PS3.3 sections C.8.1.1 and C.8.11.5 (View Position), PS3.16 CID 4014 (mammography views).
VIEWS: dict[str, str] = {
    "AP": "anteroposterior",
    "CC": "cranio-caudal",
    "LATERAL": "lateral",
    "LL": "left lateral",
    "LLD": "left lateral decubitus",
    "LLO": "left lateral oblique",
    "LM": "latero-medial",
    "LMO": "latero-medial oblique",
    "LPO": "left posterior oblique",
    "ML": "medio-lateral",
    "MLO": "medio-lateral oblique",
    "PA": "posteroanterior",
    "RL": "right lateral",
    "RLD": "right lateral decubitus",
    "RLO": "right lateral oblique",
    "RPO": "right posterior oblique",
    "XCCL": "exaggerated cranio-caudal, lateral",
    "XCCM": "exaggerated cranio-caudal, medial",
}

# Source: DICOM PS3.3 sections C.7.3.1.1 (Laterality) and C.8.11.3 (Image Laterality).
LATERALITIES = {"R": "right", "L": "left", "B": "both sides", "U": "unpaired"}

# Source: DICOM PS3.3 section C.7.3.1.1.2 (Patient Position).
PATIENT_POSITIONS = {
    f"{first}{second}": f"{lies}, {enters}"
    for first, enters in (("HF", "head first"), ("FF", "feet first"))
    for second, lies in (
        ("S", "on the back"),
        ("P", "on the belly"),
        ("DR", "on the right side"),
        ("DL", "on the left side"),
    )
}

# Source: DICOM PS3.3 section C.7.6.3.1.2 (Photometric Interpretation).
PHOTOMETRICS = {
    *("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB"),
    *("YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"),
}

# Source: DICOM PS3.5 section 10 and Annex A, PS3.6 table A-1.
TRANSFER_SYNTAXES: dict[str, str] = {
    "1.2.840.10008.1.2": "uncompressed (implicit VR, little endian)",
    "1.2.840.10008.1.2.1": "uncompressed (explicit VR, little endian)",
    "1.2.840.10008.1.2.1.98": "uncompressed pixels, frame by frame",
    "1.2.840.10008.1.2.1.99": "uncompressed pixels in a deflated file",
    "1.2.840.10008.1.2.2": "uncompressed (explicit VR, big endian)",
    "1.2.840.10008.1.2.4.50": "JPEG baseline (lossy)",
    "1.2.840.10008.1.2.4.51": "JPEG extended (lossy)",
    "1.2.840.10008.1.2.4.53": "JPEG spectral selection (lossy, retired)",
    "1.2.840.10008.1.2.4.55": "JPEG full progression (lossy, retired)",
    "1.2.840.10008.1.2.4.57": "JPEG lossless",
    "1.2.840.10008.1.2.4.70": "JPEG lossless (selection value 1)",
    "1.2.840.10008.1.2.4.80": "JPEG-LS lossless",
    "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless",
    "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.201": "high-throughput JPEG 2000 (HTJ2K) lossless",
    "1.2.840.10008.1.2.4.202": "high-throughput JPEG 2000 (HTJ2K) lossless, by resolution",
    "1.2.840.10008.1.2.4.203": "high-throughput JPEG 2000 (HTJ2K)",
    "1.2.840.10008.1.2.5": "RLE lossless",
    "1.2.840.10008.1.2.8.1": "deflated frames",
}
"""Those that can be read."""

LOSSY_SYNTAXES = frozenset(
    f"1.2.840.10008.1.2.4.{ending}" for ending in ("50", "51", "53", "55", "81", "91", "203")
)
"""Those of them in which decoded values may be others than were encoded."""

# Source: DICOM PS3.6 table A-1 for what is newer than pydicom's list; the conformance statements of GE.
UNREAD_SYNTAXES: dict[str, str] = {
    "1.2.840.10008.1.2.4.110": "JPEG XL lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL (a JPEG recompressed)",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.113619.5.2": "GE's private implicit VR with big endian pixels",
}
"""Those that cannot be read and that pydicom has no name for."""

# Source: DICOM PS3.4 table B.5-1 and PS3.6 table A-1 (SOP Class UIDs). The longest matching start counts.
NOT_A_PICTURE: dict[str, str] = {
    "1.2.840.10008.1.3.10": "a DICOMDIR, the index of a disc; send the folder or the image files it lists",
    "1.2.840.10008.5.1.4.1.1.11.": "a presentation state, how another picture is shown; send that one",
    "1.2.840.10008.5.1.4.1.1.104.1": "a PDF document wrapped in DICOM; export its picture",
    "1.2.840.10008.5.1.4.1.1.104.": "a document or 3-D model wrapped in DICOM",
    "1.2.840.10008.5.1.4.1.1.30": "a parametric map: calculated values, not a picture of anatomy",
    "1.2.840.10008.5.1.4.1.1.4.2": "an MR spectrum, not a picture",
    "1.2.840.10008.5.1.4.1.1.481.2": "a radiotherapy dose grid (RTDOSE), not a picture of anatomy",
    "1.2.840.10008.5.1.4.1.1.481.3": "a radiotherapy structure set (RTSTRUCT): contours, not a picture",
    "1.2.840.10008.5.1.4.1.1.481.4": "a radiotherapy treatment record, not a picture",
    "1.2.840.10008.5.1.4.1.1.481.5": "a radiotherapy plan (RTPLAN), not a picture",
    "1.2.840.10008.5.1.4.1.1.481.6": "a radiotherapy treatment record, not a picture",
    "1.2.840.10008.5.1.4.1.1.481.7": "a radiotherapy treatment record, not a picture",
    "1.2.840.10008.5.1.4.1.1.481.8": "a radiotherapy plan (RTPLAN), not a picture",
    "1.2.840.10008.5.1.4.1.1.481.9": "a radiotherapy treatment record, not a picture",
    "1.2.840.10008.5.1.4.1.1.66": "raw or registration data, not a picture",
    "1.2.840.10008.5.1.4.1.1.66.4": "a segmentation (SEG): a mask of another picture; send that one",
    "1.2.840.10008.5.1.4.1.1.66.5": "a segmentation (SEG): a surface; send the picture it was drawn on",
    "1.2.840.10008.5.1.4.1.1.66.7": "a segmentation (SEG): a mask of another picture; send that one",
    "1.2.840.10008.5.1.4.1.1.67": "a value mapping, not a picture",
    "1.2.840.10008.5.1.4.1.1.77.1.6": "a whole-slide microscopy image in tiles; export a region as PNG",
    "1.2.840.10008.5.1.4.1.1.88.": "a structured report (SR), not a picture",
    "1.2.840.10008.5.1.4.1.1.88.59": "a key object selection (KOS), a list of other pictures; send those",
    "1.2.840.10008.5.1.4.1.1.9.": "a waveform, such as an ECG, not a picture",
    "1.2.840.10008.5.1.4.38.": "a hanging protocol, not a picture",
    "1.2.840.10008.5.1.4.39.": "a colour palette, not a picture",
}

# Source: DICOM PS3.3 section C.7.3.1.1.1; used where a file names no SOP class.
NOT_A_PICTURE_MODALITY: dict[str, str] = {
    "DOC": "a document wrapped in DICOM",
    "ECG": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.9."],
    "KO": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.88.59"],
    "PR": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.11."],
    "REG": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.66"],
    "RTDOSE": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.481.2"],
    "RTPLAN": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.481.5"],
    "RTRECORD": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.481.4"],
    "RTSTRUCT": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.481.3"],
    "SEG": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.66.4"],
    "SM": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.77.1.6"],
    "SR": NOT_A_PICTURE["1.2.840.10008.5.1.4.1.1.88."],
}
