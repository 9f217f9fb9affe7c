"""What of the settings the reading models need, in the words of ``tools.models``, which knows no settings."""

from __future__ import annotations

from assistant.settings import Settings
from tools.models.cards import SYSTEMS
from tools.models.readers import ReaderSettings, Server


def reader_settings(settings: Settings) -> ReaderSettings:
    """Folders, servers and limits of the reading models."""
    names = [name for name, system in SYSTEMS.items() if system.kind == "reader"]
    served = {name: settings.server_of(name) for name in names}
    return ReaderSettings(
        home=settings.home,
        folders={name: settings.folders_of(name) for name in names},
        servers={name: Server(url, model) for name, (url, model) in served.items() if url},
        server_key=settings.server_key,
        device=settings.device,
        precision=settings.precision,
        timeout_s=settings.reading_timeout_s,
        samples=settings.samples,
        agreement=settings.agreement,
    )
