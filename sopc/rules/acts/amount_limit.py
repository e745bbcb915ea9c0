"""Whether the amount of a payment is limited, by its step or by the organization."""

from collections.abc import Iterator

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    CallStep,
    ComputeStep,
    DataField,
    DataType,
    EventTrigger,
    HumanTaskStep,
    RequestTrigger,
    StepGraph,
    WaitStep,
)
from sopc.graph.expression_tree import names_in
from sopc.organization import Limit, Organization
from sopc.rules.acts.lasting_act import LastingAct
from sopc.rules.logic import Witness, together

_AMOUNTS = frozenset(
    {DataType.MONEY, DataType.NUMBER, DataType.INTEGER, DataType.OBJECT, DataType.LIST}
)


_BEYOND = 10**15
"""Minor units that no payment reaches."""


class AmountNames:
    """The names of a graph that may stand for an amount of money, or hold one."""

    def __init__(self, graph: StepGraph) -> None:
        types: dict[str, set[DataType]] = {}
        for name, kind in _typed(graph):
            types.setdefault(name, set()).add(kind)
        self.money = tuple(sorted(n for n, kinds in types.items() if DataType.MONEY in kinds))
        self._others = {name for name, kinds in types.items() if kinds.isdisjoint(_AMOUNTS)}
        self._known = {each.name: each for each in _fields(graph) if len(types[each.name]) == 1}

    def in_expression(self, cel: str | None) -> bool:
        """Tell whether an expression speaks of an amount; names without a type may be one."""
        return cel is not None and not names_in(cel) <= self._others

    def bounded_by(self, cel: str | None) -> bool:
        """Tell whether an expression keeps an amount from growing without an end.

        `amount > 5000` speaks of an amount and bounds none. Where that cannot be decided, an
        expression that speaks of an amount is taken to bound it.
        """
        if cel is None or not self.in_expression(cel):
            return False
        amounts = [name for name in sorted(names_in(cel)) if name in self.money]
        return not amounts or any(self._keeps_down(name, cel) for name in amounts)

    def _keeps_down(self, name: str, cel: str) -> bool:
        beyond = together([cel, f"{name} > {_BEYOND}"], self._known)
        return not isinstance(beyond, Witness) or not beyond.sure


def limits_of(organization: Organization | None, act: LastingAct) -> tuple[Limit, ...]:
    """Give the organization's limits that an act is under."""
    if organization is None:
        return ()
    operation = act.action.operation
    return tuple(
        limit
        for limit in organization.limits
        if (not limit.systems or (act.system is not None and limit.concerns(act.system)))
        and (not limit.operations or operation in limit.operations)
    )


def is_bounded(organization: Organization | None, act: LastingAct, names: AmountNames) -> bool:
    """Tell whether something that a program can check bounds the amount of a payment."""
    own = (
        *(guardrail.limit for guardrail in act.action.guardrails),
        *(condition.cel for condition in act.action.when),
        *(limit.cel for limit in limits_of(organization, act)),
    )
    return any(names.bounded_by(cel) for cel in own) or any(
        limit.most is not None for limit in limits_of(organization, act)
    )


def _typed(graph: StepGraph) -> Iterator[tuple[str, DataType]]:
    for each in _fields(graph):
        yield each.name, each.type
    for procedure in graph.procedures:
        for step in procedure.steps:
            if isinstance(step, ComputeStep):
                for value in step.values:
                    yield value.name, value.type


def _fields(graph: StepGraph) -> Iterator[DataField]:
    yield from graph.inputs
    for procedure in graph.procedures:
        for trigger in procedure.triggers:
            if isinstance(trigger, EventTrigger | RequestTrigger):
                yield from trigger.payload
        for step in procedure.steps:
            if isinstance(step, ActionStep | HumanTaskStep | ApprovalStep | CallStep):
                yield from step.outputs
            elif isinstance(step, WaitStep) and step.event is not None:
                yield from step.event.payload
