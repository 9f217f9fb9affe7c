"""Questions about what a file's header states: which words ask for which facts.

Names of facts are those of ``tools.files``; a topic whose facts are not there is answered as not stated.
"""

from __future__ import annotations

import re

from assistant.planning import file_topics
from assistant.planning.file_topics import Topic

_IMAGE = r"(?:image|picture|scan|slice|film|x-?ray|radiograph|photo|one|file|frame|mammogram|ct|mri)"
_THIS = rf"(?:this|that|it|these|(?:the|this|that) {_IMAGE}|img-\d+)"
_PART = (
    r"(?:hand|wrist|elbow|shoulder|hip|knee|ankle|foot|leg|arm|breast|eye|ear|side|finger|thumb|toe|femur|"
    r"tibia|forearm|kidney|lung)"
)
_RUN = r"(?:volumes?|phases?|echoe?s?|acquisitions?|passes|time ?points?|stacks?)"
_SIDE = r"(?:left|right|front|back|anterior|posterior|head|feet|top|bottom|up|down|l|r)"
_NO_ORGAN = r"(?: side)?(?=\W*$|,? (?:is|on|in|of|at|shown)\b)"
_STATES = r"(?:according to|in|by|from) (?:the|its) (?:file|header)"


def _topic(name: str, facts: tuple[str, ...], *asks: str, notes: str = "") -> Topic:
    return Topic(name, re.compile("|".join(asks), re.I), facts, notes)


TOPICS = (
    *file_topics.TOPICS,
    _topic(
        "sides of the picture",
        ("sides",),
        r"\bpatient orientation\b|\bimage orientation\b|\borientation of the patient\b",
        rf"\b(?:patient'?s?|body'?s?) (?:own )?{_SIDE}(?: side)?,? (?:is )?(?:on|in|at|of|where|which)\b",
        rf"\b(?:where|which (?:side|edge|way))\b.{{0,25}}\b(?:patient'?s?|"
        rf"body'?s?) (?:own )?{_SIDE}{_NO_ORGAN}",
        rf"\bwhich (?:side|edge)s? (?:of (?:the|this) {_IMAGE} )?(?:is|"
        rf"shows?) (?:the )?(?:patient'?s )?{_SIDE}{_NO_ORGAN}",
        rf"\bis (?:the )?{_SIDE} (?:side )?(?:on|at) (?:the )?{_SIDE}\b",
        rf"\bis {_THIS} (?:\w+ )?(?:mirror\w*|flipped|reversed|upside[- ]down|turned round|rotated|"
        rf"back to front)\b",
        rf"\b(?:which|what) way (?:round|up)\b|\bhow is {_THIS} (?:oriented|orientated)\b",
        r"\bradiological (?:convention|view|orientation)\b|\bneurological convention\b",
        r"\b(?:orientation|side|edge) (?:letters?|labels?|markers?)\b|\bwhat (?:is|lies) at (?:the|"
        r"each|which) edge",
        r"\bwhich side is (?:left|right|up|anterior|posterior)\b|\bis (?:the )?(?:head|front) (?:up|"
        r"at the top)\b",
        notes=r"usual|sform|does not say how it lies",
    ),
    _topic(
        "laterality",
        ("laterality",),
        r"\blaterality\b|^\W*(?:is (?:it|this|that) )?(?:the )?(?:left or (?:the )?right|"
        r"right or (?:the )?left)"
        rf"(?: side| {_PART})?\W*$",
        rf"\b(?:is|are) {_THIS} (?:of )?(?:the |a )?(?:left|right)(?: or (?:the )?(?:left|"
        rf"right))?(?: {_PART})?\W*$",
        rf"\b(?:left|right) or (?:the )?(?:left|right) (?!side){_PART}\b",
        rf"\b(?:which|what) (?:side|{_PART})(?: of the body)? (?:is (?:{_THIS}|shown|imaged|pictured)|"
        rf"does (?:it|"
        rf"{_THIS}) show|was (?:imaged|taken|x-?rayed)|(?:is|are) we looking at)\b",
        rf"\b(?:which|what) side\b.{{0,30}}\b{_STATES}\b|\b{_STATES}\b.{{0,30}}\b(?:which|what) side\b",
    ),
    _topic(
        "slice order",
        ("slice order",),
        r"\b(?:in )?(?:which|what) order\b.{0,25}\b(?:slices?|frames?|images)\b|\bslice order\b",
        r"\border of (?:the )?(?:slices?|frames?|images)\b|\b(?:slices?|frames?|stack) (?:sorted|"
        r"ordered|run|go)\b",
        r"\bhow (?:are|were) (?:the )?(?:slices?|frames?) (?:sorted|ordered|arranged|numbered)\b",
        r"\b(?:slice|frame) (?:no\.? ?|number )?(?:1|one)\b.{0,20}\b(?:top|bottom|head|feet|highest|"
        r"lowest|first|"
        r"left|right|front|back)\b",
        r"\b(?:first|last) (?:slice|frame)\b.{0,20}\b(?:top|bottom|head|feet|highest|lowest|at the|"
        r"nearest)\b",
        r"\b(?:top|bottom|head|feet) to (?:the )?(?:top|bottom|head|feet)\b|\bwhich end\b",
        r"\bwhich way (?:do|does) (?:the )?(?:slices?|stack|frames?|scan) (?:run|go)\b",
        notes=r"position|uncertain|order|Slice Location|instance numbers",
    ),
    _topic(
        "slice spacing",
        ("slice spacing",),
        r"\b(?:slice|inter-?slice) (?:spacing|gap|distance|interval|increment)\b",
        r"\bhow (?:far|close|much)\b.{0,20}\b(?:apart|between)\b.{0,20}\b(?:slices?|frames?)\b",
        r"\b(?:distance|spacing|gap|interval|space)s? (?:between|of|from)\b.{0,25}\bslices?\b",
        r"\bhow far\b.{0,20}\bslices?\b.{0,12}\bapart\b|\bslices? (?:evenly|equally) spaced\b",
        notes=r"gap between slices",
    ),
    _topic(
        "scanned range",
        ("scanned range",),
        r"\b(?:scan(?:ned)?|covered) (?:range|length|extent)\b|\bz-?coverage\b|\bcoverage\b",
        r"\bhow (?:long|much)\b.{0,25}\b(?:scan(?:ned)?|range|stack|volume|covered)\b",
    ),
    _topic(
        "number of volumes",
        ("volumes", "volume"),
        rf"\bhow many {_RUN}\b|\bnumber of {_RUN}\b",
        r"\b(?:4-?d|four[- ]dimensional)\b|\btime series\b|\bmore than one volume\b|\b(?:several|multiple) "
        rf"{_RUN}\b",
        rf"\b(?:which|what) {_RUN} (?:is|am|are|do)\b",
        notes=r"volumes|same part of the body|mosaic",
    ),
    _topic(
        "view",
        ("view position", "view"),
        r"\b(?:view|projection) code\b|\bview position\b",
        rf"\b{_STATES}\b.{{0,30}}\b(?:view|projection)\b|\b(?:view|projection)\b.{{0,30}}\b{_STATES}\b",
        r"\bmammograph\w+ (?:view|projection)\b|\b(?:cc|mlo) or (?:cc|mlo)\b|\bhow was (?:it|"
        r"this) projected\b",
    ),
    _topic(
        "anatomic region",
        ("anatomic region", "body part"),
        r"\banatom\w* (?:region|area|structure|site)\b|\bregion code\b|\bbody part examined\b",
        rf"\b(?:region|body ?part|part of the body|area)\b.{{0,30}}\b{_STATES}\b",
        rf"\b{_STATES}\b.{{0,30}}\b(?:region|body ?part|area)\b",
        r"\b(?:which|what) (?:body )?(?:region|area) (?:was|is|does) (?:it |this |the file )?"
        r"(?:imaged|examined|scanned|stated?|shown)\b",
        r"\b(?:region|area) (?:was |is )?(?:imaged|examined|scanned)\b",
    ),
    _topic(
        "patient position",
        ("patient position",),
        r"\bprone\b|\bsupine\b|\bpatient position\b|\b(?:on (?:the|his|her|their) (?:back|belly|"
        r"stomach|side))\b",
        r"\bhow (?:was|did|is) the patient (?:lying|lie|lay|positioned|placed)\b|\b(?:head|feet) first\b",
        notes=r"patient lay",
    ),
    _topic(
        "overlays",
        ("overlays", "burned-in annotation"),
        r"\boverlays?\b|\bannotations?\b|\bburne?[dt][- ]in\b|\btext (?:in|on) (?:the|"
        r"this) (?:picture|image|pixels)\b",
        notes=r"overlay|burned",
    ),
    _topic(
        "shape of its pixels",
        (),
        r"\b(?:pixels?|voxels?) (?:square|isotropic)\b|\bsquare pixels?\b|\bpixel aspect\b|"
        r"\baspect ratio\b",
        rf"\bis {_THIS} (?:\w+ )?(?:squashed|squeezed|stretched|distorted|squished)\b|\bresampled\b",
        notes=r"not square",
    ),
    _topic("voxel size", ("voxel size", "pixel spacing", "slice spacing"), r"\bvoxels?\b"),
    _topic(
        "source of its scale",
        ("scale from", "pixel spacing", "scale caution"),
        r"\bwhere does (?:the|its) (?:scale|spacing)\b|\b(?:which|what) (?:pixel )?(?:spacing|"
        r"scale) (?:is|was) used\b",
        r"\bscale\b.{0,20}\b(?:from|calibrated|reliable|trust\w*|based on)\b|\bcalibrat\w+\b|"
        r"\bimager pixel spacing\b",
        r"\btrust\b.{0,20}\b(?:scale|spacing|millimet\w+|mm)\b|\bmagnification\b",
        notes=r"scale",
    ),
)
_OF_SEVERAL = r"^(?!.*\b(?:compar\w+|(?<!more )than|versus|vs|differ\w*|mean|means)\b)"

HEADER: tuple[str, ...] = tuple(f"{_OF_SEVERAL}.*(?:{topic.asks.pattern})" for topic in TOPICS)
"""The phrases of all topics, for ``assistant.planning.words``."""


def topics_in(clause: str) -> list[Topic]:
    """What a clause asks for; the first topic alone where one is asked in words that fit others too."""
    return [topic for topic in TOPICS if topic.asks.search(clause)][:1]
