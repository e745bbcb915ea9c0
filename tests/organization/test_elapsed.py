"""How long durations take by the clock, at the least and at the most."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.organization import Elapsed, WorkingTime, elapsed
from sopc.organization.calendar import Holidays

UTC_ZONE = ZoneInfo("UTC")
PLAIN = WorkingTime(UTC_ZONE, frozenset(range(5)), time(9), time(17))
UNITED_STATES = WorkingTime(
    ZoneInfo("America/New_York"), frozenset(range(5)), time(9), time(17), Holidays(country="US")
)


def hours(shortest: float, longest: float) -> Elapsed:
    """Bounds in hours."""
    return Elapsed(timedelta(hours=shortest), timedelta(hours=longest))


@pytest.mark.parametrize(
    ("duration", "bounds"),
    [
        ("1 business hour", hours(1, 65)),  # from Friday after work to Monday 10:00
        ("8 business hours", hours(8, 72)),
        ("9 business hours", hours(25, 16 + 48 + 9 + 16)),
        ("1 business day", hours(24, 64 + 24)),  # from Friday after work to Tuesday 9:00
        ("5 business days", hours(168, 64 + 168)),
        ("1 business week", hours(168, 64 + 168)),
        ("60 business minutes", hours(1, 65)),
    ],
)
def test_business_time_by_the_clock(duration: str, bounds: Elapsed) -> None:
    """Without holidays, the week alone decides."""
    assert elapsed(duration, PLAIN) == bounds


def test_holidays_and_changes_of_the_clock_count() -> None:
    """Christmas on a Friday, and the hour that is lost in March."""
    found = elapsed("5 business days", UNITED_STATES)
    assert found is not None
    assert found.shortest == timedelta(days=7) - timedelta(hours=1)
    # From Wednesday 22 December 2027 after work, over Friday 24 (observed) and Friday 31 (observed)
    assert found.longest == timedelta(days=11, hours=16)


def test_a_change_of_the_clock_at_work_counts() -> None:
    """On the Sunday that Berlin's clock goes forward, work ends 23 hours after it last did."""
    weekend = WorkingTime(ZoneInfo("Europe/Berlin"), frozenset({5, 6}), time(0), time(6))
    found = elapsed("1 business day", weekend)
    assert found is not None
    assert found.shortest == timedelta(hours=23)


@pytest.mark.parametrize(
    ("duration", "bounds"),
    [
        ("PT90M", hours(1.5, 1.5)),
        ("P2D", hours(48, 48)),
        ("P1M", hours(28 * 24, 31 * 24)),
        ("P1Y", hours(365 * 24, 366 * 24)),
    ],
)
def test_iso_durations_by_the_clock(duration: str, bounds: Elapsed) -> None:
    """Only months and years are of different lengths; no working time is needed."""
    assert elapsed(duration) == bounds


def test_business_time_without_working_time_is_not_known() -> None:
    """Nothing is guessed."""
    assert elapsed("1 business day") is None


def test_very_long_durations_have_bounds_too() -> None:
    """As long as the format allows, in every unit."""
    for unit in ("minutes", "hours", "days", "weeks"):
        found = elapsed(f"9999 business {unit}", UNITED_STATES)
        assert found is not None
        assert found.shortest < found.longest
    assert elapsed("P9999Y") == Elapsed(timedelta.max, timedelta.max)


_instants = st.datetimes(datetime(2020, 2, 1), datetime(2046, 1, 1)).map(  # noqa: DTZ001
    lambda each: each.replace(tzinfo=UTC)
)
_durations = st.builds(
    lambda count, unit: f"{count} business {unit}",
    st.integers(2, 40),
    st.sampled_from(["minutes", "hours", "days"]),
)


@given(start=_instants, duration=_durations, working=st.sampled_from([PLAIN, UNITED_STATES]))
def test_no_beginning_breaks_the_bounds(
    start: datetime, duration: str, working: WorkingTime
) -> None:
    """Whenever it begins, it takes no less and no more."""
    bounds = elapsed(duration, working)
    assert bounds is not None
    assert bounds.shortest <= working.add(start, duration) - start <= bounds.longest
