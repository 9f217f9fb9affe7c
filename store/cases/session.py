"""What is done with the collections of a library: looked at without a lock, changed with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from store.cases.held import Held, HeldCollections
from store.cases.ledger import CaseLedger, Entries, Standing
from store.encoders import Described
from store.errors import SetupError


class Session:
    """The collections as they stand at the beginning, or a moment later."""

    def __init__(self, ledger: CaseLedger, held: HeldCollections, standings: Mapping[str, Standing]) -> None:
        self._ledger = ledger
        self._held = held
        self._standings = dict(standings)

    def standing(self, encoder: Described) -> Standing | None:
        """How the collection of an encoder stands, or None if there is none; nothing is read.

        Raises:
            SetupError: it was made by another version of the encoder.
        """
        found = self._standings.get(encoder.name)
        if found is not None:
            _check(found.signature, encoder)
        return found

    def collection(self, encoder: Described) -> Held | None:
        """The collection of an encoder to look into, or None if nothing was put in yet.

        Raises:
            SetupError: it was made by another version of the encoder.
        """
        found = self.standing(encoder)
        return self._held.get(found) if found is not None else None

    def any_collection(self, name: str) -> Held | None:
        """The collection called `name`, whatever made it, or None."""
        found = self._standings.get(name)
        return self._held.get(found) if found is not None else None

    def collections(self) -> list[Held]:
        """Every collection, whatever made it."""
        return [held for one in self._standings.values() if (held := self._held.get(one)) is not None]

    def signatures(self) -> dict[str, dict[str, Any]]:
        """What every collection says of what made it, by name."""
        return {name: standing.signature for name, standing in self._standings.items()}

    def tokens(self) -> dict[str, str]:
        """The token of every collection by name; another one after every write to it."""
        return {name: standing.token for name, standing in self._standings.items()}

    def newest(self) -> list[str]:
        """The ids of all cases, those put in last first."""
        return self._ledger.newest()


class WritingSession(Session):
    """The same while the lock is held, with what changes something."""

    def make_collection(self, encoder: Described) -> Held:
        """The collection of an encoder, made if it is not there."""
        found = self.collection(encoder)
        if found is not None:
            return found
        self._ledger.add_collection(encoder.name, {**_signature(encoder), "domain": encoder.domain})
        self._changed(encoder.name)
        return self._held.of(self._standings[encoder.name])

    def add(self, collection: Held, entries: Entries) -> None:
        """Put cases in that are not there: all of them or, if this is cut off, none."""
        self._ledger.add(collection.name, entries)
        self._changed(collection.name)

    def change(self, collection: Held, identity: str, metadata: dict[str, str]) -> None:
        """Change some of a case's metadata."""
        self._ledger.change(collection.name, identity, metadata)
        self._changed(collection.name)

    def delete(self, collection: Held, ids: list[str]) -> None:
        """Delete cases."""
        self._ledger.delete(collection.name, ids)
        self._changed(collection.name)

    def drop(self, name: str) -> None:
        """Delete the collection called `name`, whatever made it."""
        self._ledger.drop(name)
        self._changed(name)

    def _changed(self, name: str) -> None:
        now = self._ledger.standings().get(name)
        if now is None:
            self._standings.pop(name, None)
        else:
            self._standings[name] = now


def _signature(encoder: Described) -> dict[str, Any]:
    return {
        "encoder": encoder.name,
        "version": encoder.version,
        "space": encoder.space,
        "dimension": encoder.dimension,
    }


def _check(metadata: dict[str, Any], encoder: Described) -> None:
    wanted = _signature(encoder)
    made_with = {key: metadata.get(key) for key in wanted}
    if made_with != wanted:
        raise SetupError(
            f"The collection {encoder.name} was made with {_words(made_with)}; this Casebook has "
            f"{_words(wanted)}. Their vectors cannot be compared. Drop the collection with "
            f'Library.drop("{encoder.name}") and import its cases again; for a learned encoder: casebook '
            f"library encode {encoder.name} --again."
        )


def _words(made: dict[str, Any]) -> str:
    return f"{made['encoder']} version {made['version']} ({made['dimension']} numbers, {made['space']} space)"
