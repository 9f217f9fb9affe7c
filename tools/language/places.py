"""Where in the body: sides, and which part of a structure."""

from __future__ import annotations

import re

_PAIRED = "(?:side|breast|lung|hand|wrist|knee|hip|arm|leg)"
SIDE = re.compile(
    r"\b(?:(?P<both>bilateral(?:ly)?|bibas(?:al|ilar)|bihilar|biapical|"
    r"both(?= (?:\w+ )?(?:sides|lungs|lobes|bases|apices|kidneys|hands|knees|"
    r"hips|breasts|legs|arms|feet|cheeks|ears|ventricles|shoulders|costophrenic|fossae|palms|soles)))|"
    rf"(?P<left>(?<!what is )(?<!nothing is )left|(?-i:LLL|LUL|L(?= {_PAIRED})))|"
    rf"(?P<right>(?<!you[’']re )(?<!you are )(?<!that[’']s )(?<!that is )(?<!\bquite )(?<!\ball )right|"
    rf"(?-i:RLL|RML|RUL|R(?= {_PAIRED}))))"
    r"\b(?! (?:now|away|here|there|after|before|answer|click|out|over|open|to\b|behind|beside|about|"
    r"size|that\b|then))",
    re.I,
)
_LEVELLED = r"(?= (?:lobes?|zones?|poles?|lungs?|thirds?|quadrants?|limbs?|abdomen|lips?|eyelids?)\b)"
_FACED = r"(?= (?:wall|horn|segment|aspect|compartment|malleolus|meniscus|condyle|joint|mediastinum|fossa)\b)"
LEVEL = re.compile(
    rf"\b(?:(?P<upper>upper{_LEVELLED}|(?-i:[LR]UL\b))|(?P<middle>middle{_LEVELLED}|(?-i:RML\b))|"
    rf"(?P<lower>lower{_LEVELLED}|(?-i:[LR]LL\b))|(?P<anterior>anterior{_FACED})|"
    rf"(?P<posterior>posterior{_FACED})|(?P<medial>medial{_FACED})|(?P<lateral>lateral{_FACED}))",
    re.I,
)
"""Where in a structure, next to its name: "upper score" and "lateral view" say nothing of a place."""
SIDE_ALONE = re.compile(r"^(?:[- ](?:sided?|hand|(?:cc |mlo |lateral )?views?)\b)", re.I)
