"""Stand-ins of UIDs and patients."""

import stat
import uuid

import pytest

from tools.privacy.secret import Secret

ONE, OTHER = Secret(b"1" * 32), Secret(b"2" * 32)


def test_a_uid_has_the_same_stand_in_every_time_and_another_in_another_installation():
    assert ONE.uid("1.2.3") == ONE.uid("1.2.3")
    assert len({ONE.uid("1.2.3"), ONE.uid("1.2.4"), OTHER.uid("1.2.3")}) == 3


def test_a_stand_in_is_a_valid_uid_made_of_a_uuid():
    root, number = ONE.uid("1.2.3").rsplit(".", 1)
    made = uuid.UUID(int=int(number))
    assert (root, made.version, made.variant) == ("2.25", 4, uuid.RFC_4122)
    assert len(ONE.uid("1.2.3")) <= 64


def test_what_was_made_here_is_known_again_and_stays():
    assert ONE.uid(ONE.uid("1.2.3")) == ONE.uid("1.2.3")
    assert ONE.patient(ONE.patient("4711")) == ONE.patient("4711")
    assert OTHER.uid(ONE.uid("1.2.3")) != ONE.uid("1.2.3")


FOREIGN = uuid.UUID("6f1c1f0a-8d0e-4b52-9a38-5d2f0c7be911").int


@pytest.mark.parametrize("uid", ["2.25.", "2.25.1", "2.25.x", f"2.25.{1 << 130}", f"2.25.{FOREIGN}"])
def test_a_uid_of_others_that_looks_alike_is_replaced(uid):
    assert not ONE.made_uid(uid)
    assert ONE.uid(uid) != uid


def test_dates_of_a_patient_move_by_the_same_days_within_ten_years():
    assert ONE.days("4711") == ONE.days("4711")
    days = [ONE.days(str(number)) for number in range(500)]
    assert 1 <= min(days) < max(days) <= 3650
    assert len(set(days)) > 300


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    made = Secret.of(tmp_path / "home")
    assert made == Secret.of(tmp_path / "home")
    assert made != Secret.of(tmp_path / "another")
    assert stat.S_IMODE((tmp_path / "home" / "privacy.key").stat().st_mode) == 0o600
