"""What one contender measures in one process, and how it tells."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

FLIGHTS = 8
"""How many runs each contender has under way at once."""

TRIGGERS = 15
"""How many runs are started one by one, each when nothing else is to be done."""

BETWEEN = 0.05
"""Seconds between two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One measurement.

    Attributes:
        runs: How many runs it did.
        seconds: How long that took, from the first start to the last end.
        cpu: How many seconds of processor this process took for it.
        latencies: Seconds from a trigger to the first action, where nothing else was to be done.
    """

    runs: int
    seconds: float
    cpu: float = float("nan")
    latencies: Sequence[float] = ()

    def tell(self) -> None:
        """Print it for the process that asked."""
        print(json.dumps(asdict(self)), flush=True)

    @property
    def latency(self) -> float:
        """The median latency, in seconds."""
        return statistics.median(self.latencies) if self.latencies else float("nan")


def heard(line: str) -> Sample:
    """Read what was printed."""
    return Sample(**json.loads(line))
