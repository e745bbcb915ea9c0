"""Tiers: how far a step may run without people, proposed with the reason for it."""

from sopc.graph import Tier, TierProposal
from sopc_compiler.fact import ActFact, ActKind

_IRREVERSIBLE = frozenset(
    ["pay", "refund", "transfer", "delete", "remove", "terminate", "cancel", "close", "revoke", "publish", "fire", "dismiss", "purchase", "buy", "issue", "charge", "wire", "destroy", "archive", "sign"]
)
_HUMAN = frozenset(
    ["meet", "discuss", "interview", "negotiate", "coach", "talk", "listen", "visit", "lead", "facilitate", "present", "mentor", "train", "thank", "work", "coordinate", "manage", "brainstorm", "investigate", "inspect", "walk", "greet", "hand"]
)


def propose_tier(fact: ActFact, *, vague: bool, system: bool) -> TierProposal:
    """Propose a step's tier from its verb, its kind, the vagueness of its words and its system."""
    if fact.kind is ActKind.APPROVE:
        return TierProposal(level=Tier.PREPARED, reason="somebody's approval is the step")
    if fact.verb in _HUMAN:
        return TierProposal(level=Tier.HUMAN_LED, reason=f"to {fact.verb} is a person's work")
    if fact.kind is ActKind.DECIDE:
        return TierProposal(
            level=Tier.PREPARED, reason="it is a judgment, to be prepared for a person"
        )
    if vague:
        return TierProposal(level=Tier.PREPARED, reason="its words leave a judgment to the reader")
    if fact.verb in _IRREVERSIBLE:
        return TierProposal(level=Tier.PREPARED, reason=f"to {fact.verb} is hard to undo")
    if not system:
        return TierProposal(level=Tier.PREPARED, reason="no system is named that could do it")
    return TierProposal(
        level=Tier.AUTONOMOUS, reason="an act in a named system, without judgment words"
    )


def is_reversible(fact: ActFact) -> bool | None:
    """Tell that an act is hard to undo; None where its verb does not tell."""
    return False if fact.verb in _IRREVERSIBLE else None


def is_personal(fact: ActFact) -> bool:
    """Tell whether an act is a person's work whatever systems there are."""
    return fact.verb in _HUMAN or fact.kind is ActKind.DECIDE
