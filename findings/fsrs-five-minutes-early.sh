#!/usr/bin/env bash
# What one would expect: a trainee who recalls a teaching case every morning moves on in the spaced repetition: each
# good answer makes the memory more stable and the next date later. Coming five minutes earlier each day changes
# that by next to nothing.
#
# What happens: fsrs counts whole periods of 24 hours since the last review, not days of the calendar and not parts
# of a day. A review 23 hours 55 minutes after the last one counts as the same day. With the clock at 8:00 sharp
# twenty mornings take the stability from 2.3 to 76 days; five minutes earlier each morning it never leaves 2.3, and
# the card is due again in two days for ever. The probability of recall stays at exactly 1.0 until the 24th hour.
#
# Why it matters: people study at about the same time each day, and on the days when they are early a good answer
# counts for nothing. The plan never says so, and the card of a teaching case keeps coming back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'fsrs==6.3.2' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from fsrs import Card, Rating, Scheduler

scheduler = Scheduler(enable_fuzzing=False)
print("fsrs", version("fsrs"))
seen = {}
for gap in (timedelta(hours=24), timedelta(hours=23, minutes=55)):
    card, now = Card(), datetime(2026, 1, 1, 8, tzinfo=UTC)
    for _ in range(20):
        card, _log = scheduler.review_card(card, Rating.Good, now)
        now += gap
    seen[gap] = (round(card.stability, 1), (card.due - now + gap).days)
    recall = scheduler.get_card_retrievability(card, now)
    print(f"20 good answers, {gap} apart: stability {seen[gap][0]} days, due in {seen[gap][1]}, recall {recall:.3f}")
assert seen[timedelta(hours=23, minutes=55)] == (2.3, 2), "the behaviour has changed"
assert seen[timedelta(hours=24)][0] > 20, "the behaviour has changed"
PYTHON
