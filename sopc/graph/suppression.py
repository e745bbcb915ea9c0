"""What people accept of the findings about a graph, and why."""

from datetime import date

from sopc.graph.base import GraphRecord, Slug, Words


class Suppression(GraphRecord):
    """Findings of one rule that are not to be told again.

    `rule` is its code or name. `step`, `procedure` and `fingerprint` narrow it down to one step,
    one procedure or one finding; without them it holds for the whole file. `reason` says why
    the mistake is none, or is accepted; `until` is the last day that it holds.
    """

    rule: Words
    step: Slug | None = None
    procedure: Slug | None = None
    fingerprint: Words | None = None
    reason: Words | None = None
    by: Words | None = None
    until: date | None = None
