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
"$folder/env/bin/pip" install --quiet --disable-pip-version-check streamlit==1.67.0 websockets==16.0 2>/dev/null
cat > "$folder/app.py" <<'PYTHON'
import streamlit as st


@st.cache_resource
def vocabulary():
    return [{"term": [str(number)]} for number in range(1_000_000)]


vocabulary()
st.write("one line")
PYTHON
cat > "$folder/ask.py" <<'PYTHON'
import os
import socket
import subprocess
import sys
import time

import streamlit
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect


def seconds(collects: str) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = os.path.join(os.path.dirname(__file__), "app.py")
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.headless=true", f"--server.port={port}"]
    command += ["--browser.gatherUsageStats=false", f"--runner.postScriptGC={collects}"]
    command += ["--server.address=127.0.0.1", "--browser.serverAddress=localhost"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        page = f"ws://127.0.0.1:{port}/_stcore/stream"
        with connect(page, subprotocols=["streamlit"], max_size=None) as view:
            runs = [run(view) for _ in range(12)]
        return sum(runs[2:]) / 10
    finally:
        server.terminate()
        server.wait()


def run(view) -> float:
    wish = BackMsg()
    wish.rerun_script.query_string = ""
    start = time.monotonic()
    view.send(wish.SerializeToString())
    while ForwardMsg.FromString(view.recv(timeout=60)).WhichOneof("type") != "script_finished":
        pass
    return time.monotonic() - start


with_it, without = seconds("true"), seconds("false")
print("streamlit", streamlit.__version__, f"- one line: {with_it:.3f} s, without the collection: {without:.3f} s")
assert with_it > 3 * without, "the behaviour has changed"
PYTHON
"$folder/env/bin/python" "$folder/ask.py"
