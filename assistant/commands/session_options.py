"""How a new session is held, as `casebook session new` is told."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands import console
from assistant.commands.opening import readable

if TYPE_CHECKING:
    from store.teaching.options import SessionOptions


def add_to(new: argparse.ArgumentParser) -> None:
    """Add what it takes to the command."""
    new.add_argument("--per-case", type=int, metavar="SECONDS", help="then what is written is committed")
    new.add_argument(
        "--in-all", type=int, metavar="SECONDS", help="of the whole session, from its first case"
    )
    new.add_argument("--part", action="append", default=[], metavar="KIND=CASES",
                     help="pre-test, practice or post-test, such as practice=6; repeat in order")  # fmt: skip
    new.add_argument("--feedback", choices=("always", "practice", "end"), default="always",
                     help="after every case, in practice only, or once all is gone through")  # fmt: skip
    new.add_argument("--consent", type=Path, metavar="FILE", help="text that learners accept before joining")
    new.add_argument("--consent-version", default="1", type=console.words, help="of that text; default 1")
    new.add_argument("--arm", action="append", default=[], choices=("none", "planner", "model"),
                     help="who helps, drawn for each learner; repeat")  # fmt: skip
    new.add_argument("--block", type=int, help="learners of a block of arms; default two of each arm")


def given(told: argparse.Namespace) -> SessionOptions:
    """What the command was told.

    Raises:
        CaseError: it cannot be held so.
    """
    from store.teaching.options import session_options

    consent = None
    if told.consent:
        text = readable(told.consent).read_text(encoding="utf-8", errors="replace")
        consent = {"text": text, "version": told.consent_version}
    return session_options(
        known=told.known,
        order="random" if told.random_order else "given",
        seed=told.seed,
        share=told.share,
        seconds_per_case=told.per_case,
        seconds_in_all=told.in_all,
        parts=[_part(one) for one in told.part],
        feedback=told.feedback,
        consent=consent,
        arms=told.arm,
        block=told.block,
    )


def _part(told: str) -> dict[str, str]:
    kind, _, cases = told.partition("=")
    return {"kind": kind, "cases": cases}
