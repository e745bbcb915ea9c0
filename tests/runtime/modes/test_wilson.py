"""The bound that promotions go by, beside published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc_runtime.modes.wilson import wilson


@pytest.mark.parametrize(
    ("hits", "total", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_bounds_are_those_of_newcombe_s_table(
    hits: int, total: int, lower: float, upper: float
) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    assert wilson(hits, total) == pytest.approx((lower, upper), abs=5e-5)


@pytest.mark.parametrize(("hits", "total"), [(381, 381), (562, 563), (16, 16)])
def test_the_counts_that_the_settings_name_are_the_least(hits: int, total: int) -> None:
    """381 of 381, or 562 of 563, pass 99%; 16 of 16 pass 80%; one fewer does not."""
    bar = 0.8 if total == 16 else 0.99
    assert wilson(hits, total).lower >= bar > wilson(hits - 1, total - 1).lower


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_the_bounds_hold_the_share_and_lie_alike_on_both_sides(hits: int, misses: int) -> None:
    """Hits and misses exchanged, the interval is mirrored; nothing is known of nothing."""
    total = hits + misses
    lower, upper = wilson(hits, total)
    assert 0 <= lower <= upper <= 1
    if total:
        assert lower <= hits / total <= upper
        assert wilson(misses, total) == pytest.approx((1 - upper, 1 - lower))
    else:
        assert (lower, upper) == (0, 1)
