"""Words for one of several volumes: the runs of a series over the same part of the body."""

from __future__ import annotations

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}

VOLUME = r"\b(?:volume|acquisition|phase|echo|time ?point|stack|pass)\b"
"""What people call one run; a pattern."""

VOLUMES = (
    rf"{VOLUME}\s*(?:no\.?|number|#)?\s*(?P<volume>\d+)\b",
    rf"\b(?P<which>{'|'.join(ORDINALS)}|next|previous|last)\s+{VOLUME}",
)
"""Phrases that ask for one of several volumes."""
