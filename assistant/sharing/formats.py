"""Which file each ending means: of one case, and of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from assistant.export.document import Kind
from assistant.export.sheet import Sheet
from assistant.export.text_sheet import TextSheet
from assistant.export.web_sheet import WebSheet
from assistant.sharing.anki import write_anki
from assistant.sharing.case_document import case_document
from assistant.sharing.copies import CaseCopy
from assistant.sharing.mirc_writing import write_mirc
from assistant.sharing.moodle import write_moodle
from assistant.teaching.case_file import write_copy

DOCUMENTS: Mapping[str, Kind] = {".pdf": Sheet, ".html": WebSheet, ".md": TextSheet}
"""What is read, by the ending of its file: PDF, one page of HTML, one file of Markdown."""
UNKNOWN: Mapping[str, Callable[[CaseCopy], bytes]] = {
    ".zip": lambda copy: write_mirc(copy, unknown=True),
    **{ending: partial(case_document, kind, unknown=True) for ending, kind in DOCUMENTS.items()},
}
"""A case without its answer, by the ending of its file: MIRCdocument, or to be read."""
CASE: Mapping[str, Callable[[CaseCopy], bytes]] = {
    ".json": lambda copy: write_copy(copy.case, copy.images).encode(),
    ".zip": write_mirc,
    **{ending: partial(case_document, kind) for ending, kind in DOCUMENTS.items()},
    ".apkg": lambda copy: write_anki(copy.case.title or copy.truth, [copy]),
    ".xml": lambda copy: write_moodle(copy.case.title or copy.truth, [copy]),
}
"""A case with everything: JSON, MIRCdocument, to be read, Anki, Moodle XML."""
CASES: Mapping[str, Callable[[str, Sequence[CaseCopy]], bytes]] = {
    ".apkg": write_anki,
    ".xml": write_moodle,
}
"""Several cases under a title: Anki, Moodle XML."""
