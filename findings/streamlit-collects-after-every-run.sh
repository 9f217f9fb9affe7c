#!/usr/bin/env bash
# What one would expect: a page that draws one line of text costs the same, whatever else the process has loaded.
# A comment in Streamlit's source calls its collection of garbage after a script run "low cost".
#
# What happens: after every run of the script, Streamlit calls gc.collect(2), which walks through every object that
# Python holds. With two million objects in memory that never change (a vocabulary, an index of labels, a few large
# libraries) a page of one line takes many times as long as with runner.postScriptGC = false, and all sessions
# wait meanwhile, for the walk holds the lock of the interpreter.
#
# Why it matters: pages over medical vocabularies and model libraries hold that many objects. Each click of each of
# thirty students pays the walk again; in a profile it stands under no function of one's own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check streamlit==1.67.0 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON' 2>/dev/null
import time

import streamlit
from streamlit import config
from streamlit.testing.v1 import AppTest

vocabulary = [{"term": [str(number)]} for number in range(1_000_000)]


def seconds(collects: bool) -> float:
    config.set_option("runner.postScriptGC", collects)
    app = AppTest.from_string("import streamlit as st\nst.write('one line')", default_timeout=60).run()
    took = []
    for _ in range(5):
        start = time.process_time()
        app.run()
        took.append(time.process_time() - start)
    return min(took)


with_it, without = seconds(True), seconds(False)
print("streamlit", streamlit.__version__, f"- one line, CPU: {with_it:.3f} s, without the collection: {without:.3f} s")
assert with_it > 3 * without, "the behaviour has changed"
PYTHON
