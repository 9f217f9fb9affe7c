#!/usr/bin/env bash
# What one would expect: tools made to tell found from not found in clinical text know two common sentences of
# radiology reports: "We cannot exclude a fracture" leaves a fracture open, and
# "Fracture is not seen" denies it.
#
# What happens: with the rules they come with, negspacy and medspacy (ConText) both call the fracture of the first
# sentence negated, the word "cannot" being a denial to them, and that of the second one affirmed. "Neither fracture
# nor dislocation" is affirmed twice by both. medspacy marks "rule out" as uncertain, but as negated as well.
#
# Why it matters: labels of research sets are drawn from reports in this way. The doubtful images become the clean
# negatives and the clean ones the positives; swapping the order of the words swaps the label.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'medspacy==1.3.1' 'negspacy==1.0.4' 'spacy==3.7.5' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
from importlib.metadata import version

import medspacy.context  # noqa: F401 - gives spaCy the part "medspacy_context"
import negspacy.negation  # noqa: F401 - gives spaCy the part "negex"
import spacy

PARTS = {"negspacy": ("negex", {"ent_types": ["FINDING"]}), "medspacy": ("medspacy_context", {})}
SENTENCES = (
    "No fracture is seen.",
    "We cannot exclude a fracture.",
    "Cannot rule out a fracture.",
    "Fracture is not seen.",
    "Neither fracture nor dislocation.",
)
spoken = {}
for tool, (part, settings) in PARTS.items():
    words = spacy.blank("en")
    words.add_pipe("sentencizer")
    finder = words.add_pipe("entity_ruler")
    finder.add_patterns([{"label": "FINDING", "pattern": [{"LOWER": word}]} for word in ("fracture", "dislocation")])
    words.add_pipe(part, config=settings)
    print(tool, version(tool))
    for sentence in SENTENCES:
        asked = "negex" if tool == "negspacy" else "is_negated"
        spoken[tool, sentence] = [bool(getattr(found._, asked)) for found in words(sentence).ents]
        print(f"  {sentence} negated: {spoken[tool, sentence]}")
for tool in PARTS:
    answers = [spoken[tool, sentence] for sentence in SENTENCES]
    assert answers == [[True], [True], [True], [False], [False, False]], "the behaviour has changed"
PYTHON
