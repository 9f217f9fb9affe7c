"""When missed cases come back, when a category retires, and from where on there is a curve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import NormalDist

import pytest

from assistant.teaching.mastery import Reading, curve, due, mastered

START = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)


def read(case: str, *, right: bool, at: timedelta = timedelta(), category: str = "naevus",
         first: str = "") -> Reading:  # fmt: skip
    named = first or (category if right else "angioma")
    return Reading(case, category, (named, "en"), right, (START + at).timestamp())


def test_a_case_that_was_right_from_the_start_never_comes_back() -> None:
    assert due([read("a", right=True), read("a", right=True, at=timedelta(days=9))]) == {}


def test_a_missed_case_comes_back_in_minutes_then_in_growing_days() -> None:
    told = [read("a", right=False)]
    gaps = []
    for _ in range(5):
        (when,) = due(told).values()
        last = datetime.fromtimestamp(told[-1].at, UTC)
        gaps.append(when - last)
        told.append(read("a", right=True, at=when - START))
    assert gaps[0] == timedelta(minutes=10)
    assert timedelta(days=1) <= gaps[1] < gaps[2] < gaps[3] < gaps[4]
    told.append(read("a", right=False, at=timedelta(days=400)))
    (when,) = due(told).values()
    assert when == START + timedelta(days=400, minutes=10)


def test_a_case_is_due_to_the_second_and_not_by_the_day() -> None:
    """Read each evening five minutes earlier, it is not due yet: offered then, it would stay at one day."""
    told = [read("a", right=False), read("a", right=True, at=timedelta(minutes=10))]
    (when,) = due(told).values()
    assert when - START - timedelta(minutes=10) >= timedelta(days=1)
    evening = START + timedelta(days=1, minutes=5)
    assert not [case for case, at in due(told).items() if at <= evening]


def test_cases_are_told_in_the_order_in_which_they_are_due() -> None:
    told = [read("a", right=False, at=timedelta(hours=2)), read("b", right=False, at=timedelta(hours=1))]
    assert list(due(told)) == ["b", "a"]


def test_d_prime_is_that_of_the_corrected_counts() -> None:
    """8 of 10 hits, 1 false alarm in 20: with Hautus' half, 8.5/11 and 1.5/21."""
    told = [read(f"n{at}", right=at > 1, at=timedelta(minutes=at)) for at in range(10)]
    told += [
        read(f"o{at}", right=at > 0, category="melanoma", first="naevus" if at == 0 else "melanoma",
             at=timedelta(minutes=10 + at))
        for at in range(20)
    ]  # fmt: skip
    one = next(one for one in mastered(told) if one.category == "naevus")
    z = NormalDist().inv_cdf
    assert one.d_prime == pytest.approx(z(8.5 / 11) - z(1.5 / 21))
    assert (one.own, one.others) == (10, 20)
    assert one.retired


def test_who_calls_everything_naevus_has_mastered_nothing() -> None:
    told = [read(f"n{at}", right=True, at=timedelta(minutes=at)) for at in range(10)]
    told += [
        read(f"o{at}", right=False, category="melanoma", first="naevus", at=timedelta(minutes=20 + at))
        for at in range(10)
    ]
    naevus, melanoma = mastered(told)
    assert naevus.d_prime == pytest.approx(0, abs=0.05)
    assert not naevus.retired
    assert not melanoma.retired


def test_only_the_last_readings_count() -> None:
    """Ten early misses are forgotten after ten hits; later false alarms bring the category back."""
    others = [read(f"o{at}", right=True, category="melanoma", at=timedelta(minutes=at)) for at in range(30)]
    early = [read(f"e{at}", right=False, at=timedelta(hours=1, minutes=at)) for at in range(10)]
    late = [read(f"l{at}", right=True, at=timedelta(hours=2, minutes=at)) for at in range(10)]
    told = [*others, *early, *late]
    assert mastered([*others, *early])[1].retired is False
    assert mastered(told)[1].retired
    alarms = [
        read(f"f{at}", right=False, category="melanoma", first="naevus", at=timedelta(hours=3, minutes=at))
        for at in range(20)
    ]
    assert not mastered([*told, *alarms])[1].retired


def test_too_few_readings_tell_no_d_prime() -> None:
    told = [read(f"n{at}", right=True) for at in range(4)]
    told += [read(f"o{at}", right=True, category="melanoma") for at in range(10)]
    assert [one.d_prime for one in mastered(told)] == [None, None]


def test_who_calls_everything_normal_has_not_mastered_the_normal() -> None:
    told = [read(f"n{at}", right=True, category="normal", first="normal") for at in range(5)]
    told += [read(f"o{at}", right=False, category="melanoma", first="normal") for at in range(10)]
    one = mastered(told)[0]
    assert one.d_prime is not None
    assert one.d_prime < 0.5


def test_there_is_no_curve_before_twenty_cases_and_cases_that_came_back_do_not_count() -> None:
    told = [read(f"c{at}", right=at >= 10, at=timedelta(minutes=at)) for at in range(19)]
    again = [read("c0", right=True, at=timedelta(days=day)) for day in range(1, 9)]
    assert curve([*told, *again]) is None
    told += [read(f"c{at}", right=True, at=timedelta(hours=1, minutes=at)) for at in range(19, 25)]
    points = curve([*told, *again])
    assert [(end, share.count, share.of) for end, share in points] == [(20, 10, 20), (25, 15, 20)]
