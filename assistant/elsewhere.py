"""Images and pictures that lie elsewhere than the settings say: found before any is said to be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import CaseError
from store.pictures.places import KEPT_AT, kept_at

if TYPE_CHECKING:
    from assistant.build import Services


def left_here(services: Services) -> str | None:
    """A sentence on what lies in the Casebook folder though another place is set; None where nothing does."""
    if left := services.pictures.left_here():
        return (
            f"{len(left)} images and pictures lie in the Casebook folder, though CASEBOOK_PICTURES_URL names "
            "another place. They are not seen, and do not go with their chats."
        )
    return None


def put_elsewhere(services: Services) -> str | None:
    """A sentence on what was put at a place that is no longer set; None where nothing lacks.

    Raises:
        CasebookError: what chats, library and teaching show cannot be read.
    """
    at = kept_at(services.settings.home)
    if services.pictures.object_store is not None or at is None:
        return None
    if lacking := sum(map(len, _lacking(services))):
        return (
            f"{lacking} images and pictures are not in the Casebook folder: they were put at {at}, which "
            "CASEBOOK_PICTURES_URL names no longer."
        )
    return None


def way_back(services: Services) -> str:
    """What to do about what was put elsewhere."""
    return (
        f"Set CASEBOOK_PICTURES_URL to {kept_at(services.settings.home)} again, or copy what lies there into "
        f"the Casebook folder. If it is gone for good, delete {KEPT_AT} in that folder."
    )


def refuse(services: Services) -> None:
    """Go on only where all images and pictures lie where the settings say.

    Raises:
        CaseError: some lie elsewhere; the text says which, and what to do.
    """
    if says := left_here(services):
        raise CaseError(f"{says} Bring them there first: casebook doctor --repair.")
    if says := put_elsewhere(services):
        raise CaseError(f"{says} {way_back(services)}")


def _lacking(services: Services) -> list[set[str]]:
    """The keys of what is shown and not there: of images, drawn pictures, library and teaching cases."""
    held, home = services.conversations.holding, services.settings.home
    has_library = (home / "library" / "cases.sqlite3").exists()
    cases = {case.key for _, case in services.library.newest() if case.key} if has_library else set()
    return [
        set(held.images()) - services.images.keys(),
        set(held.pictures()) - services.blobs.keys(),
        cases - services.case_pictures.keys(),
        services.teaching.cases.keys() - services.teaching.images.keys(),
    ]
