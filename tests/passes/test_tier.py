"""The proposed tier follows from the verb, its words and its system, and says why."""

import pytest

from sopc.graph import Tier
from sopc_compiler.fact import ActFact, ActKind, Span
from sopc_compiler.passes.tier import is_personal, is_reversible, propose_tier


def act(verb: str, kind: ActKind = ActKind.ACT) -> ActFact:
    """Make an act."""
    return ActFact(Span(0, 0, 1), verb, "imperative", kind)


@pytest.mark.parametrize(
    ("fact", "vague", "system", "level", "reason"),
    [
        (act("update"), False, True, Tier.AUTONOMOUS, "named system"),
        (act("update"), True, True, Tier.PREPARED, "judgment"),
        (act("update"), False, False, Tier.PREPARED, "no system"),
        (act("refund"), False, True, Tier.PREPARED, "hard to undo"),
        (act("meet"), False, True, Tier.HUMAN_LED, "person's work"),
        (act("choose", ActKind.DECIDE), False, True, Tier.PREPARED, "judgment"),
        (act("approve", ActKind.APPROVE), False, True, Tier.PREPARED, "approval"),
    ],
)
def test_the_tier_and_its_reason(
    fact: ActFact, level: Tier, reason: str, *, vague: bool, system: bool
) -> None:
    """Only an act in a named system, without judgment and easy to undo, may run alone."""
    proposal = propose_tier(fact, vague=vague, system=system)
    assert proposal.level is level
    assert proposal.reason is not None
    assert reason in proposal.reason


def test_what_is_hard_to_undo() -> None:
    """Paying is hard to undo; of other verbs nothing is said."""
    assert is_reversible(act("pay")) is False
    assert is_reversible(act("update")) is None


def test_what_only_people_do() -> None:
    """Meetings and judgments are people's."""
    assert is_personal(act("meet"))
    assert is_personal(act("choose", ActKind.DECIDE))
    assert not is_personal(act("update"))
