"""What of the settings the models need, in the words of ``tools.models``, which knows no settings."""

from __future__ import annotations

from typing import Any

from assistant.settings import Settings
from tools.language.sayings import Saying
from tools.models.hub.addresses import elsewhere
from tools.models.installed_encoders import EncoderSettings
from tools.models.installed_readers import ReaderSettings, Server
from tools.models.learned_encoder import ENCODERS
from tools.models.systems.cards import SYSTEMS


def reader_settings(settings: Settings) -> ReaderSettings:
    """Folders, servers and limits of the reading models."""
    names = [name for name, system in SYSTEMS.items() if system.kind == "reader"]
    served = {name: settings.server_of(name) for name in names}
    return ReaderSettings(
        home=settings.home,
        folders={name: settings.folders_of(name) for name in names},
        servers={name: Server(url, model) for name, (url, model) in served.items() if url},
        server_key=settings.server_key,
        remote=settings.reader_remote,
        at_once=settings.reader_at_once,
        device=settings.device,
        precision=settings.precision,
        timeout_s=settings.reading_timeout_s,
        samples=settings.samples,
        agreement=settings.agreement,
        options={name: loading_options(name, settings) for name in names},
    )


def sent_away(settings: Settings) -> tuple[Saying, ...]:
    """What every answer must say of readers on other machines."""
    given = reader_settings(settings)
    hosts = {name: host for name, server in given.servers.items() if (host := elsewhere(server.url))}
    if not (given.remote and hosts):
        return ()
    where = tuple(Saying("models.reader_on", {"reader": one, "host": host}) for one, host in hosts.items())
    return (Saying("models.pictures_are_sent", {"where": where}),)


def loading_options(system: str, settings: Settings) -> dict[str, Any]:
    """What is set about how one system is loaded, as the arguments of its loader."""
    if system == "babydoctor":
        return {"template": settings.babydoctor_template, "im_start_end": settings.babydoctor_im_start_end}
    return {"pad": settings.pubmedclip_pad} if system == "pubmedclip" else {}


def encoder_settings(settings: Settings) -> EncoderSettings:
    """Folders and ways of running of the encoders."""
    return EncoderSettings(
        home=settings.home,
        folders={name: settings.folders_of(name)[0] for name in ENCODERS},
        device=settings.device,
        precision=settings.precision,
        python=settings.derm_foundation_python,
        mode=settings.derm_foundation_input,
        pad=settings.pubmedclip_pad,
    )
