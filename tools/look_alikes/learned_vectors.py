"""A picture as a vector of the encoder that made a collection of the case library, or why there is none.

Vectors of two versions of an encoder say nothing to each other, so the version is compared before anything
is loaded. Vectors that were imported may not say their version; then that is said with every answer.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from store.cases.case import thumbnail
from store.cases.names import UNKNOWN, is_imported, learned_name
from store.errors import SetupError, ToolUseError
from store.pictures.image import Pixels
from tools.models.learned_encoder import ENCODERS, LearnedEncoder

if TYPE_CHECKING:
    from tools.context import ToolTurn
    from tools.models.installed_encoders import Encoders


@dataclass(frozen=True)
class LearnedVectors:
    """Describes pictures by learned encoders during a chat.

    Args:
        encoders: the encoding models there are; None where an agent was given none.
        cancelled: set when the user stops.
        until: when it must be done, on the clock of `time.monotonic`.
        on_wait: told in words what is being waited for.
    """

    encoders: Encoders | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    until: float = math.inf
    on_wait: Callable[[str], None] = lambda _: None

    @classmethod
    def of_turn(cls, encoders: Encoders | None, runtime: ToolTurn) -> LearnedVectors:
        """For one turn: its time, its stop button, and its stream for what is waited for."""
        context, emit = runtime.context, runtime.stream_writer
        return cls(
            encoders,
            context.cancelled,
            context.until,
            lambda words: emit({"kind": "waits", "text": words}),
        )

    def require(self, collection: str, made_by: str) -> None:
        """Refuse a collection whose encoder is not here in the same version.

        Args:
            collection: its name.
            made_by: the encoder with its version, as the collection says it.

        Raises:
            ToolUseError: says what is missing and what to do.
        """
        name = learned_name(collection)
        if name not in ENCODERS:
            raise ToolUseError(f"{collection} was made by {made_by}, which this Casebook does not have.")
        if self.encoders is None:
            raise ToolUseError(f"this agent was built without encoding models, and {collection} needs one.")
        try:
            here = self.encoders.version(name)
        except SetupError as error:
            raise ToolUseError(str(error)) from error
        if made_by not in (f"{collection}, version {known}" for known in (here, UNKNOWN)):
            again = (
                "its vectors were imported and cannot be made again here"
                if is_imported(collection)
                else f"make them again: casebook library encode {collection} --again"
            )
            raise ToolUseError(
                f"its vectors were made by {made_by}, and here is version {here}. Vectors of two versions "
                f"cannot be compared; {again}."
            )

    def encode(
        self, pixels: Pixels, collection: str, made_by: str, length: int
    ) -> tuple[NDArray[np.float32], str]:
        """Describe a picture as the cases of a collection were.

        Args:
            pixels: ``(H, W, 3)`` uint8.
            collection: its name.
            made_by: the encoder with its version, as the collection says it.
            length: of its vectors.

        Returns:
            A unit vector ``(D,)`` float32, and sentences on what must be known of it; "" for nothing.

        Raises:
            ToolUseError: the encoder is not here in this version, or cannot run. Says what to do.
        """
        self.require(collection, made_by)
        assert self.encoders is not None  # noqa: S101  # or it would have been refused

        def work(encoder: LearnedEncoder) -> tuple[NDArray[np.float32], str]:
            return encoder.encode(thumbnail(pixels)), _cautions(encoder, collection, made_by)

        try:
            done = self.encoders.run(
                learned_name(collection),
                work,
                cancelled=self.cancelled,
                until=self.until,
                on_wait=self.on_wait,
            )
        except SetupError as error:
            raise ToolUseError(str(error)) from error
        if done is None:
            raise ToolUseError(f"the turn of {learned_name(collection)} did not come in time. Ask again.")
        if len(done[0]) != length:
            raise ToolUseError(
                f"its vectors have {length} numbers, and those of {learned_name(collection)} here "
                f"{len(done[0])}; they were made by another model."
            )
        return done


def _cautions(encoder: LearnedEncoder, collection: str, made_by: str) -> str:
    said = []
    if encoder.stand_in:
        said.append(f"{encoder.name} is a stand-in with random weights: what it finds means nothing.")
    if made_by == f"{collection}, version {UNKNOWN}":
        said.append(
            f"The vectors of {collection} were imported and do not say which version made them; here it is "
            f"{encoder.version}. If these differ, the similarities mean nothing."
        )
    return " ".join(said)
