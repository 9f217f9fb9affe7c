#!/usr/bin/env bash
# What one would expect: writing a case anew under its id (`upsert`) replaces it. If its new metadata has no label,
# the case has no label.
#
# What happens: Chroma merges. The keys that the new metadata leaves out keep their old values, and the old document
# stays when none is given, while the embedding is the new one. A filter on the old label still finds the case. The
# same call for an id that is new stores just what was given. Empty metadata, the plain way to say "nothing is known
# any more", are refused.
#
# Why it matters: a diagnosis that was withdrawn goes on being shown beside look-alike images, under an image that
# may be another one by now, and the store holds text that its owner believes overwritten.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'chromadb==1.5.9' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import chromadb

print("chromadb", chromadb.__version__)
cases = chromadb.EphemeralClient().create_collection("cases", embedding_function=None)
labelled = {"label": "melanoma", "site": "arm"}
cases.add(ids=["case-1"], embeddings=[[1.0, 0.0]], metadatas=[labelled], documents=["first report"])
cases.upsert(ids=["case-1"], embeddings=[[0.0, 1.0]], metadatas=[{"site": "leg"}])
now = cases.get(ids=["case-1"], include=["metadatas", "documents", "embeddings"])
found = cases.get(where={"label": "melanoma"})["ids"]
print("metadata:", now["metadatas"][0], "document:", now["documents"][0], "embedding:", now["embeddings"][0].tolist())
print("found as melanoma:", found)
try:
    cases.upsert(ids=["case-1"], embeddings=[[0.0, 1.0]], metadatas=[{}])
    refused = False
except ValueError as error:
    refused = True
    print("empty metadata:", error)
assert now["metadatas"][0] == {"label": "melanoma", "site": "leg"} and found == ["case-1"], "the behaviour has changed"
assert now["documents"] == ["first report"] and now["embeddings"][0].tolist() == [0, 1], "the behaviour has changed"
assert refused, "the behaviour has changed"
PYTHON
