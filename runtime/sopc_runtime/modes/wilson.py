"""What a share that was counted says of the share that there really is."""

import math
from typing import NamedTuple

Z = 1.959963984540054
"""The normal quantile of a two-sided interval of 95%."""


class Interval(NamedTuple):
    """The bounds of a share, from 0 to 1."""

    lower: float
    upper: float


def wilson(hits: int, total: int) -> Interval:
    """Give the Wilson score interval of a share, 95%, without continuity correction.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927), 209-212. Of nothing, nothing is known: 0 to 1.
    """
    if total == 0:
        return Interval(0.0, 1.0)
    share, square = hits / total, Z * Z
    scale = 1 + square / total
    center = (share + square / (2 * total)) / scale
    spread = share * (1 - share) / total + square / (4 * total * total)
    half = Z * math.sqrt(spread) / scale
    # Rounding would else leave 0 and 1 by a hair.
    lower = 0.0 if hits == 0 else max(0.0, center - half)
    upper = 1.0 if hits == total else min(1.0, center + half)
    return Interval(lower, upper)
