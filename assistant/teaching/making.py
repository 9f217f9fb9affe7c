"""Teaching cases made of what is there: a case of the library, images of a chat, files.

Words lose what tells who somebody is, as questions do. Images keep their pixels, values, scale, window and
kind, and nothing else of their files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.teaching.answer import nameless
from store.errors import CaseError
from store.pictures.image import Image, Slice
from store.pictures.image_files import key_of
from store.teaching.case import CaseImage, Kind, TeachingCase, checked
from store.teaching.cases import CaseVersion
from store.teaching.region import Region
from tools.language.described import described, says_normal
from tools.language.identifiers import without_persons
from tools.language.sayings import FIRST

if TYPE_CHECKING:
    from assistant.build import Services
    from store.cases.case import Case

# Stands for the key of an image that is not kept yet.
_NO_KEY = "0" * 64
_CREDITS = frozenset({"author", "licence", "references"})
# Chosen among given words, or made by Casebook: nobody types a name into them.
_NO_WORDS = frozenset({"images", "age_years", "sex", "kind", "certainty", "difficulty", "language"})


class CaseMaker:
    """Makes teaching cases for one owner.

    Args:
        services: the installation.
        owner: whose cases they become.
    """

    def __init__(self, services: Services, owner: str) -> None:
        self._services, self._owner = services, owner

    def from_files(
        self, paths: Sequence[Path | bytes], names: Sequence[str] = (), **fields: Any
    ) -> CaseVersion:
        """A case of picture files, archives or folders of DICOM; files of one series are one image.

        Args:
            paths: at least one; or the bytes of files.
            names: what whoever sent the files calls them, to be told which cannot be read; kept nowhere.
            fields: of `TeachingCase`, without images; without `kind` the diagnosis says it (`kind_by_words`).

        Raises:
            CaseError: a file cannot be read, named where there are several, or a field cannot be used.
        """
        called = names or [repr(one.name) if isinstance(one, Path) else "" for one in paths]
        read: list[Image] = []
        for place, one in enumerate(self._services.decoder.read_each(paths), 1):
            if isinstance(one, CaseError):
                raise _refused(one, called[place - 1], place, len(paths))
            read += one
        return self._add(self._services.private_pixels.look(read, 1).images, fields)

    def from_chat(self, chat_id: str, image_ids: Sequence[str] = (), **fields: Any) -> CaseVersion:
        """A case of a chat's images: of those named, or of all.

        Raises:
            CaseError: the owner has no such chat, it has no such image, or a field cannot be used.
        """
        self._services.conversations.chat(self._owner, chat_id)
        rows = {row.id: row for row in self._services.conversations.images(chat_id)}
        if odd := [name for name in image_ids if name not in rows]:
            raise CaseError(f"There is no image {odd[0]!r} in this chat; it has {', '.join(rows) or 'none'}.")
        wanted = image_ids or list(rows)
        return self._add([self._services.images.get(rows[name].key) for name in wanted], fields)

    def from_library(self, case: Case, **fields: Any) -> CaseVersion:
        """A case of the library: its label is the diagnosis, its caption what is discussed.

        Findings are the caption where it names any. How sure the label is, nobody knows.

        Args:
            case: one that came with a picture.
            fields: of `TeachingCase`, in place of what the library says.

        Raises:
            CaseError: the library holds no picture of it, or a field cannot be used.
        """
        if not case.key:
            raise CaseError(f"The library holds no picture of the case {case.id!r}; take another one.")
        about = CaseImage(key=_NO_KEY, caption=case.caption, source=case.source, licence=case.licence)
        return self._add([picture_of(self._services, case)], told_by(case) | fields, about)

    def made_of(self, case: Case) -> CaseVersion | None:
        """The owner's newest teaching case, none withdrawn, that shows the picture of a library case."""
        if not case.key:
            return None
        key = key_of(bare(picture_of(self._services, case)))
        mine = self._services.teaching.cases.cases(self._owner)
        return next((one for one in mine if any(image.key == key for image in one.case.images)), None)

    def change(self, case_id: str, **fields: Any) -> CaseVersion:
        """The next version of a case, with these fields changed.

        Raises:
            CaseError: the owner has no such case, or a field cannot be used.
        """
        before = self._services.teaching.cases.case(self._owner, case_id)
        case = checked(**(before.case.model_dump() | clean(fields)))
        drawn = {one.image for one in case.regions}
        images = self._services.teaching.images
        refuse_outside(
            case.regions,
            [images.get(one.key) if at in drawn else None for at, one in enumerate(case.images, 1)],
        )
        with self._services.keeping.locked():
            return self._services.teaching.cases.change(self._owner, case_id, case)

    def copy(self, case_id: str) -> CaseVersion:
        """A case of its own, in its first version, with what another case holds now.

        Raises:
            CaseError: the owner has no such case.
        """
        case = self._services.teaching.cases.case(self._owner, case_id).case
        return self.keep(case, [self._services.teaching.images.get(one.key) for one in case.images])

    def keep(self, case: TeachingCase, images: Sequence[Image]) -> CaseVersion:
        """Keep a case that came as data with its images, in their order."""
        fields = case.model_dump()
        about = [CaseImage.model_validate(one) for one in fields.pop("images")]
        return self._kept(images, about, fields)

    def _add(
        self, images: Sequence[Image], fields: dict[str, Any], about: CaseImage | None = None
    ) -> CaseVersion:
        blank = about or CaseImage(key=_NO_KEY)
        said = {"kind": kind_by_words(str(fields.get("diagnosis", "")), fields.get("language", FIRST))}
        return self._kept(images, [blank] * len(images), said | fields)

    def _kept(
        self, images: Sequence[Image], about: Sequence[CaseImage], fields: dict[str, Any]
    ) -> CaseVersion:
        shelf = self._services.teaching
        about = [
            one.model_copy(update={"slices": i.frame_count}) for one, i in zip(about, images, strict=True)
        ]
        case = checked(**clean(fields), images=[one.model_dump() for one in about])  # before anything is kept
        refuse_outside(case.regions, images)
        self._services.pictures.room.refuse_without(sum(image.frames.nbytes for image in images))
        told = [
            one.model_dump() | {"key": shelf.images.put(bare(image))}
            for one, image in zip(about, images, strict=True)
        ]
        case = checked(**clean(fields), images=told)
        with self._services.keeping.locked():
            made = shelf.cases.add(self._owner, case)
            for one, image in zip(case.images, images, strict=True):
                # It may have gone meanwhile, with the last case that showed it.
                shelf.images.keep(one.key, bare(image))
        return made


def kind_by_words(diagnosis: str, language: str = FIRST) -> Kind:
    """What a diagnosis counts as where nobody says it: normal where it denies everything, else a disease."""
    return "normal" if says_normal(diagnosis, language) else "disease"


def told_by(case: Case) -> dict[str, Any]:
    """The fields of a teaching case, without images, as a case of the library tells them."""
    return {
        "diagnosis": case.label,
        "kind": kind_by_words(case.label),
        "findings": [case.caption[:300]] if described(case.caption) else [],
        "discussion": case.caption,
        "licence": case.licence,
        "references": [case.source[:300]] if case.source else [],
    }


def picture_of(services: Services, case: Case) -> Image:
    """The picture that the library keeps of a case."""
    import numpy as np
    from PIL import Image as PillowImage

    with PillowImage.open(services.case_pictures.path(case.key)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    return Image(pixels[None], "PNG", modality=case.modality or None, body_part=case.body_part or None)


def bare(image: Image) -> Image:
    """An image without anything that its file says, but for scale, unit, kind and window."""
    slices = tuple(Slice(spacing_mm=one.spacing_mm, window=one.window) for one in image.slices)
    return Image(
        frames=image.frames,
        file_type=image.file_type,
        values=image.values,
        unit=image.unit,
        spacing_mm=image.spacing_mm,
        scale_caution=image.scale_caution,
        modality=image.modality,
        body_part=image.body_part,
        slices=slices,
        volumes=image.volumes,
        window=image.window,
        inverted=image.inverted,
    )


def clean(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a case without what tells who somebody is; authors, licences and references keep names."""
    return {name: value if name in _NO_WORDS else _clean(value, name) for name, value in fields.items()}


def refuse_outside(regions: Sequence[Region], images: Sequence[Image | None]) -> None:
    """Refuse regions that leave their pictures.

    Args:
        regions: each of an image that is there.
        images: of the case in order; None where no region is in it.

    Raises:
        CaseError: one does; the text says which.
    """
    for number, one in enumerate(regions, 1):
        image = images[one.image - 1]
        if image is not None and not one.within(*image.size):
            width, height = image.size
            raise CaseError(f"Region {number} leaves image {one.image} of {width} × {height} pixels.")


def _clean(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return without_persons(value, credit=name in _CREDITS)
    if isinstance(value, Region):
        return nameless(value)
    if isinstance(value, dict):
        return {key: without_persons(one) if key == "caption" else one for key, one in value.items()}
    return [_clean(one, name) for one in value]


def _refused(error: CaseError, name: str, place: int, count: int) -> CaseError:
    """Which of several files cannot be read; of one alone it is plain."""
    if count == 1:
        return error
    which = f"{name} (file {place} of {count})" if name else f"File {place} of {count}"
    return CaseError(f"{which} cannot be taken, so no case was made. {error}")
