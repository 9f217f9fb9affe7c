"""`casebook library`: import, look at, search and tidy up the user's own cases."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import (
    console,
    library_encoders,
    library_heads,
    library_rebuild,
    library_vectors,
    over_ray,
)
from assistant.commands.opening import opened, readable
from store.cases.names import is_imported, learned_name
from store.errors import CaseError

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from store.cases.case import CaseFilter
    from store.cases.importing import ImportReport
    from store.cases.search import SearchResult
    from store.cases.shelf import CollectionInfo
    from store.records import Gate

_NO_PICTURE = "no picture was imported"
_FILTERS = ("label", "modality", "body_part", "licence")


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "library", help="your own cases: import, list, search, remove, relabel, train"
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    importing = actions.add_parser(
        "import", help="import a CSV file (image, label, …) or a folder; goes on where it was cut off"
    )
    importing.add_argument("path", metavar="CSV_OR_FOLDER")
    importing.add_argument(
        "--clean-pixels",
        action="store_true",
        help="mask text in the pixels before anything is kept; takes seconds each",
    )
    over_ray.add_to(importing)
    importing.set_defaults(run=_import)
    _add_search(actions)
    listing = actions.add_parser("list", help="the cases, and how far each collection can be trusted")
    listing.add_argument(
        "--limit", type=int, default=100, metavar="N", help="how many at most; 100 by default"
    )
    _add_filters(listing)
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    listing.set_defaults(run=_list)
    remove = actions.add_parser("remove", help="remove cases by id, or all that fit the filters")
    remove.add_argument("ids", metavar="CASE_ID", nargs="*")
    _add_filters(remove)
    remove.set_defaults(run=_remove)
    relabel = actions.add_parser("relabel", help="give a case another label")
    relabel.add_argument("id", metavar="CASE_ID")
    relabel.add_argument("label", metavar="LABEL", type=console.words)
    relabel.set_defaults(run=_relabel)
    library_encoders.add_to(actions)
    library_vectors.add_to(actions)
    library_heads.add_to(actions)
    library_rebuild.add_to(actions)


def _add_search(actions: Any) -> None:
    search = actions.add_parser("search", help="the cases that look most like an image, or fit a text")
    query = search.add_mutually_exclusive_group(required=True)
    query.add_argument("--image", metavar="FILE")
    query.add_argument("--text", metavar="WORDS", type=console.words, help="needs --encoder pubmedclip")
    search.add_argument(
        "--encoder",
        choices=library_encoders.SEARCHED,
        metavar="NAME",
        help="a learned one, after encode; NAME-imported for what was imported as vectors",
    )
    search.add_argument(
        "-k", type=int, default=6, choices=range(1, 101), metavar="N", help="how many; 6 by default"
    )
    _add_filters(search)
    search.add_argument("--json", action="store_true", help="print one JSON object")
    search.set_defaults(run=_search)


def _add_filters(parser: Any) -> None:
    for name in _FILTERS:
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(
            flag,
            dest=name,
            metavar="VALUE",
            type=console.words,
            action="append",
            default=[],
            help="only these; may be repeated",
        )


def _where(given: argparse.Namespace) -> CaseFilter | None:
    from store.cases.case import CaseFilter

    values: dict[str, Any] = {name: tuple(getattr(given, name)) for name in _FILTERS}
    return CaseFilter(**values) if any(values.values()) else None


def _import(given: argparse.Namespace) -> int:
    path = readable(given.path)
    try:
        report = _imported(given, path)
    except KeyboardInterrupt:
        console.note("\nStopped. What was imported is kept; the same command goes on from there.")
        return console.STOPPED
    console.write(str(report))
    nothing_usable = report.skipped and not (report.added or report.already_there or report.duplicates)
    return console.USER if nothing_usable else console.DONE


def _imported(given: argparse.Namespace, path: Path) -> ImportReport:
    with opened() as assistant, over_ray.cluster_of(given, assistant) as cluster:
        over = None
        if cluster is not None:
            from assistant.cluster.cases import looking_over

            over = looking_over(cluster)
        with console.progress_bar("cases") as advance:
            return assistant.import_cases(path, progress=advance, clean_pixels=given.clean_pixels, over=over)


def _search(given: argparse.Namespace) -> int:
    if given.text:
        return _search_text(given)
    path = readable(given.image)
    with opened() as assistant:
        gate, found = _look(assistant, given, path)
    if given.json:
        console.write_json(_as_json(gate, found))
        return console.DONE
    _write_matches(found)
    console.write("\n".join(_told(gate, found)))
    return console.DONE


def _search_text(given: argparse.Namespace) -> int:
    name = given.encoder or "pubmedclip"
    if is_imported(name):
        raise CaseError("Words are looked up among the cases encoded here: --encoder pubmedclip.")
    found = library_encoders.search_text(given.text, name, given.k, _where(given))
    if given.json:
        console.write_json({"text": given.text, **_matches(found)})
        return console.DONE
    _write_matches(found)
    if not found.matches:
        console.write(f"No case fits. Cases are found after: casebook library encode {name}")
    console.write("Ordered by how well pictures fit the words; the best may still fit badly.")
    return console.DONE


def _write_matches(found: SearchResult) -> None:
    for match in found.matches:
        picture = "" if match.key else _NO_PICTURE
        facts = (picture, match.caption, match.modality, match.body_part, match.source, match.licence)
        told = " · ".join(fact for fact in facts if fact)
        console.write(f"{match.similarity:5.2f}  {match.case_id}  {match.label}{' · ' if told else ''}{told}")


def _look(assistant: Assistant, given: argparse.Namespace, path: Path) -> tuple[Gate, SearchResult]:
    from tools.gate.modality import describe, identify
    from tools.models.learned_encoder import ENCODERS

    image = assistant.services.decoder.read(path)[0]
    gate = identify(image).model_copy(update={"image_id": "img-1"})
    if gate.domain not in ("radiology", "dermatology"):
        raise CaseError(f"Only radiology and skin pictures can be looked up. {describe(gate)}")
    if not assistant.library.collections():
        raise CaseError(
            "The case library is empty. Import cases first: casebook library import CSV_OR_FOLDER"
        )
    how: dict[str, Any] = {"k": given.k, "where": _where(given)}
    if not given.encoder:
        return gate, assistant.library.search(image.pixels, gate.domain, modality=gate.modality, **how)
    if (domain := ENCODERS[learned_name(given.encoder)]) != gate.domain:
        raise CaseError(f"{given.encoder} is for {domain} pictures. {describe(gate)}")
    if is_imported(given.encoder):
        return gate, library_vectors.search_image(assistant, given.encoder, image.pixels, **how)
    look = partial(assistant.library.search, image.pixels, gate.domain, **how)
    return gate, library_encoders.with_encoder(assistant, given.encoder, lambda e: look(encoder=e))


def _told(gate: Gate, found: SearchResult) -> Iterator[str]:
    from store.cases.shelf import quality_sentence

    about = found.neighbours
    if not found.matches:
        yield "No case fits."
    elif about.near is None:
        yield "Whether any of these is near cannot be said yet."
    elif not about.near:
        yield "None of these is near: the library seems to hold nothing like this picture."
    else:
        counts = ", ".join(f"{count} {label}" for label, count in about.counts.items())
        yield f"Labels of the nearest {len(found.matches)}: {counts}. Look-alikes, not diagnoses."
    yield quality_sentence(about.precision, about.chance, about.k, about.among)
    yield from _disclaimers(gate)


def _as_json(gate: Gate, found: SearchResult) -> dict[str, Any]:
    return {
        "image": gate.model_dump(mode="json"),
        **_matches(found),
        "disclaimers": _disclaimers(gate),
    }


def _matches(found: SearchResult) -> dict[str, Any]:
    return {
        "neighbours": found.neighbours.model_dump(mode="json"),
        "matches": [match.model_dump(mode="json") for match in found.matches],
    }


def _disclaimers(gate: Gate) -> list[str]:
    from assistant.answers.disclaimers import required

    return list(required([gate.domain], ["find_similar_cases"], scored=gate.score is not None))


def _list(given: argparse.Namespace) -> int:
    where = _where(given)
    with opened() as assistant:
        cases = assistant.library.cases(where, limit=max(given.limit, 0))
        count = assistant.library.count(where)
        collections = assistant.library.collections()
        missing = {one.name: assistant.library.missing(one.name) for one in collections}
    if given.json:
        listed = [asdict(case) for case in cases]
        console.write_json(
            {"count": count, "cases": listed, "collections": [asdict(one) for one in collections]}
        )
        return console.DONE
    for case in cases:
        picture = "" if case.key else _NO_PICTURE
        facts = (picture, case.modality, case.body_part, case.group, case.source, case.licence)
        console.write(f"{case.id}  {case.label}  {' · '.join(fact for fact in facts if fact)}".rstrip())
    if count > len(cases):
        console.note(f"{count - len(cases)} more; see them with --limit {count}.")
    for one in collections:
        console.note(_told_of(one, missing[one.name]))
    if not collections:
        console.note("The case library is empty. Import cases: casebook library import CSV_OR_FOLDER")
    return console.DONE


def _told_of(info: CollectionInfo, missing: int) -> str:
    """One collection in a line: where it belongs, what made it, what it lacks, and what it is worth."""
    if is_imported(info.name):
        more = ", imported as vectors without pictures"
    elif missing:
        more = f"; {missing} more are to be encoded: casebook library encode {info.name}"
    else:
        more = ""
    return f"{info.encoder} ({info.domain}): {info.size} cases{more}. {info.sentence}"


def _remove(given: argparse.Namespace) -> int:
    where = _where(given)
    if not given.ids and where is None:
        raise CaseError(
            "Name the cases to remove: by id, or by --label, --modality, --body-part or --licence."
        )
    with opened() as assistant:
        count = assistant.library.remove(given.ids, where=where)
    if not count:
        raise CaseError("No such case in the library; nothing was removed. See: casebook library list")
    console.note(f"Removed {count}.")
    return console.DONE


def _relabel(given: argparse.Namespace) -> int:
    with opened() as assistant:
        assistant.library.relabel(given.id, given.label)
    return console.DONE
