"""How people speak of their own and others' complaints, of care, of who somebody is, and of doing harm.

Phrases per intent, for ``words``. A complaint is told from a question about a picture by whose it is.
"""

from __future__ import annotations

_COMPLAINT = (
    r"pain\w*|hurt\w*|aches?|numb\w*|tingl\w+|weak\w*|fever\w*|cough\w*|rash\w*|itch\w*|swell\w*|"
    r"swollen|vomit\w*|"
    r"nausea\w*|dizz\w*|headaches?|cramps?|bleed\w*|blood\w*|thirsty|wheez\w+|tired|exhausted|symptoms?|"
    r"diarr?h\w+|constipat\w+|appetite|blurr\w+|swallow\w*|depress\w+|confus\w+|bloat\w+|runny|ill|sick|"
    r"refill|medication|pimples|breath\w*|urin\w+|pee\w*|queasy|stiff\w*|trembl\w+|fissures|agony|sprained|"
    r"twisted|bigger and|lightheaded\w*|palpitations?|indigestion|heartburn|smelling"
)
# Told of one's own body these are complaints; told of a picture they are findings.
_ON_BODY = rf"{_COMPLAINT}|sores?|spots?|tender\w*|inflam\w*|pus|lumps?|bumps?|ringing|burn\w*|stabbing"
_BODY = (
    r"(?:body|skin|face|nose|lips|mouth|throat|neck|head|scalp|hair|eyes?|ears?|chest|breasts?|back|belly|"
    r"stomach|groin|arms?|elbows?|hands?|palms?|fingers?|nails?|legs?|knees?|feet|foot|toes?|soles?|scar)"
    r"\b(?! (?:x-?ray|film|ct|mri?|scan|radiograph))"
)
_PICTURE = r"(?:image|picture|photo\w*|scan|file|x-?ray|radiograph|film|ct|mri?)\b"
_SOMEBODY = (
    r"(?:he|she|my (?:\w+[- ]){0,2}(?:son|daughter|toddler|kid|child|children|baby|boy|girl|wife|husband|"
    r"partner|mother|mum|mom|father|dad|grandm\w+|grandp\w+|grandfather|brother|sister|friend))"
)
_RECORD = r"(?:report|results?|records?|chart|scan|x-?ray|mri|ct|diagnos[ei]s|certificate|prescription)s?"

HARM = (
    r"\bfalsif\w+",
    r"\bfabricat\w+ (?:\w+ ){0,3}(?:research|data|results|patients|cases)",
    r"\bmake up (?:an? |the |some )?(?:\w+ ){0,2}(?:data|results|patients?|cases?|study|findings)",
    r"\bhow (?:can|do|to|could)(?: i| we| you)? fake\b|\b(?:write|make|create|produce)\b.{0,40}\bfaked?\b",
    rf"\b(?:forg(?:e|ing)|tamper\w*)\b.{{0,30}}\b{_RECORD}\b",
    rf"\b(?:alter|change|edit|rewrite)\b.{{0,40}}\b{_RECORD}\b.{{0,40}}"
    r"\b(?:disappears?|vanish\w*|insurance)",
    r"\b(?:hide|cover up|conceal)\b.{0,30}\b(?:errors?|mistakes?|complications?)\b",
    r"\b(?:medical|insurance|research) fraud",
    r"\bbill\w* (?:\w+ ){0,3}for .{0,40}\b(?:never|not) (?:done|given|happened|performed)",
    r"\bsick note\b.{0,40}\b(?:healthy|not (?:ill|sick)|fake)",
    r"\bspread misinformation",
    r"\bdeny (?:\w+ ){0,3}(?:care|chemotherapy|treatment)|\bwithhold pain relief|"
    r"\brefuse (?:\w+ )?patients\b",
    r"\bundermine\b|\bdiscredit\b|\bblames?\b.{0,30}\bmy (?:mistake|error)",
    r"\b(?:ignor(?:es?|ing)|bypass(?:es|ing)?|dismiss|neglect)\b.{0,60}"
    r"\b(?:guidelines?|history|concerns|symptoms|patients?|advice|advocate)",
    r"\b(?:list|names) of (?:\w+ ){0,3}patients\b|\baccess\b.{0,20}\b\w+'s medical records\b",
    r"\bwithout (?:any )?(?:medical indication|consent|telling|(?:offering )?empathy|"
    r"(?:them|him|her|anyone) (?:noticing|knowing)|a licen[cs]e|being licen[cs]ed)",
    r"\bwithout (?:a )?prescription\b.{0,40}\b(?:lie|lying|trick\w*)",
    r"\bto overdose\b|\bwithout leaving traces\b",
    r"\bhow (?:can|do|to)\b.{0,40}\b(?:kill|poison)\b",
    r"\b(?:sell|buy|trade) (?:\w+ )?organs\b",
    r"\bupsell\w*|\bcompel(?:led)? to work\b|\bpublicly lists?\b.{0,20}\bphysicians\b",
)
PERSONAL = (
    r"\b(?:can'?t|cannot|can not|isn'?t|not) (?:breath\w*|get up|wake\w*|waking up|move (?:my|his|her))",
    rf"\b(?:{_SOMEBODY}|i)(?:'s| has| was)? (?:just |suddenly )*(?:collapsed|fainted|passed out|swallowed)\b",
    r"\bis choking\b",
    r"\b(?:took|taken|swallowed|ate) (?:too many|too much|all (?:my|his|her|the)|\d+) (?:\w+ )?"
    r"(?:pills|tablets|capsules|medic\w+|paracetamol|ibuprofen)",
    r"\bthroat'?s? (?:is )?closing",
    r"\bhearing voices\b",
    r"\bshaking (?:all over|uncontrollably)",
    r"\bworst (?:headache|pain)",
    rf"\bi(?:'ve|'m|'d)?\b(?! see| want| think| saw).{{0,160}}\b(?:{_COMPLAINT})\b",
    r"\bi(?:'m| am) (?:\w+ )?pregnant\b",
    rf"\bmy (?!{_PICTURE})(?:\w+ ){{0,3}}(?:{_COMPLAINT})\b",
    rf"\bmy (?:left |right )?(?!{_PICTURE})\w+(?:'s| is| has| was| are)\b"
    rf".{{0,60}}\b(?:{_COMPLAINT}|red|changed)\b",
    rf"\bmy (?:\w+ ){{0,2}}{_BODY}.{{0,160}}\b(?:{_ON_BODY})\b",
    rf"\b(?:{_ON_BODY})\b.{{0,80}}\bmy (?:\w+ ){{0,2}}{_BODY}",
    rf"\b{_SOMEBODY}\b.{{0,80}}\b(?:{_COMPLAINT}|fell|fallen|scratching)\b",
)
IDENTITY = (
    r"\bpatient'?s? (?:name|id|age|sex|gender|birth\w*|dob|address|identity)",
    r"\bwho (?:is|was) (?:the|this) (?:patient|person)",
    r"\bname of the (?:patient|person|hospital|doctor)",
    r"\bhow old is (?:the|this)(?! (?:\w+ )?(?:fracture|lesion|bleed\w*|injury|infarct\w*))",
    r"\bis (?:it|this|that|he|the patient) (?:an? )?(?:man|woman|male|female|boy|girl)\b",
    r"\b(?:date|when) (?:of|was) (?:the )?(?:birth|exam\w*|study|this (?:\w+ )?taken|it taken)",
    r"\bwhich hospital",
    r"\baccession|\bmedical record number|\bmrn\b",
)
ADVICE = (
    r"\bshould (?:i|we|he|she|they)\b(?! (?:\w+ )?(?:believe|trust|rely|follow)\b)",
    r"\bshould (?:this|the|my|our) (?:patient|person|man|woman|child|boy|girl|son|daughter|mother|father|"
    r"husband|wife)\b",
    r"\bdo (?:i (?:need|have)|we need) (?:an? |to )|\bdo we have to\b",
    r"\b(?:he|she|they|the patient|this patient) (?:going to |likely to )?(?:needs?|requires?) (?:an? |to |"
    r"any )",
    r"\bhow (?:do|should|can|would) (?:i|we|you|one|this be|it be)\b.{0,20}\b(?:treat|cure|"
    r"remove|get rid|heal|stop)",
    r"\bhow long (?:can|may|should|do|have) (?:i|we|he|she) (?:wait|have|got|left)",
    r"\b(?:what|which|best) (?:treatment|therapy|medicine|cream|drug|medication)",
    r"\btreatment\b.{0,30}\b(?:this|it|for|plan)\b",
    r"\bis (?:it|this|that size) (?:dangerous|serious|contagious|urgent|curable|deadly|harmful)",
    r"\bam i (?:ok|going|dying|sick|at risk)|\bcan i go back to work\b",
    r"\bprescri\w+|\bprognosis\b|\bnext steps?\b|\bbiops\w+",
)

_SELF = r"(?:myself|himself|herself|themselves)"
_WHO = r"(?:i|i'm|i am|he|he's|she|she's|they)"
DANGER = (
    rf"\b(?:kill|hang|shoot|drown|poison)(?:ing|s|ed)? {_SELF}\b|\bself-?harm\w*",
    rf"\b(?:want\w*|going|think\w*|thought|keeps?|kept|feel like|urge|trying|tried|plan\w*|might|about) "
    rf"(?:\w+ ){{0,2}}(?:hurt|harm|cut)(?:t?ing)? {_SELF}\b",
    r"\bsuicid\w+|\b(?:end|take|taking|ending) (?:my|his|her|their) (?:own )?li(?:fe|ves)",
    r"\b(?:don'?t|do not|doesn'?t|does not) want to (?:live|be alive|exist|wake up|be here any ?more)",
    rf"\b{_WHO} (?:just |really |only )?wants? to die\b|\bwish(?:es)? (?:i|he|she|they) (?:was|were) dead",
    r"\bwant (?:it all|everything|all of (?:it|this)|it|(?:my )?life) to (?:just )?(?:end|be over)\b",
    r"\b(?:tired|sick|done|through|finished) (?:of|with) (?:living|life|being alive)\b|\bgiv\w+ up on life\b",
    r"\bnothing (?:left )?to live for|\bno way out (?:of this life|for me)|\bnever wake up again\b",
    r"\brather be dead|\bbetter off (?:dead|without (?:me|him|her))\b",
    r"\b(?:no|isn'?t any|not any|see no|without) (?:point|reason|sense) (?:in |to |of )?(?:living|live|"
    r"going on|go on)\b",
    r"\blife (?:is not|isn'?t|has no) (?:\w+ )?(?:worth|meaning)|\bnot worth living",
    r"\b(?:can'?t|cannot|can not) (?:go on|take (?:it|this) any ?more|live like this)",
    r"\bi(?:'m| am| feel) (?:\w+ )?(?:hopeless|worthless)\b",
    rf"\b{_WHO}\b.{{0,30}}\boverdos\w+",
)
"""Phrases of somebody who may die by their own hand."""
