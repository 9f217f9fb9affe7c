"""What teaching cases are called in a list to choose from: each by a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from store.teaching.cases import CaseVersion


def case_names(cases: Sequence[CaseVersion]) -> dict[str, str]:
    """Names by id, in the order given; of cases called alike, all but the oldest have a number behind it.

    Args:
        cases: the newest first. A list tells its entries apart by what is shown of them alone.
    """
    seen, names = Counter[str](), dict[str, str]()
    for one in reversed(cases):
        name = " ".join((one.case.title or one.case.diagnosis).split())
        seen[name] += 1
        names[one.id] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return dict(reversed(names.items()))
