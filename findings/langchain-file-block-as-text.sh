#!/usr/bin/env bash
# What one would expect: langchain-core's count_tokens_approximately, with which trim_messages and the summarising
# middleware decide what a model still sees, counts a file that a message carries by some fixed number of tokens, as it
# does with an image: 85 for a picture of any size.
#
# What happens: only image blocks are known to it. A file block (a PDF report, a DICOM object), as the same library's
# documentation of content blocks describes, is counted as its base64 text: a megabyte is a third of a million tokens,
# where the same bytes as an image block are 85. trim_messages therefore drops the question with the report, whatever
# the model's context, and nothing is raised.
#
# Why it matters: a chat about a report or a scan loses it in the very turn in which it is sent, and the model answers
# without it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'langchain-core==1.7.2' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import base64

import langchain_core
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.messages.utils import count_tokens_approximately, trim_messages

print("langchain-core", langchain_core.__version__)
data = base64.b64encode(bytes(1_000_000)).decode()
text = {"type": "text", "text": "What does the report say of the left lung?"}
image = {"type": "image", "base64": data, "mime_type": "image/png"}
report = {"type": "file", "base64": data, "mime_type": "application/pdf"}

counts = {}
for block in (image, report):
    asked = [SystemMessage("You teach."), HumanMessage("Hello."), AIMessage("Hello."), HumanMessage([text, block])]
    kept = trim_messages(
        asked, max_tokens=128_000, token_counter=count_tokens_approximately, strategy="last", include_system=True
    )
    counts[block["type"]] = count_tokens_approximately([asked[-1]])
    print(block["type"], "tokens:", counts[block["type"]], "kept:", [one.type for one in kept])
    assert (asked[-1] in kept) == (block is image)
assert counts["image"] < 200 and counts["file"] > 300_000
PYTHON
