"""Which file each ending means: of one case, and of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.sharing.anki import write_anki
from assistant.sharing.case_pdf import case_pdf
from assistant.sharing.copies import CaseCopy
from assistant.sharing.mirc_writing import write_mirc
from assistant.sharing.moodle import write_moodle
from assistant.teaching.case_file import write_copy

UNKNOWN: Mapping[str, Callable[[CaseCopy], bytes]] = {
    ".zip": lambda copy: write_mirc(copy, unknown=True),
    ".pdf": lambda copy: case_pdf(copy, unknown=True),
}
"""A case without its answer, by the ending of its file: MIRCdocument, PDF."""
CASE: Mapping[str, Callable[[CaseCopy], bytes]] = {
    ".json": lambda copy: write_copy(copy.case, copy.images).encode(),
    ".zip": write_mirc,
    ".pdf": case_pdf,
    ".apkg": lambda copy: write_anki(copy.case.title or copy.truth, [copy]),
    ".xml": lambda copy: write_moodle(copy.case.title or copy.truth, [copy]),
}
"""A case with everything: JSON, MIRCdocument, PDF, Anki, Moodle XML."""
CASES: Mapping[str, Callable[[str, Sequence[CaseCopy]], bytes]] = {
    ".apkg": write_anki,
    ".xml": write_moodle,
}
"""Several cases under a title: Anki, Moodle XML."""
