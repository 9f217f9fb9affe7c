"""How an answer speaks of its evidence: who said it, of what, by how much. The words: ``evidence.toml``."""

from __future__ import annotations

from tools.language.lists import Patterns, Words, read


class Evidence(Words):
    """What ``evidence.toml`` holds."""

    reader: Patterns
    it: Patterns
    meanwhile: Patterns
    tells: Patterns
    library: Patterns
    by_user: Patterns
    user_told: Patterns
    meaning: Patterns
    headed: Patterns
    headless: Patterns
    lacks: Patterns
    case: Patterns
    first: Patterns
    leads: Patterns
    all: Patterns
    most: Patterns
    both: Patterns
    both_readers: Patterns
    there: Patterns
    denying: Patterns
    more: Patterns
    less: Patterns
    turned: Patterns
    apart: Patterns
    window: Patterns
    rule: Patterns
    shared: Patterns
    little: Patterns
    user_little: Patterns


EVIDENCE = read(Evidence, "evidence")
