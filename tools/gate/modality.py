"""The gate: what an image is, how that is known, and whether a tool may look at it.

Order of knowledge: the user's word (`overrule`), the file's header, then the pixels (``tools.gate``). A
header is believed even where the pixels look different; the reason then says so. Nothing is read from
a file here and no tool is run. How often the pixel estimate is right is in ``tools/gate/CARD.md``.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from store.errors import ToolUseError
from store.pictures.image import Image, Pixels
from store.records import MODALITY_WORDS, Domain, Gate, Modality
from tools.gate.estimator import load_estimator
from tools.gate.verdict import DOMAIN_OF, Verdict, judge
from tools.gate.wish import understand

# Ours: thumbnails of 64 pixels were called by wrong kinds with high scores, so that they are refused.
SMALLEST_SIDE = 96
# Ours: the middle 99 % of the greys lie closer together than one step in forty.
_BLANK_RANGE = 6
# Ours: the pixels must speak this clearly before a header's word is questioned aloud.
_LOUD = 0.95

_HEADER_DOMAIN: dict[str, Domain] = {**DOMAIN_OF, "CR": "radiology", "MG": "radiology"}
_PLAIN_XRAY = frozenset({"DX", "CR"})

# Source: DICOM PS3.3 section C.7.3.1.1.1 (Modality): codes outside `Modality`, by what they picture.
_RADIOLOGY_CODES = frozenset({"PT", "NM", "XA", "RF", "IVUS", "RTIMAGE", "BMD", "BDUS"})
_OTHER_CODES = frozenset(
    {"ES", "GM", "SM", "OP", "OPT", "OPM", "OPV", "OCT", "IVOCT", "DG", "TG", "ECG", "EPS", "HD", "DOC", "SR"}
)

_HEADER_SAYS = "the file header says"
OF_VOLUMES = "NIfTI files hold scans"
"""How the reason begins where nothing but the kind of file tells what an image is."""

_DOMAIN_WORDS: dict[Domain, str] = {
    "radiology": "radiology images (X-ray, CT, MRI, ultrasound, mammograms)",
    "dermatology": "skin images (clinical photographs, dermoscopy)",
    "other": "pictures that are neither radiology nor skin",
    "unknown": "pictures of an unknown kind",
}
_TREAT_AS: dict[str, str] = {
    "DX": "an X-ray",
    "CR": "an X-ray",
    "CT": "a CT",
    "MR": "an MRI",
    "US": "an ultrasound",
    "MG": "a mammogram",
    "XC": "a skin photo",
    "DMS": "dermoscopy",
}


def identify(image: Image) -> Gate:
    """Say what an image is.

    Args:
        image: the frame in view decides where only pixels can.

    Returns:
        A gate without an image id. `score` is None when the header said it.
    """
    if image.modality in _HEADER_DOMAIN:
        return _from_header(image, _HEADER_DOMAIN[image.modality])
    code, words = _code(image)
    if code in _RADIOLOGY_CODES or code in _OTHER_CODES:
        domain: Domain = "radiology" if code in _RADIOLOGY_CODES else "other"
        reason = f"{_HEADER_SAYS} {code} ({words}), which no tool here is made for"
        return Gate(domain=domain, body_part=image.body_part, known_from="file header", reason=reason)
    verdict = _look(image.pixels)
    if image.file_type == "NIfTI":
        return _from_volume(verdict)
    return Gate(
        domain=verdict.domain,
        modality=verdict.modality,
        body_part=image.body_part or verdict.body_part,
        known_from="pixels",
        score=verdict.score,
        reason=_beside_the_pixels(verdict, code, words),
        leans=verdict.leans,
    )


def _code(image: Image) -> tuple[str, str]:
    """The modality of the header as code and words; the words are empty where there is no known code."""
    code, _, words = image.facts.get("modality", "").partition(", ")
    return code, words


def _beside_the_pixels(verdict: Verdict, code: str, words: str) -> str:
    """Why the pixels decide, with what the header says where that does not tell the kind."""
    if not words:
        return verdict.reason
    said = f"{_HEADER_SAYS} {code} ({words})"
    return f"{verdict.reason}, and {said}" if verdict.domain == "unknown" else f"{said}, which tells no kind"


def overrule(gate: Gate, wish: str) -> Gate:
    """What the user says the image is.

    Args:
        gate: what was known before.
        wish: the user's words, such as ``dermoscopy`` or ``a chest x-ray``.

    Raises:
        ToolUseError: the words name no kind of image; the text lists those that are understood.
    """
    domain, modality, part = understand(wish)
    same = domain == gate.domain and modality in (gate.modality, None)
    return gate.model_copy(
        update={
            "domain": domain,
            "modality": gate.modality if same else modality,
            "body_part": part or (gate.body_part if same else None),
            "known_from": "user",
            "score": None,
            "reason": "you said so",
            "overruled": gate.overruled or gate.domain,
            "leans": None,
        }
    )


def require(gate: Gate, domain: Domain, *, tool: str, modalities: Collection[Modality] | None = None) -> None:
    """Let a tool pass only with images it is made for.

    Args:
        gate: the image's gate.
        domain: the domain the tool is made for.
        tool: the tool's name, for the sentence.
        modalities: the modalities it is made for, or None for all of its domain. CR and DX count as one.

    Raises:
        ToolUseError: why the tool does not fit, how that is known, and how the user may overrule it.
    """
    accepted: set[str] = set(modalities or ())
    if accepted & _PLAIN_XRAY:
        accepted |= _PLAIN_XRAY
    if gate.domain == domain and (not accepted or gate.modality in accepted):
        return
    kinds = sorted({MODALITY_WORDS[code] for code in modalities or ()})
    made_for = _DOMAIN_WORDS[domain] if not kinds else f"{domain} images of these kinds: {', '.join(kinds)}"
    wish = next((_TREAT_AS[code] for code in sorted(modalities or ())), None) or _usual(domain)
    raise ToolUseError(
        f"{tool} is made for {made_for}. {describe(gate)} "
        f"If that is wrong, say: treat {_name(gate)} as {wish}."
    )


_ONE_OF_SEVERAL = ("ankle", "foot", "hand", "hip", "knee", "limb", "shoulder", "wrist")


def describe(gate: Gate) -> str:
    """One or two plain sentences on what the image is and how that is known."""
    name, kind = _name(gate), kind_of(gate)
    if gate.known_from == "user":
        before = {"other": "neither radiology nor skin", "unknown": "of an unknown kind", None: "unstated"}
        earlier = before.get(gate.overruled, gate.overruled)
        return f"You said that {name} is {kind}; before that it was taken as {earlier}."
    if gate.domain == "unknown":
        why = gate.reason or "nothing says so"
        return f"I cannot tell what kind of picture {gate.image_id or 'this'} is, because {why}."
    if gate.known_from == "file header" and gate.reason.startswith(OF_VOLUMES):
        return f"{gate.image_id or 'This picture'} is {kind}: {gate.reason}."
    if gate.known_from == "file header":
        added = f" Note: {gate.reason}." if gate.reason else ""
        return f"The file of {name} says that it is {kind}.{added}"
    score = "" if gate.score is None else f", score {min(gate.score, 0.99):.2f} — a score, not a probability"
    said = f"{gate.image_id or 'This picture'} looks like {kind} (estimated from its pixels{score})."
    # Tried on head CTs without their header: they were called MRI. Source: the table in tools/gate/CARD.md.
    if gate.reason.startswith(_HEADER_SAYS):
        said = f"{said} Note: {gate.reason}."
    confused = gate.modality in ("CT", "MR")
    return f"{said} Without a header, CT and MRI are easily taken for each other." if confused else said


def _look(pixels: Pixels) -> Verdict:
    """The pixel estimate, or why there is none."""
    height, width = pixels.shape[:2]
    if min(height, width) < SMALLEST_SIDE:
        reason = f"it is only {width}×{height} pixels; {SMALLEST_SIDE} a side are needed"
        return Verdict("unknown", None, None, 0.0, reason)
    # Every n-th pixel tells a blank picture from any other without reading 12 million of them.
    sample = pixels[:: max(1, height // 256), :: max(1, width // 256)]
    low, high = np.percentile(sample, (0.5, 99.5), axis=(0, 1))
    if float((high - low).max()) < _BLANK_RANGE:
        return Verdict("unknown", None, None, 0.0, "it is blank: nearly the same shade everywhere")
    estimator = load_estimator()
    return judge(estimator.estimate(pixels), estimator.thresholds, estimator.curves)


def _from_header(image: Image, domain: Domain) -> Gate:
    verdict, (code, words) = _look(image.pixels), _code(image)
    # Of kinds that count as one here, such as a panoramic X-ray, the header's own word is told.
    reasons = [f"{_HEADER_SAYS} {code} ({words})"] if words and code != image.modality else []
    if verdict.domain not in (domain, "unknown") and verdict.score >= _LOUD:
        looks = _DOMAIN_WORDS[verdict.domain]
        reasons.append(
            f"its pixels look more like {looks} (score {verdict.score:.2f}), but the header is believed"
        )
    return Gate.model_validate(
        {
            "domain": domain,
            "modality": image.modality,
            "body_part": image.body_part,
            "known_from": "file header",
            "reason": "; ".join(reasons),
        }
    )


def _from_volume(verdict: Verdict) -> Gate:
    """NIfTI files hold scans, but their header does not say of which kind."""
    if verdict.modality in ("CT", "MR"):
        return Gate(
            domain="radiology",
            modality=verdict.modality,
            body_part=verdict.body_part,
            known_from="pixels",
            score=verdict.score,
            reason=f"a NIfTI file, so a scan; which kind is {verdict.reason}",
        )
    reason = f"{OF_VOLUMES}; this one does not say which kind, and its pixels do not tell"
    return Gate(domain="radiology", known_from="file header", reason=reason)


def _usual(domain: Domain) -> str:
    return {"dermatology": "dermoscopy", "radiology": "an X-ray"}.get(domain, "not medical")


def _name(gate: Gate) -> str:
    return gate.image_id or "this picture"


def kind_of(gate: Gate) -> str:
    """What the image is, with its article: ``an X-ray of the chest``."""
    if gate.modality is not None:
        the = "a" if gate.body_part in _ONE_OF_SEVERAL else "the"
        of = f" of {the} {gate.body_part}" if gate.body_part and gate.domain == "radiology" else ""
        article = {"DX": "an ", "CR": "an ", "MR": "an ", "US": "an ", "DMS": ""}.get(gate.modality, "a ")
        return f"{article}{MODALITY_WORDS[gate.modality]}{of}"
    stated = gate.reason.startswith(_HEADER_SAYS)  # and told with the reason
    words: dict[Domain, str] = {
        "radiology": f"a radiology image{'' if stated else ' of a kind that is not stated'}",
        "dermatology": "a skin image, photograph or dermoscopy",
        "other": "a picture that is neither radiology nor skin",
        "unknown": "of an unknown kind",
    }
    return words[gate.domain]
