"""Where in the body: sides, and which part of a structure. The rules: ``places.toml``."""

from __future__ import annotations

from tools.language.rules import heard

SIDE = heard("places", "side")
LEVEL = heard("places", "level")
"""Where in a structure, next to its name: "upper score" and "lateral view" say nothing of a place."""
SIDE_ALONE = heard("places", "side_alone")
