"""The rule `conflicting-types`, SOP808."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ComputedValue, ComputeStep, DataField, DataType, WaitStep
from sopc.graph.output import given_by
from sopc.rules.context import CheckContext
from sopc.rules.flow.procedure_flow import ProcedureFlow
from sopc.rules.rule import Flaw, GraphPath, rule

_Value = tuple[GraphPath, DataField | ComputedValue, str | None]


@rule("SOP808", "conflicting-types", Severity.ERROR)
def conflicting_types(context: CheckContext) -> Iterator[Flaw]:
    """One name for values of different types.

    ## What it does
    Finds values of one procedure that have the same name and another type or currency: among the
    graph's inputs, what triggers bring, and what steps give out or compute.

    ## Why it matters
    An expression that asks for the name is right for one of them and fails for the other.

    ## Example
    ```yaml
    inputs:
      - {name: amount, type: money, currency: USD}
    ...
    outputs:
      - {name: amount, type: string}
    ```

    ## Use instead
    ```yaml
    outputs:
      - {name: amount_in_words, type: string}
    ```

    ## Fix safety
    No fix is offered: which of them is meant where, only people can say.
    """
    inputs: list[_Value] = [
        (("inputs", number), each, None) for number, each in enumerate(context.graph.inputs)
    ]
    for flow in context.flows.values():
        first: dict[str, _Value] = {}
        for path, value, step in (*inputs, *_values(flow)):
            known = first.setdefault(value.name, (path, value, step))
            if _kind(known[1]) == _kind(value) or path[0] == "inputs":
                continue
            yield Flaw(
                at=(*path, "type"),
                message=f"`{value.name}` is {_words(value)} here, and {_words(known[1])} elsewhere",
                about=f"steps.{step}.outputs" if step else f"procedures.{path[1]}.{path[2]}",
                key=value.name,
                help="give one of them another name, or both the same type",
                related=(((*known[0], "type"), f"is {_words(known[1])}"),),
                cite=value.cite,
                step=step,
            )


def _values(flow: ProcedureFlow) -> Iterator[_Value]:
    for index, trigger in enumerate(flow.procedure.triggers):
        for number, field in enumerate(getattr(trigger, "payload", ())):
            yield (*flow.path, "triggers", index, "payload", number), field, None
    for step in flow.procedure.steps:
        inside: tuple[str, ...] = ("outputs",)
        if isinstance(step, ComputeStep):
            inside = ("values",)
        elif isinstance(step, WaitStep):
            inside = ("event", "payload")
        for number, value in enumerate(given_by(step)):
            yield (*flow.step_path(step.id), *inside, number), value, step.id


def _kind(value: DataField | ComputedValue) -> tuple[DataType, str | None]:
    return value.type, value.currency


def _words(value: DataField | ComputedValue) -> str:
    return f"{value.type} in {value.currency}" if value.currency else f"{value.type}"
