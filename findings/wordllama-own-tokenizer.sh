#!/usr/bin/env bash
# What one would expect: a package of word vectors that brings its weights and its tokenizer along, and whose loader has
# a switch against downloads, loads on a machine without a network. The loader says that it looks into the package first.
#
# What happens: the weights are found and the tokenizer is not. The loader looks for it in a folder called "tokenizer",
# and the package has it in one called "tokenizers". With downloads switched off it says that the file is "not found in
# project root"; without the switch it asks a hub for the file that lies beside it, each time on a machine that keeps no
# cache. Read from where it lies, the same file works with the same weights.
#
# Why it matters: such vectors are picked for wards and reading rooms because they need no network. What was tried at a
# desk that has one works there, was silently fetched, and stops behind the wall of the hospital.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'wordllama==0.4.0.post1' 'tokenizers==0.23.3' 'safetensors==0.8.0' 'numpy==2.4.6' 2>/dev/null
"$folder/env/bin/python" -W ignore - "$folder/cache" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import wordllama
from safetensors.numpy import load_file
from tokenizers import Tokenizer

print("wordllama", version("wordllama"))
package = Path(wordllama.__file__).parent
(tokenizer,) = package.glob("tokenizers/*.json")
(weights,) = package.glob("weights/*.safetensors")
print("in the package:", tokenizer.relative_to(package), "and", weights.relative_to(package))
try:
    wordllama.WordLlama.load(cache_dir=sys.argv[1], disable_download=True)
except FileNotFoundError as error:
    print("load:", error)
    assert tokenizer.name in str(error), "the behaviour has changed"
else:
    raise SystemExit("the behaviour has changed: it loads")
ids = Tokenizer.from_file(str(tokenizer)).encode("pleural effusion", add_special_tokens=False).ids
(vectors,) = load_file(weights).values()
print("read from where they lie:", len(ids), "tokens,", vectors[ids].mean(axis=0).shape[0], "numbers")
PYTHON
