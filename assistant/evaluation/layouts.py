"""Published question sets in their own layouts → one JSON object per line, as `evaluate` takes them.

Layouts: VQA-RAD (a JSON list with ``image_name``), SLAKE (a JSON list with ``img_name`` and ``q_lang``;
English questions only) and ChestAgentBench (a JSON object per line, options in the question's text or of
their own). Fields not known here are left alone. Pictures stay where they are.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from store.errors import CaseError
from store.pictures.file_kind import refuse_no_file

# Where the sets keep their pictures, beside the file of questions.
_FOLDERS = ("", "images", "VQA_RAD Image Folder", "imgs", "figures")
# “A) Normal” up to the next mark; the first must be A and the others follow the alphabet.
_OPTION = re.compile(r"(?:^|\s)\(?([A-Z])[).:]\s*(.+?)(?=\s\(?[A-Z][).:]\s|\s*$)", re.S)

Row = dict[str, Any]


@dataclass(frozen=True)
class Converted:
    """What became of a file.

    Attributes:
        written: questions in the new file.
        missing: pictures that are not there; their questions were left out.
        left_out: other rows left out, counted by reason.
    """

    written: int
    missing: tuple[str, ...]
    left_out: Mapping[str, int]


def convert(layout: str, source: Path, out: Path) -> Converted:
    """Write the questions of a published set as a file for `evaluate`.

    Args:
        layout: a name of `LAYOUTS`.
        source: the set's file of questions; its pictures lie beside it.
        out: the file to write.

    Raises:
        CaseError: the layout is not known, the file is not of that layout, or `out` cannot be written.
    """
    if layout not in LAYOUTS:
        raise CaseError(f"{layout!r} is no layout Casebook knows. Give one of {', '.join(LAYOUTS)}.")
    read = LAYOUTS[layout]
    kept: list[Row] = []
    missing: list[str] = []
    left_out: dict[str, int] = {}
    for given in _rows(source):
        try:
            row = read(given)
            row["image"] = _images(row["image"], source.parent, out.parent)
        except _Missing as error:
            missing += error.names
        except _LeftOut as reason:
            left_out[str(reason)] = left_out.get(str(reason), 0) + 1
        else:
            kept.append({name: value for name, value in row.items() if value not in (None, "", [])})
    if not kept:
        why = f" {len(missing)} of its pictures are not there." if missing else ""
        raise CaseError(f"{source.name} has no question in the layout {layout}.{why} Nothing was written.")
    _write(out, kept)
    return Converted(len(kept), tuple(dict.fromkeys(missing)), left_out)


class _LeftOut(Exception):  # noqa: N818 - a reason, not an error
    """Why a row is left out."""


class _Missing(Exception):  # noqa: N818 - as above
    def __init__(self, names: list[str]) -> None:
        super().__init__(*names)
        self.names = names


def _rows(source: Path) -> Iterator[Row]:
    """The rows of a JSON list, or of a file with an object per line."""
    refuse_no_file(source, source.name)
    try:
        text = source.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CaseError(f"There is no file {source.name!r}. Give the set's file of questions.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{source.name} cannot be read as text. Give the set's file of questions.") from error
    try:
        if text.lstrip().startswith("["):
            rows = json.loads(text)
        else:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as error:
        raise CaseError(f"{source.name} is not JSON. Download the set again.") from error
    return (row for row in rows if isinstance(row, dict))


def _vqa_rad(row: Row) -> Row:
    return {
        "id": _text(row.get("qid")),
        "image": [_needed(row, "image_name")],
        "question": _needed(row, "question"),
        "answer": _needed(row, "answer"),
        "category": _listed(row.get("question_type")),
        "group": _text(row.get("image_case_url")),
    }


def _slake(row: Row) -> Row:
    if row.get("q_lang", "en") != "en":
        raise _LeftOut("not in English")
    return {
        "id": _text(row.get("qid")),
        "image": [_needed(row, "img_name")],
        "question": _needed(row, "question"),
        "answer": _needed(row, "answer"),
        "category": _listed(row.get("content_type")),
        "group": _needed(row, "img_name"),
    }


def _chest_agent_bench(row: Row) -> Row:
    question = _needed(row, "question")
    given = row.get("choices") or row.get("options")
    choices = _lettered(given) if given else {}
    if not choices:
        question, choices = split_options(question)
    answer = _needed(row, "answer").strip("(). ")[:1].upper()
    if answer not in choices:
        raise _LeftOut("its answer is none of its options")
    images = row.get("images") or []
    return {
        "id": _text(row.get("full_question_id")) or _text(row.get("question_id")),
        "image": [images] if isinstance(images, str) else images,
        "question": question,
        "answer": answer,
        "choices": choices,
        "category": _listed(row.get("categories")),
        "group": _text(row.get("case_id")),
    }


LAYOUTS: dict[str, Callable[[Row], Row]] = {
    "vqa-rad": _vqa_rad,
    "slake": _slake,
    "chestagentbench": _chest_agent_bench,
}
"""The reader of a row, by the layout's name."""


def split_options(text: str) -> tuple[str, dict[str, str]]:
    """A question that holds its options → the question alone and its options by letter.

    Where the text holds no list from A on, it comes back whole, without options.
    """
    start = re.search(r"(?:^|\s)\(?A[).:]\s", text)
    found = _OPTION.findall(text[start.start() :]) if start else []
    choices = {letter: " ".join(words.split()) for letter, words in found}
    expected = [chr(ord("A") + n) for n in range(len(found))]
    if start is None or len(found) < 2 or [letter for letter, _ in found] != expected:
        return text.strip(), {}
    return text[: start.start()].strip(), choices


def _lettered(given: Any) -> dict[str, str]:
    """Options of a list or an object by letter; marks that stand before the words go."""
    if isinstance(given, dict):
        return {str(letter).strip().upper(): _text(words) for letter, words in given.items()}
    if not isinstance(given, list):
        return {}
    words = [re.sub(r"^\(?[A-Z][).:]\s*", "", _text(one)) for one in given]
    return {chr(ord("A") + n): one for n, one in enumerate(words)}


def _needed(row: Row, name: str) -> str:
    if not (text := _text(row.get(name))):
        raise _LeftOut(f"{name} is missing")
    return text


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _listed(value: Any) -> list[str]:
    """Categories, whether they come as a list or with commas."""
    listed = value if isinstance(value, list) else _text(value).split(",")
    return list(dict.fromkeys(filter(None, map(_text, listed))))


def _images(names: list[Any], base: Path, beside: Path) -> list[str]:
    """The pictures as paths seen from the folder `beside`."""
    found: list[str] = []
    absent: list[str] = []
    for name in map(_text, names):
        inside = PurePosixPath(name).parts and ".." not in PurePosixPath(name).parts
        places = [base / folder / name for folder in _FOLDERS if inside and not name.startswith("/")]
        there = next((place for place in places if place.is_file()), None)
        if there is None:
            absent.append(name or "(no name)")
        else:
            found.append(Path(os.path.relpath(there, beside)).as_posix())
    if absent:
        raise _Missing(absent)
    return found


def _write(out: Path, rows: list[Row]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CaseError(f"{out} cannot be written. Give a file in a folder that is there.") from error
