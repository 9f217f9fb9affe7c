"""A teaching case brought in from a file: JSON that Casebook wrote, or a MIRCdocument in a zip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.sharing.mirc_reading import is_mirc, read_mirc
from assistant.teaching.case_file import read_case_file
from assistant.teaching.given_away import refuse_given_away

if TYPE_CHECKING:
    from assistant.build import Services
    from assistant.teaching.teacher import Teacher
    from store.pictures.image import Image
    from store.teaching.cases import CaseVersion


def bring(services: Services, teacher: Teacher, data: bytes) -> CaseVersion:
    """Keep the case of a file as a teacher's.

    Pictures of other programs are read and looked over for names in their pixels as every picture is.

    Args:
        services: the installation.
        teacher: whose case it becomes.
        data: the file.

    Raises:
        CaseError: it is neither, a field or picture of it cannot be used, or what learners are told of it
            before the answer names the diagnosis.
        SetupError: the temporary folder of the machine cannot be written.
    """
    most_bytes = 4 * services.settings.max_voxels

    def decode(path: Path) -> list[Image]:
        return list(services.private_pixels.look(services.decoder.read(path), 1).images)

    case, images = read_mirc(data, most_bytes, decode) if is_mirc(data) else read_case_file(data, most_bytes)
    refuse_given_away("", [case])
    return teacher.make.keep(case, images)
