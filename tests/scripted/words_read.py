"""What every chat reads of Casebook's own words, read when this is imported: for `tests.forks`.

A first question reads lists of words, cards, sayings, the vocabulary and what the ear has learned, and makes
the tools: a second of work, the same each time. A fork of a process that has done it need not. It starts no
thread and looks at no variable, folder or picture.
"""

from __future__ import annotations

from assistant.grounding.check import check
from assistant.grounding.facts import facts_of
from assistant.planning.compose import compose
from assistant.planning.plan import make_tasks
from tests.talking.talk import CHEST, SKIN, row, talk
from tools.catalogue import build_tools, cards
from tools.language.sayings import languages, sayings

for spoken in languages():
    sayings(spoken)
for question in (
    "What is this?",
    "Is there a fracture, and how wide is it?",
    "Was ist ein Melanom?",
    "Thanks",
):
    now = talk(question, row(1, SKIN), row(2, CHEST), attached=("img-1",))
    check(compose(make_tasks(now), now), facts_of((), ()))
cards()
build_tools()
