"""The repair of steps that may run less far alone than they say."""

from sopc.graph.edit import Put
from sopc.rules.context import StepPlace
from sopc.rules.rule import Repair

_DONE_BY = {2: "let somebody approve the step", 3: "leave the step to a person"}


def raised_tier(at: StepPlace, level: int, reason: str) -> Repair:
    """Give the repair that sets a step's tier to 2 or 3, which only makes it more cautious."""
    path = (*at.path, "tier")
    title = f"{_DONE_BY[level]}: tier {level}"
    if at.step.tier is None:
        return Repair(title, (Put(path, {"level": level, "reason": reason}),), safe=True)
    changes = (Put((*path, "level"), level), Put((*path, "reason"), reason))
    return Repair(title, changes, safe=True)
