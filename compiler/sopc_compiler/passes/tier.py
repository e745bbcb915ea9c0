"""Tiers: how far a step may run without people, proposed with the reason for it."""

from sopc.graph import Tier, TierProposal
from sopc_compiler.fact import ActFact, ActKind

_IRREVERSIBLE = frozenset(
    """
    pay refund transfer delete remove terminate cancel close revoke publish fire dismiss purchase
    buy issue charge wire destroy archive sign reimburse erase purge
    """.split()
)
_ACCESS = frozenset(["grant", "deactivate", "disable", "suspend"])
_HUMAN = frozenset(
    """
    meet discuss interview negotiate coach talk listen visit lead facilitate present mentor train
    thank work coordinate manage brainstorm investigate inspect walk greet hand
    """.split()
)


def propose_tier(
    fact: ActFact, *, vague: bool, system: bool, forbids: bool = False
) -> TierProposal:
    """Propose a step's tier from its verb, its kind, the vagueness of its words and its system."""
    prepared, led, alone = Tier.PREPARED, Tier.HUMAN_LED, Tier.AUTONOMOUS
    cases = (
        (forbids, led, "it forbids something, which a person keeps to"),
        (fact.kind is ActKind.APPROVE, prepared, "somebody's approval is the step"),
        (fact.verb in _HUMAN, led, f"to {fact.verb} is a person's work"),
        (fact.kind is ActKind.DECIDE, prepared, "it is a judgment, to be prepared for a person"),
        (vague, prepared, "its words leave a judgment to the reader"),
        (fact.verb in _IRREVERSIBLE, prepared, f"to {fact.verb} is hard to undo"),
        (fact.verb in _ACCESS, prepared, f"to {fact.verb} changes what somebody may do"),
        (not system, prepared, "no system is named that could do it"),
        (True, alone, "an act in a named system, without judgment words"),
    )
    level, reason = next((level, reason) for holds, level, reason in cases if holds)
    return TierProposal(level=level, reason=reason)


def is_reversible(fact: ActFact) -> bool | None:
    """Tell that an act is hard to undo; None where its verb does not tell."""
    return False if fact.verb in _IRREVERSIBLE else None


def is_personal(fact: ActFact) -> bool:
    """Tell whether an act is a person's work whatever systems there are."""
    return fact.verb in _HUMAN or fact.kind is ActKind.DECIDE
