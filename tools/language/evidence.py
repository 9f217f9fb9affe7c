"""How an answer speaks of its evidence: who said it, of what, by how much. The words: ``evidence.toml``."""

from __future__ import annotations

from tools.language.lists import Patterns, Words, read


class Evidence(Words):
    """What ``evidence.toml`` holds."""

    user_told: Patterns
    headed: Patterns
    headless: Patterns
    lacks: Patterns
    case: Patterns
    all: Patterns
    most: Patterns
    more: Patterns
    less: Patterns
    turned: Patterns
    apart: Patterns
    summed: Patterns
    of_any_number: Patterns
    shares: Patterns
    likeness: Patterns
    numbered: Patterns
    chance: Patterns
    wished: Patterns
    window: Patterns
    rule: Patterns
    shared: Patterns
    user_little: Patterns
    speaks: Patterns
    quoted_here: Patterns
    by_tool: Patterns
    reader_measures: Patterns
    reader_says: Patterns
    the_reader: Patterns
    asks_which: Patterns
    points_at: Patterns
    counted_by: Patterns
    library: Patterns
    shared_by: Patterns
    other_image: Patterns
    other_images: Patterns
    each_image: Patterns
    each_reader: Patterns
    held_against: Patterns
    in_which: Patterns
    picture: Patterns
    on_skin: Patterns
    own_image: Patterns
    causes: Patterns
    caused: Patterns
    no_cause: Patterns
    relative: Patterns
    brought: Patterns
    advised: Patterns
    advice: Patterns
    extreme: Patterns
    every_one: Patterns
    anything: Patterns
    sized: Patterns
    sizes: Patterns
    outweighs: Patterns
    of_two: Patterns
    between_cases: Patterns
    not_one_case: Patterns
    ranks: dict[str, Patterns]


EVIDENCE = read(Evidence, "evidence")
