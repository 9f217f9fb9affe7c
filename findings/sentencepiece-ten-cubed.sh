#!/usr/bin/env bash
# What one would expect: a tokenizer trained on laboratory reports, with "10³/µl" in its text, keeps the power apart
# from "103/µl", or reads the small 3 as unknown. SentencePiece calls itself lossless: decoded tokens are the text.
#
# What happens: with the default settings it folds letters by NFKC before anything else, in training and in use, and a
# raised digit becomes a plain one. 10³ and 103, 10⁶ and 106, cm² and cm2 are the same tokens and come back as 103,
# 106 and cm2. "1½ mm" comes back as "11⁄2 mm", which reads as five and a half. Nothing is unknown and nothing warns.
# With normalization_rule_name="identity" all of them stay.
#
# Why it matters: the vocabularies of T5 and XLM-RoBERTa were made with this default, and so is every one that a project
# trains on its own reports. A cell count has lost its thousands before the model sees it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'sentencepiece==0.2.3' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import io

import sentencepiece

print("sentencepiece", sentencepiece.__version__)
reports = ["leukocytes 7.2 x 10³/µl, red cells 4.9 x 10⁶/µl, area 3 cm², 1½ mm, 103 106 11/2 8"] * 50
pairs = (("10³/µl", "103/µl"), ("10⁶/µl", "106/µl"), ("3 cm²", "3 cm2"))


def trained(**settings: str) -> sentencepiece.SentencePieceProcessor:
    kept = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(reports), model_writer=kept, vocab_size=60, hard_vocab_limit=False, minloglevel=2,
        **settings,
    )
    return sentencepiece.SentencePieceProcessor(model_proto=kept.getvalue())


default, exact = trained(), trained(normalization_rule_name="identity")
for power, plain in pairs:
    same = default.encode(power) == default.encode(plain)
    back = default.decode(default.encode(power))
    print(f"{power} and {plain}: the same tokens: {same}; {power} comes back as {back}")
    assert same and default.unk_id() not in default.encode(power), "the behaviour has changed"
    assert exact.encode(power) != exact.encode(plain) and exact.decode(exact.encode(power)) == power
half = default.decode(default.encode("1½ mm"))
print("1½ mm comes back as", half, "- with identity as", exact.decode(exact.encode("1½ mm")))
assert half == "11⁄2 mm", "the behaviour has changed"
PYTHON
