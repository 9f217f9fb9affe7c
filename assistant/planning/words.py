"""What a clause asks for: one list of phrases per intent, tried in order.

A clause gets the first intent with a phrase in it, so the order is part of the meaning: "why is it
blurred" is about quality, "why" alone asks for reasons.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from assistant.planning import labels
from assistant.planning.asides import ADD_CASES, LEAVING, PHOTOGRAPHING, READER_QUALITY, SENT, SKIN_TONE
from assistant.planning.header_words import HEADER
from assistant.planning.ordinals import VOLUMES
from assistant.planning.people import ADVICE, DANGER, HARM, IDENTITY, PERSONAL
from tools.language.anatomy import INNER
from tools.language.findings import FINDINGS

Intent = Literal[
    "danger", "harm", "personal", "identity", "thanks", "greeting", "capabilities", "treat_as", "slice",
    "classify", "advice", "similar", "compare", "quality", "tissue", "facts", "header", "what_is", "glossary",
    "why", "measure", "describe", "read", "textbook", "display", "manage", "total_score", "limit",
    "claim", "disagree", "which_is", "rank", "privacy", "photographing", "add_cases", "reader_quality",
    "skin_tone", "sent", "recall", "matches", "declined", "unclear", "teach",
    "library",
]  # fmt: skip

_TERM = (
    r"(?:abcd(?: rule)?|ita|individual typology angle|border irregularity|asymmetry|variegation|dermoscopy|"
    r"hounsfield(?: units?)?|hu|score|similarity|precision|look-?alikes?|embedding|dicom|window(?:ing)?)"
)
_THIS = r"(?:this|that|it|these|those|img-\d+)"
_ITS_ORDER = r"the (?:first|second|third|last|other)"
_KIND = (
    r"(?:(?:chest|skin|clinical|phone|smartphone|dermoscopy|dermoscopic|plain|brain|head|knee|hand) "
    r")?(?:x-?ray|"
    r"radiograph|ct|mri|ultrasound|sonogram|mammogram|dermoscopy|dermatoscopy|photo|photograph)"
    r"(?: (?:image|picture|scan|photo|photograph|film))?"
)
_PICTURE = r"(?:image|picture|photo\w*|scan|one|file|study)"

_PHRASES: dict[Intent, tuple[str, ...]] = {
    "danger": DANGER,
    "harm": HARM,
    "personal": PERSONAL,
    "identity": (
        *IDENTITY,
        rf"\bwhose (?:\w+ )?{_PICTURE}",
    ),
    "thanks": (r"^\W*(?:ok(?:ay)?,? |great,? )?(?:thanks?|thank you|thx|cheers|bye|goodbye)\b", *LEAVING),
    "greeting": (r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: there| casebook)?\W*$",),
    "header": HEADER,
    "photographing": PHOTOGRAPHING,
    "add_cases": ADD_CASES,
    "skin_tone": SKIN_TONE,
    "sent": SENT,
    "reader_quality": READER_QUALITY,
    "privacy": (
        r"\bwhat (?:happens|do you do) (?:to|with) (?:the|my|our|these) (?:\w+ )?"
        r"(?:images?|pictures?|photos?|files?|data)",
        r"\b(?:do|does|will) (?:you|it|casebook) (?:send|upload|share|keep|store|save)\b",
        r"\bwhere (?:is|are|does|do) .{0,30}\b(?:stored|kept|sent|saved)\b|\bprivacy\b|\bgdpr\b",
    ),
    "capabilities": (
        r"\bwhat (?:else )?(?:can|do) you (?:do|know|offer|need)",
        r"\bwhat (?:else )?can (?:i|we) (?:ask|do)",
        r"\bhow (?:do|can) i use",
        r"\b(?:who|what) are you\b",
        r"\bwhat is casebook",
        r"^\W*help(?: me)?\W*$",
        r"\bhow do(?:es)? (?:you|casebook) work",
        r"\b(?:what|which) (?:tools|models)\b(?! (?:said|says|say|measured|found|did|told))",
        r"\b(?:approved|certified|validated|fda|ce[- ]marked|medical device)\b",
        r"\bare you (?!sure|certain|confident|saying|able|looking at)",
    ),
    "display": (
        r"\b(?:lung|bone|brain|soft[- ]tissue|abdom\w+|mediastin\w+) window",
        r"\b(?:change|set|adjust|widen|narrow) the (?:window|contrast|brightness)",
        r"\b(?:zoom|rotate|flip|crop|invert|enlarge|magnify|export|download)\b",
    ),
    "manage": (
        rf"\b(?:delete|remove|erase|forget(?! to\b| (?:it|that|about (?:it|that))\W*$))\b.{{0,20}}"
        rf"\b(?:img-\d+|{_PICTURE}s?|chat|it|this|everything)\b",
    ),
    "total_score": (
        r"\babcd(?: rule)? (?:score|points?|total)|\bscore\b.{0,20}\babcd",
        r"\btotal dermoscop\w+ score|\btds\b|\b(?:seven|7)[- ]point",
    ),
    "limit": (
        r"\bis (?:that|this|it) (?:a lot|(?:too )?(?:much|many))\b",
        r"\bis (?:an? )?.{0,40}\d.{0,20}\b(?:bad|good|normal|abnormal|high|low|worrying)\b",
    ),
    "claim": (r"\byou (?:just |already )?(?:said|told|measured|claimed|found|wrote)\b",),
    "disagree": (
        r"\b(?:that|this|it|you)(?:'s|'re| is| are) (?:wrong|incorrect|false|mistaken|not (?:right|"
        r"true|correct))",
        r"^\W*(?:no|nope|wrong|not true)\W*$",
    ),
    "rank": labels.PHRASES,
    "which_is": (
        rf"\bwhich (?:of (?:them|these|those) |{_PICTURE}s? |one )?(?:is|are) "
        r"(?:the (?!\w+er\b|more\b|most\b|less\b)|an? |skin\b|radiology\b)",
    ),
    "treat_as": (
        rf"\b(?:treat|regard|consider|handle|count|take)\b\W+(?:{_THIS}|them|the (?:\w+ "
        rf")?{_PICTURE})\W+(?:{_PICTURE}\W+)?"
        r"(?:as|for|like)\W+(?:an? |the )?(?P<kind>[\w -]+)",
        rf"\b(?:no,? |actually,? |but )+(?:{_THIS}|img-\d+) ?(?:is|'s) (?:really |actually )?(?:an? "
        rf")?(?!wrong|right|not |incorrect|false|true|bad)(?P<kind2>[\w -]+)",
        rf"^\W*(?:(?:but|well|and|so|sorry),? )*(?:{_THIS}|{_ITS_ORDER} one)(?: is|'s| was) (?:really |"
        r"actually |"
        rf"just |only |in fact )?(?:an? )?(?P<kind3>{_KIND})[\s.!]*$",
    ),
    "slice": (
        r"\b(?:slice|frame|layer)s?\s*(?:no\.?|number|#)?\s*(?P<n>\d+)\b",
        r"\b(?P<step>next|previous|prior|last|first|middle|following)\s+(?:slice|frame|layer)\b",
        *VOLUMES,
        r"^\W*(?:go |show )?(?:the )?(?P<word>next|previous|forward|back)(?: one)?\W*$",
    ),
    "classify": (
        rf"\bclassify (?:(?:the|my|our|both|all) ){{0,2}}(?:{_THIS}|them|both|(?:\w+ )?"
        rf"(?:{_PICTURE}|lesion)s?)\b",
        r"\bclassify\W*$",
        r"\b(?:which|what)(?: one)? of (?:my|our|the) (?:own )?labels?\b",
        r"\b(?:which|what) (?:of my |of our )?label (?:fits?|does|would|is|do|suits?|matches)\b",
        r"\b(?:with|by|using|into|among) (?:my|our) (?:own )?(?:labels?|classifier)\b",
        r"\b(?:my|our) classifier\b",
    ),
    "textbook": (
        r"\bwhat should (?:i|we|one) look (?:at|for)|\bhow (?:do|should|to) (?:i |we |one )?read\b",
        r"\bwhat (?:causes?|triggers)\b",
        r"\b(?:symptoms?|causes?|(?<!show )(?<!any )(?<!see )signs|"
        r"types|incidence|prevalence|complications?|risk factors?) of\b(?! (?:this|these|that|those)\b)",
        r"\bwhich of the following|\ball (?:of the following|are|except)\b|\bcharacteristic of\b|"
        r"\bexcept\b\W*$",
        r":\s*$",
        r"\bhow (?:common|rare) (?:is|are)\b|\bhow (?:is|are) \w+ (?:treated|diagnosed|caused|transmitted)",
        r"^(?!.*\b(?:this|these|image|picture|scan|photo|here)\b).*\bused (?:for|in|to)\b",
    ),
    "similar": (
        r"\bsimilar(?! to (?:the )?(?:img|first|second|last|other))\b",
        r"\blook-?\s?alikes?\b",
        r"\bresembl\w+",
        r"\bnearest\b",
        r"\bneighbou?rs?\b",
        r"\b(?:cases?|any(?:thing)?|something|others?|examples?|ones?) (?:\w+ )?(?:like (?:this|that|it|"
        r"these)|"
        r"alike|comparable)\b|\bcases? like\b|\bcomparable (?:cases?|ones?|pictures?|lesions?|images?|"
        r"files?)\b",
        r"\b(?:in|from|search|against) (?:the|my|our) (?:case |teaching )?(?:library|collection|teaching "
        r"files?)",
        r"\bseen (?:this|something like|anything like)",
        r"\bmatch(?:es|ing)? cases?",
        r"\bother (?:cases|examples)\b",
    ),
    "advice": ADVICE,
    "compare": (
        r"\bcompar\w+",
        r"\bdifferen\w+ (?:between|from|to)",
        r"\bdiffer\b|\bversus\b|\bvs\.?(?=\W)",
        r"\b(?:bigger|larger|smaller|darker|lighter|longer|wider|rounder|redder|sharper|brighter|"
        r"(?:more|less) \w+) than\b",
        r"\bwhich (?:\w+ ){0,3}(?:is|looks|has)(?: the)? (?:bigger|larger|biggest|largest|smaller|"
        r"smallest|more|less|most|least|fewer|fewest|darker|"
        r"darkest|sharper|sharpest|higher|highest|lower|lowest|finer|finest|coarser|wider|taller)\b",
        r"\b(?:has|did) (?:it|this|the \w+) (?:grow\w*|changed?|become|got)",
        r"\bsame (?:lesion|patient|person|as)\b",
        r"\bsimilar to (?:the )?(?:img|first|second|last|other)",
    ),
    "read": (
        rf"\b(?:does(?:n't| not)?|would(?:n't)?|so) (?:that|this|it) mean\b.{{0,30}}{FINDINGS.pattern}",
    ),
    "quality": (
        r"\bquality\b|\btechnical(?:ly)?\b",
        r"\bblurr?(?:y|ed)?\b",
        r"\bin focus\b|\bout of focus\b|\bsharp\b|\bsharpness\b",
        r"\btoo (?:dark|bright|small|blurr\w+)\b",
        r"\b(?:under|over)-?exposed",
        r"\bgood enough\b|\busable\b|\bresolution\b|\bwell (?:lit|exposed)\b",
        r"\bcontrast (?:ok|enough|low|good|poor)|\b(?:low|good|poor|enough) contrast\b",
    ),
    "tissue": (
        r"\b(?:mean|average|median) (?:hu|hounsfield)\b",
        r"\bhounsfield (?:units?|values?|range)\b(?! mean)",
        r"\b(?:how much|share of|shares of|percent\w*(?: of)?|amount of|proportion "
        r"of)\b.{0,30}\b(?:air|fat|bone|soft tissue|muscle|"
        r"tissues?)",
        r"\btissue (?:shares?|composition)",
    ),
    "facts": (
        r"\bpixel (?:spacing|size)",
        rf"\bhow (?:wide|tall|high|large|big) is (?:the|this) (?:whole |entire )?{_PICTURE}\b",
        r"\bfield of view\b|\bslice thickness|\bhow thick\b|\bwhich (?:slice|frame)\b",
        r"\btube voltage\b|\bkvp?\b|\bfield strength|\bbit depth|\btransfer syntax",
        r"\bhow many (?:slices|frames|pixels|images)\b",
        r"\bmatrix\b|\bdimensions?\b",
        r"\bfile (?:type|format|header)|\b(?:dicom )?(?:header|metadata|tags?)\b",
        r"\bwindow(?:ing| level| width)?\b(?! mean| in\b)(?!\W*$)",
        r"\b(?:is|does|do|are|have|has) .{0,20}\bscale\b",
        r"\b(?:which|what|in what|in which) (?:\w+ )?(?:plane|view|projection|orientation|position)",
        r"\bis (?:it|this|that) (?:an? )?(?:lateral|frontal|oblique)(?: view| one| film| projection)?\W*$",
        r"\bplane\b|\bview position|\bap or pa\b|\bpa or ap\b|\bpositioned\b|\b(?:axial|coronal|sagittal)\b",
    ),
    "what_is": (
        rf"\bwhat(?:'s| is| was| are) {_THIS}(?: {_PICTURE}s?)?(?=\s*(?:$|[?!.,;]|and\b|or\b|"
        rf"exactly|really|here|now|then|anyway|again|actually|supposed))",
        rf"\bwhat(?:'s| is| are| am i) (?:shown|looking at|seeing|i looking at|i seeing|in (?:this|the) "
        rf"{_PICTURE})\b",
        rf"\bwhat {_PICTURE} is\b|^\W*(?:so |and )?{_THIS}(?: is|'s) (?:really )?(?:an? )?{_KIND}\W*$",
        rf"\b(?:what|which) (?:kind|type|sort) of (?:{_PICTURE}|imaging|modality|exam\w*)",
        r"\bmodality\b|\b(?:what|which) imaging",
        r"\b(?:what|which|whose) (?:\w+ ){0,3}(?:body ?part|part of the body|region|organ systems?|"
        r"anatom\w+)",
        rf"\bis (?:{_THIS}|there)(?: {_PICTURE})?(?: really| actually)? (?:an? |the )?(?:\w+[ "
        rf"-]){{0,2}}(?:x-?ray|radiograph|cts?|mri?|ultrasound|sonogram|"
        r"mammogram|dermoscop\w+|dermatoscop\w+|skin|photo\w*|picture|scan|medical|drawing|screenshot)\b",
        rf"\bhow was {_THIS} (?:{_PICTURE} )?taken",
        r"\bis this a study of",
        r"\bwhat organs? (?:is|are)\b.{0,20}\b(?:shown|pictured|captured|imaged|this)",
        r"\bt[12]\b.*\b(?:weight\w*|flair)|\bweighting\b|\b(?:pulse|mr|which|what) sequences?\b",
    ),
    "glossary": (
        r"\bwhat (?:does|do) .{1,60} mean\b",
        r"\bwhat is meant by\b|\bdefine\b|\bdefinition of\b|\bmeaning of\b",
        r"\bexplain (?:what |the (?:term|word|meaning) )",
        rf"\b(?:explain|define)\b.{{0,20}}\b{_TERM}",
        rf"\bwhat(?:'s| is| are)? (?:an? |the )?{_TERM}(?: (?:in|on) \w+| exactly| again| anyway)?\W*$",
    ),
    "why": (
        r"^\W*(?:but |and |so )?(?:why|how come)\b",
        r"\b(?:whom?|which)\b.{0,20}\b(?:believe|trust|rely on|follow)\b",
        r"\bhow (?:do|can|could|did) you (?:know|tell|get|find|measure|compute|decide|come)",
        r"\bhow (?:sure|certain|confident)\b|\bhow (?:reliable|accurate|good) (?:are|is)",
        r"\bare you (?:sure|certain|confident)",
        r"\bwho (?:says|said|defined|decided|measured|is right)\b|\bdid you check\b|\bwhat makes you",
        r"\b(?:which|what) (?:model|reader|tool)s? (?:said|says|measured|found)\b",
        r"\b(?:which|what) (?:collection|encoder) did\b",
        r"\bon what basis|\bprove it|\bevidence\b(?! (?:of|for)\b)|\breally\?|\bcan i trust|\bsources?\b",
        r"\bexplain (?:that|this|your|it)\b",
        r"\bhow (?:was|were) (?:that|it|this|they) (?:measured|computed|found)",
        r"\bwhere do(?:es)? (?:that|this|it|the|those) ?\w* come from",
        r"\b(?:best|educated|wild) guess\b|^\W*(?:come on\W+)?(?:just )?yes or no\W*$",
    ),
    "measure": (
        r"\bmea?sur\w+",
        r"\bhow (?:big|large|small|wide|long|tall|round|many colou?rs|asymmetric\w*|irregular|symmetric\w*)",
        r"\bsize\b|\bdiameter\b|^\W*areas?\b|\b(?:its|the|total|what|and|surface|lesion) areas?\b|"
        r"\bwidth\b|\bshape\b|\bregular\b|\birregular\b",
        r"\ba?s[iy]mm?etr\w+|\bborders?\b|\bcolou?rs?\b|\bvariegat\w+|\boutline\b|\bsegment\w*|\babcd\b",
        r"\b(?:milli|centi)met\w+|\bmm\b|\bcm\b",
        r"\btypology angle|\bita\b|\bskin tone\b",
    ),
    "describe": (
        r"\bdescri\w+",
        r"\bwhat (?:do|can|could) you (?:see|tell|say)",
        r"\btell me (?:about|more|everything|something|what)",
        r"\banaly[sz]e\b|\bassess\b|\bsummar\w+|\bwalk me through|\breport\b|\blook at\b|"
        r"\bcaption\b|\binterpret\b",
        rf"\bwhat (?:does|do) (?:{_THIS}|the {_PICTURE}|this {_PICTURE}) (?:show|look)",
        r"\bwhat stands out|\bread (?:this|it|the)\b|\banything (?:else|interesting|unusual)",
    ),
}
_PATTERNS = {intent: re.compile("|".join(phrases), re.I) for intent, phrases in _PHRASES.items()}
_ABOUT_A_PICTURE = re.compile(
    r"\b(?:shown?|seen|visible|present|located|where|side|pictured|depicted|visuali[sz]ed|image|"
    r"picture|photo|"
    r"scan|suspicious|concerning|worry\w*|same)\b|\bwhat(?:'s| is| are) (?:this|that|these|those) \w+",
    re.I,
)


def intent_of(clause: str, *, without: Collection[Intent] = ()) -> tuple[Intent, re.Match[str] | None]:
    """The intent of one clause, none of those in `without`, and the match that gave it."""
    for intent, pattern in _PATTERNS.items():
        match = pattern.search(clause) if intent not in without else None
        if match:
            return intent, match
    if FINDINGS.search(clause) or INNER.search(clause) or _ABOUT_A_PICTURE.search(clause):
        return "read", None
    return "unclear", None
