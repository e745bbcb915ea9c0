"""Signs of life: who watches goes by its own clock, and by nothing that a heartbeat says."""

from datetime import timedelta

import pytest

from runtime.driver.driven import NOON
from sopc_runtime.driver.signs import Signs


class Seconds:
    """A clock that stands where it is put."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def signs(clock: Seconds) -> Signs:
    return Signs(patience=10.0, clock=clock)


@pytest.mark.parametrize("hours", [-9000, 0, 9000])
def test_a_process_lives_until_its_heartbeat_stands_still_whatever_the_hour_it_tells(
    signs: Signs, clock: Seconds, hours: int
) -> None:
    told = NOON + timedelta(hours=hours)
    assert signs.note([("other", told)]) == {"other"}
    clock.at = 9.9
    assert signs.note([("other", told)]) == {"other"}
    assert signs.silent() == {}
    clock.at = 10.0
    assert signs.note([("other", told)]) == set()
    assert signs.silent() == {"other": told}


@pytest.mark.parametrize("jump", [timedelta(seconds=2), timedelta(days=-1), timedelta(days=1)])
def test_a_heartbeat_that_changes_is_a_sign_of_life_even_if_the_clock_jumped(
    signs: Signs, clock: Seconds, jump: timedelta
) -> None:
    signs.note([("other", NOON)])
    clock.at = 9.0
    signs.note([("other", NOON + jump)])
    clock.at = 18.0
    assert signs.note([("other", NOON + jump)]) == {"other"}


def test_who_was_frozen_takes_nobody_for_dead_that_went_on_meanwhile(
    signs: Signs, clock: Seconds
) -> None:
    signs.note([("other", NOON)])
    clock.at = 5000.0
    assert signs.note([("other", NOON + timedelta(seconds=4998))]) == {"other"}


def test_who_is_gone_is_forgotten(signs: Signs, clock: Seconds) -> None:
    signs.note([("other", NOON)])
    signs.note([])
    clock.at = 20.0
    assert signs.silent() == {}
