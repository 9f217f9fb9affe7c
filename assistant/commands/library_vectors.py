"""`casebook library import-embeddings`: cases as vectors that were computed elsewhere."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.commands import console
from assistant.commands.library_encoders import NAMES
from assistant.commands.opening import opened, readable
from store.cases.names import UNKNOWN
from store.errors import CaseError, ToolUseError

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from store.cases.case import CaseFilter
    from store.cases.search import SearchResult
    from store.pictures.image import Pixels


def add_to(actions: Any) -> None:
    """Add the action's arguments."""
    parser = actions.add_parser(
        "import-embeddings",
        help="import vectors that were computed elsewhere, without pictures; goes on where it was cut off",
    )
    parser.add_argument(
        "path", metavar="FILE.npz", help="an array per picture, or the arrays ids, embeddings"
    )
    parser.add_argument(
        "--labels", required=True, metavar="CSV", help="with the columns key, label, and group, source, …"
    )
    parser.add_argument(
        "--encoder",
        choices=NAMES,
        default="derm-foundation",
        metavar="NAME",
        help="which made the vectors: derm-foundation by default, or pubmedclip",
    )
    parser.add_argument(
        "--version",
        type=console.words,
        default=UNKNOWN,
        metavar="TEXT",
        help="of the encoder, as casebook library list shows it for cases encoded here; unknown by default",
    )
    parser.add_argument("--again", action="store_true", help="drop what was imported of this encoder first")
    parser.set_defaults(run=_import)


def _import(given: argparse.Namespace) -> int:
    from store.cases.columns import clean
    from store.cases.encoding import imported
    from tools.models.learned_encoder import ENCODERS

    path, labels = readable(given.path), readable(given.labels)
    about = imported(given.encoder, ENCODERS[given.encoder], clean(given.version, 100))
    with opened() as assistant:
        if given.again:
            assistant.library.drop(about.name)
        try:
            with console.progress_bar("cases") as advance:
                report = assistant.library.import_vectors(path, labels, about, progress=advance)
        except KeyboardInterrupt:
            console.note("\nStopped. What was imported is kept; the same command goes on from there.")
            return console.STOPPED
    console.write(str(report))
    if report.added:
        console.note(
            f"They are in the collection {about.name}, version {about.version}, without pictures. A "
            "classifier can be trained on them as they are: casebook library train NAME --collection "
            f"{about.name}. "
            f"Finding cases like an image, and asking that classifier, takes {given.encoder}."
        )
    return console.DONE if report.added or report.already_there or not report.skipped else console.USER


def search_image(
    assistant: Assistant, collection: str, pixels: Pixels, *, k: int, where: CaseFilter | None
) -> SearchResult:
    """The imported cases most like a picture.

    Raises:
        CaseError: nothing was imported of this encoder, or it is not here in the version that made it.
    """
    from tools.look_alikes.learned_vectors import LearnedVectors

    library = assistant.library
    about = library.described(collection)
    made_by = {info.name: info.encoder for info in library.collections()}.get(collection)
    if about is None or made_by is None:
        raise CaseError(
            f"The library has no collection {collection}. Import one: casebook library import-embeddings "
            "FILE.npz --labels CSV"
        )
    learned = LearnedVectors(assistant.services.encoders, on_wait=console.progress)
    try:
        vector, cautions = learned.encode(pixels, collection, made_by, about.dimension)
    except ToolUseError as error:
        raise CaseError(f"{collection} cannot be searched: {error}") from error
    if cautions:
        console.note(cautions)
    return library.search_vector(about, vector, k=k, where=where, pixels=pixels)
