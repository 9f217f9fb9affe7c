"""What works in this installation, what is missing, and how to get it."""

from __future__ import annotations

import importlib.metadata
import io
import re
import shlex
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from assistant.llm.chat_models import described
from assistant.llm.role import AUDITION
from store.closed import is_closed
from store.errors import CasebookError
from store.pictures.room import taken

if TYPE_CHECKING:
    from assistant.build import Services

INSTALL = "pip install -c constraints.txt -e ."
# Ours: a chat with a few CT volumes takes some hundred MiB.
_LEAST_FREE_GB = 1.0
# Ours: a server that is well answers sixteen tokens in seconds, also while it answers others.
_SERVER_S = 30.0

# The transfer syntaxes Casebook promises to read. Source: DICOM PS3.6, table A-1.
TRANSFER_SYNTAXES = {
    "1.2.840.10008.1.2.5": "RLE", "1.2.840.10008.1.2.4.50": "JPEG baseline",
    "1.2.840.10008.1.2.4.51": "JPEG extended", "1.2.840.10008.1.2.4.57": "JPEG lossless",
    "1.2.840.10008.1.2.4.70": "JPEG lossless SV1", "1.2.840.10008.1.2.4.80": "JPEG-LS lossless",
    "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless", "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
}  # fmt: skip
# Pillow's names for what it needs to open the picture formats Casebook promises to read.
_PILLOW_CODECS = {"jpg": "JPEG", "zlib": "PNG", "webp": "WebP", "avif": "AVIF", "libtiff": "compressed TIFF"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    `ok` is True (works), False (broken: something Casebook needs) or None (not there, and not needed
    for what this release does). `fix` says how to get it, or is "". `of_machine` marks what is about the
    machine and its settings, which visitors of the page are not shown.
    """

    name: str
    ok: bool | None
    says: str
    fix: str = ""
    of_machine: bool = False


def report(services: Services, patience_s: float | None = None) -> list[Check]:
    """Look at everything.

    Args:
        services: the installation. A test picture goes through its decoder, and its database is opened.
        patience_s: seconds to wait for the server of a reader, which is asked on; None for any number.
    """
    return [
        replace(_python(), of_machine=True),
        replace(_packages(), of_machine=True),
        replace(_settings(services), of_machine=True),
        replace(_folder(services), of_machine=True),
        replace(_database(services), of_machine=True),
        _retention(services),
        replace(_taken(services), of_machine=True),
        _pictures(),
        _dicom(),
        _decoder(services),
        *_library(services),
        _chat_model(services),
        *_systems(services, patience_s),
        replace(_in_memory(services), of_machine=True),
    ]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Check("Python", ok, found, "" if ok else "Casebook runs on Python 3.11, 3.12 and 3.13.")


def _packages() -> Check:
    wrong = list(_wrong_packages())
    count = len(list(_needed()))
    if wrong:
        return Check("Packages", False, f"{', '.join(wrong)} of {count} needed.", INSTALL)
    return Check("Packages", True, f"All {count} that Casebook needs are there in versions that fit.")


def _needed() -> Iterator[str]:
    yield from (line for line in importlib.metadata.requires("casebook") or () if "extra ==" not in line)


def _wrong_packages() -> Iterator[str]:
    from packaging.requirements import Requirement

    for line in _needed():
        wanted = Requirement(line)
        try:
            found = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{wanted.name} is missing"
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            yield f"{wanted.name} is {found}, not {wanted.specifier}"


def _settings(services: Services) -> Check:
    chosen = sorted(services.settings.model_fields_set - {"home"})
    says = f"Set by you: {', '.join(chosen)}." if chosen else "All at their defaults."
    count = len(type(services.settings).model_fields)
    return Check("Settings", True, f"{says} casebook doctor --all lists the {count} that there are.")


def _folder(services: Services) -> Check:
    home = services.settings.home
    try:
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(b"casebook")
        free_gb = shutil.disk_usage(home).free / 2**30
    except OSError:
        return Check("Folder", False, f"{home} cannot be written.", "Set CASEBOOK_HOME to a folder that can.")
    says = f"{home} can be written; {free_gb:.1f} GiB are free."
    if not is_closed(home):
        fix = f"chmod 700 {shlex.quote(str(home))}"
        return Check("Folder", False, f"{says} Other users of this machine can look into it.", fix)
    if free_gb < _LEAST_FREE_GB:
        return Check("Folder", None, says, "Make room, or set CASEBOOK_HOME to a larger disk.")
    return Check("Folder", True, says)


def _database(services: Services) -> Check:
    kind = "SQLite" if str(services.settings.conversations_url).startswith("sqlite") else "PostgreSQL"
    where = "where CASEBOOK_DATABASE_URL says" if services.settings.database_url else "in the Casebook folder"
    try:
        services.conversations.chats("doctor", limit=1)
        services.conversations.check()
    except CasebookError as error:
        fix = "Start the server, or correct CASEBOOK_DATABASE_URL."
        if not services.settings.database_url:
            fix = "Move conversations.db out of the Casebook folder, or put a copy of it back."
        return Check("Conversations", False, f"{kind}, {where}: {error}", fix)
    return Check("Conversations", True, f"{kind}, {where}.")


def _retention(services: Services) -> Check:
    days = services.settings.keep_days
    if days is None:
        says = "Chats are kept until somebody deletes them. CASEBOOK_KEEP_DAYS sets for how many days."
        return Check("How long chats are kept", True, says)
    says = (
        f"A chat is deleted {days} days after its last question, with its images and pictures that no other "
        "chat holds: when Casebook starts, and once a day. The case library stays."
    )
    return Check("How long chats are kept", True, says)


def _taken(services: Services) -> Check:
    store, most = services.pictures.object_store, services.settings.kept_mb
    try:
        held = taken(services.settings.home, store) / 2**20
        if store is not None:
            store.check()
    except CasebookError as error:
        return Check("Images kept", False, str(error))
    where = f"At {store.url}, which takes, gives and removes." if store else "In the Casebook folder."
    fix = "" if held < most else "Delete chats with images, or raise CASEBOOK_KEPT_MB."
    return Check("Images kept", None if fix else True, f"{where} They take {held:,.0f} of {most:,} MiB.", fix)


def _pictures() -> Check:
    from PIL import features

    missing = [name for codec, name in _PILLOW_CODECS.items() if not features.check(codec)]
    if missing:
        return Check(
            "Pictures",
            False,
            f"Pillow cannot read {', '.join(missing)}.",
            "pip install --force-reinstall pillow",
        )
    return Check("Pictures", True, "PNG, JPEG, HEIC, AVIF, WebP, BMP, GIF and TIFF.")


def _dicom() -> Check:
    from pydicom.pixels import get_decoder

    missing = [name for uid, name in TRANSFER_SYNTAXES.items() if not get_decoder(uid).is_available]
    if missing:
        return Check("DICOM", False, f"Cannot decode {', '.join(missing)}.", "pip install python-gdcm")
    return Check("DICOM", True, f"Uncompressed, deflated, {', '.join(TRANSFER_SYNTAXES.values())}.")


def _decoder(services: Services) -> Check:
    from PIL import Image

    drawn = io.BytesIO()
    Image.linear_gradient("L").save(drawn, "PNG")
    start = time.perf_counter()
    try:
        services.decoder.read(drawn.getvalue())
    except CasebookError as error:
        fix = "Perhaps its limits are too tight: CASEBOOK_DECODE_MEMORY_MB and CASEBOOK_DECODE_TIMEOUT_S."
        return Check("Decoder process", False, f"A drawn test picture did not go through it: {error}", fix)
    seconds = time.perf_counter() - start
    return Check("Decoder process", True, f"A drawn test picture went through it in {seconds:.1f} s.")


def _library(services: Services) -> Iterator[Check]:
    try:
        collections = services.library.collections()
    except CasebookError as error:
        yield Check("Case library", False, str(error))
        return
    for one in collections:
        yield Check(f"Case library, {one.name}", True, one.sentence)
    if not collections:
        yield Check("Case library", None, "It is empty.", "casebook library import CSV_OR_FOLDER")


def _chat_model(services: Services) -> Check:
    if services.model is not None:
        says = f"{type(services.model).__name__}, given by the program that uses Casebook."
        return Check("Chat model", True, says)
    from assistant.llm.tool_model import ToolTextModel

    try:
        model, _ = services.chat_model
        found = model.check() if isinstance(model, ToolTextModel) else ""
        casting = services.casting
    except CasebookError as error:
        return Check("Chat model", False, str(error))
    says = f"{described(services.settings)} {found}".strip()
    if casting is None:
        return Check("Chat model", True, says)
    fix = "" if casting.auditioned or casting.notice else AUDITION
    return Check("Chat model", None if casting.role == "off" else True, f"{says} {casting.sentence}", fix)


def _systems(services: Services, patience_s: float | None) -> Iterator[Check]:
    from tools.models.places import is_set_up
    from tools.models.systems.cards import SYSTEMS

    settings = services.settings
    for system in SYSTEMS.values():
        path, _ = settings.folders_of(system.name)
        url, _ = settings.server_of(system.name)
        if url is not None:
            yield replace(_server(services, system.name, patience_s), of_machine=True)
        here = url is not None or is_set_up(system, settings.home, path=path)
        base = f" on {system.base}" if system.base else ""
        disk = f" about {system.disk_gb:g} GB;" if system.disk_gb else ""
        says = (
            f"{system.checkpoint}{base}: {system.what}. Licence: {system.licence};{disk} {system.terms}. "
            f"{'It is set up.' if here else 'It is not set up.'}"
        )
        fix = "" if here else f"casebook models pull {system.name}"
        yield Check(system.name, True if here else None, re.sub(r"\s+", " ", says), fix)


def _server(services: Services, name: str, patience_s: float | None) -> Check:
    if patience_s is None:
        return _asked(services, name)
    found: SimpleQueue[Check] = SimpleQueue()
    threading.Thread(target=lambda: found.put(_asked(services, name)), daemon=True).start()
    with suppress(Empty):
        return found.get(timeout=patience_s)
    return Check(f"{name}, its server", None, f"It did not answer yet, in {patience_s:g} s.")


def _asked(services: Services, name: str) -> Check:
    try:
        return Check(f"{name}, its server", True, services.readers.check_server(name, _SERVER_S))
    except CasebookError as error:
        return Check(f"{name}, its server", False, str(error))


def _in_memory(services: Services) -> Check:
    from tools.models.memory.in_memory import read_loaded
    from tools.models.weights.fit import size

    loaded = "; ".join(
        f"{one.name}, {size(one.nbytes)} on {one.device}, "
        + ("being loaded" if one.load_s is None else f"loaded in {one.load_s:.1f} s")
        + (", in use" if one.in_use else "")
        for one in read_loaded(services.settings.home)
    )
    return Check("Models in memory", True, f"{loaded or 'None; a model is loaded when it is first asked'}.")
