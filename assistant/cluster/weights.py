"""How much memory the models take that answering questions may load in one process."""

from __future__ import annotations

from contextlib import suppress

from assistant.evaluation.asking import Examinee
from assistant.llm.chat_models import model_file
from assistant.llm.loading import parts_of
from assistant.settings import Settings
from store.errors import SetupError
from tools.models.installed_readers import Readers
from tools.models.places import find_place, folder_bytes
from tools.models.systems.cards import SYSTEMS


def weights_bytes(asked: Examinee) -> int:
    """Bytes of their files; 0 where all of them run on servers, or none is set up."""
    services = asked.assistant.services
    readers = services.readers
    names = [asked.reader] if asked.reader else readers.set_up()
    return sum(_reader(readers, name) for name in names) + (
        _chat_model(services.settings) if asked.agent else 0
    )


def _reader(readers: Readers, name: str) -> int:
    if name in readers.settings.servers:
        return 0
    path, base = readers.settings.folders.get(name, (None, None))
    with suppress(SetupError):
        place = find_place(SYSTEMS[name], readers.settings.home, path=path, base=base)
        return folder_bytes(place.path) + (folder_bytes(place.base) if place.base else 0)
    return 0


def _chat_model(settings: Settings) -> int:
    if settings.llm_server or not (settings.llm_path or settings.llm_repo):
        return 0
    path = model_file(settings)
    return sum(path.with_name(part).stat().st_size for part in parts_of(path.name))
