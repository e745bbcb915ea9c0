"""Exact answers about conditions: what falls through, what overlaps, what is always true.

What an optional value (`required: false`) that is missing does is not looked at: an expression that
asks for it gives no value at all, which is another rule's matter.
"""

from sopc.rules.logic.decision import always, exclusive, implies, overlaps, together, uncovered
from sopc.rules.logic.witness import Overlap, Undecided, Witness

__all__ = [
    "Overlap",
    "Undecided",
    "Witness",
    "always",
    "exclusive",
    "implies",
    "overlaps",
    "together",
    "uncovered",
]
