#!/usr/bin/env bash
# What one would expect: a model that rates pictures by words reads "a nodule of 5.5 mm" and "a nodule of 55 mm" as two
# texts, whatever it makes of them.
#
# What happens: the tokenizer of the SigLIP models takes every mark of punctuation out before it looks at the words, and
# joins what stood around it. 5.5 mm and 55 mm, 1-2 cm and 12 cm, a T-score of -2.5 and one of 25 become the very same
# tokens, with the same score to the last digit. No setting turns it off, and the documentation names only the small
# letters. The vocabulary does not matter, so a tiny one that knows the marks is trained here.
#
# Why it matters: MedSigLIP and other medical picture and text models are asked with labels like these. Two classes that
# differ by a decimal point or a range get one rating, and a text search finds the tenfold size as the perfect match.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'transformers==5.23.0' 'sentencepiece==0.2.3' 'protobuf==7.36.2' 2>/dev/null
"$folder/env/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import sentencepiece
import transformers

print("transformers", transformers.__version__)
vocabulary = Path(sys.argv[1]) / "spiece.model"
with vocabulary.open("wb") as file:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a lung nodule of 5.5 mm, 1-2 cm; t-score -3.9 / 4.8, 6.7 %, bi-rads 0"] * 50),
        model_writer=file, vocab_size=60, hard_vocab_limit=False, pad_id=3, minloglevel=2,
    )
pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
words = transformers.SiglipTokenizer(vocab_file=str(vocabulary))
for one, other in (
    ("a nodule of 5.5 mm", "a nodule of 55 mm"),
    ("1-2 cm", "12 cm"),
    ("t-score -2.5", "tscore 25"),
):
    tokens = words(one).input_ids
    print(f"{one!r} and {other!r}: {tokens} and {words(other).input_ids}")
    assert pieces.encode(one) != pieces.encode(other), "the vocabulary itself tells them apart"
    assert tokens == words(other).input_ids, "the behaviour has changed"
assert words("a nodule of 5 mm").input_ids != words("a nodule of 55 mm").input_ids
PYTHON
