"""The rule `unused-value`, SOP806."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sopc.diagnostics import Confidence, Severity
from sopc.graph import CallStep, ComputeStep, Procedure, StepGraph, WaitStep
from sopc.graph.output import outputs_of
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule
from sopc.rules.values.expression_place import handed_over


@rule("SOP806", "unused-value", Severity.NOTE, Confidence.MEDIUM)
def unused_value(context: CheckContext) -> Iterator[Flaw]:
    """A value that nothing asks for.

    ## What it does
    Finds outputs and computed values that no expression of the procedure names, and that no caller
    takes. It only looks at procedures that work with values: those in which some expression asks
    for one. It is less sure where a step fills in a template, because that may use any value.

    ## Why it matters
    Somebody fills it in, or a system is asked for it, for nothing; or the step that was to use it
    was forgotten.

    ## Example
    ```yaml
    - id: look-up-payment
      kind: action
      title: Look up the payment
      outputs:
        - {name: paid, type: money, currency: USD}
        - {name: card, type: string}
    - id: issue-refund
      kind: action
      title: Issue the refund
      inputs:
        - {name: amount, cel: paid}
    ```

    ## Use instead
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
      inputs:
        - {name: amount, cel: paid}
        - {name: to, cel: card}
    ```

    ## Fix safety
    No fix is offered: the value may be kept for the record.
    """
    used = _used(context)
    taken = _taken(context.graph)
    for flow in context.flows.values():
        procedure = flow.procedure
        names = used.get(procedure.id, set())
        if not names:
            continue
        names |= taken.get(procedure.id, set())
        elsewhere = _may_be_used_unseen(procedure)
        for step in procedure.steps:
            for number, value in enumerate(outputs_of(step)):
                if value.name in names or isinstance(step, WaitStep):
                    continue
                field = "values" if isinstance(step, ComputeStep) else "outputs"
                yield Flaw(
                    at=(*flow.step_path(step.id), field, number, "name"),
                    message=f"nothing asks for `{value.name}`, which step `{step.id}` gives",
                    about=f"steps.{step.id}.{field}",
                    key=value.name,
                    label="is not used",
                    help=f"use `{value.name}` in a later step, or leave it out",
                    cite=value.cite,
                    step=step.id,
                    confidence=Confidence.LOW if elsewhere else None,
                )


def _used(context: CheckContext) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for place in context.expressions:
        found[place.procedure] |= place.names
    return found


def _taken(graph: StepGraph) -> Mapping[str, set[str]]:
    """Give the values that callers take from each procedure."""
    return {
        procedure: {field.name for _, step in callers for field in step.outputs}
        for procedure, callers in handed_over(graph).items()
    }


def _may_be_used_unseen(procedure: Procedure) -> bool:
    """Tell whether a template, or a procedure of another file, may use any value."""
    return any(
        getattr(step, "template", None) is not None
        or (isinstance(step, CallStep) and step.file is not None)
        for step in procedure.steps
    )
