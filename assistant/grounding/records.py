"""What the records of a chat's evidence say, in words and in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answers.answer import Evidence

# Shares in records that people write in per cent.
_SHARES = frozenset({"precision", "chance"})
# Records that count cases by label, and where in them.
_COUNTED = {"neighbours": "counts", "holdings": "labels"}


def likeness_of(one: Evidence) -> list[tuple[str, float]]:
    """The labels of look-alikes with their similarity."""
    return [
        (str(record["label"]), float(record["similarity"]))
        for record in one.records
        if record.get("kind") == "match" and record.get("label") and _is_number(record.get("similarity"))
    ]


def add_measures(measures: dict[str, dict[str, float]], one: Evidence) -> None:
    """Add what a tool measured, by image and by the name of the measure in lower case."""
    for record in one.records:
        if record.get("kind") == "measurement" and _is_number(record.get("value")):
            of = measures.setdefault(str(record.get("image_id") or one.image_id), {})
            of[str(record.get("name", "")).lower()] = float(record["value"])


def words_of(record: Mapping[str, Any]) -> Iterable[str]:
    """A record in words, piece by piece."""
    if counted := _COUNTED.get(str(record.get("kind"))):
        yield ", ".join(f"{count} {label}" for label, count in dict(record.get(counted, {})).items())
        yield f"{record.get('size')} cases"
    if record.get("kind") == "view":
        yield f"slice {record['index'] + 1} of {record['frame_count']} slices"
    if record.get("kind") == "gate" and record.get("modality"):
        from store.records import MODALITY_WORDS

        yield MODALITY_WORDS.get(record["modality"], "")
    hidden = ("kind", "image_id", "key", "case_id", "group")
    named = [f"{key} {one:g}" for key, one in record.items() if _is_number(one) and key != "value"]
    if _is_number(record.get("value")):
        name, value, unit = record.get("name", ""), record["value"], record.get("unit", "")
        named.append(f"{name} {value:.6g} {unit}, {value:.6g} {unit or name}")
    yield ", ".join(named)
    fact = f"{record.get('name', '')} {record['value']}" if isinstance(record.get("value"), str) else ""
    yield fact
    yield from (str(value) for name, value in record.items() if isinstance(value, str) and name not in hidden)


def values_of(record: Mapping[str, Any]) -> Iterable[tuple[float, str]]:
    """The numbers of a record with all their digits, each with its unit."""
    for name, value in record.items():
        if _is_number(value):
            yield float(value), str(record.get("unit", "")) if name == "value" else ""
            if name in _SHARES:
                yield 100 * float(value), "%"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
