"""The rule `wrong-inputs`, SOP213."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import ActionStep
from sopc.graph.edit import Put
from sopc.organization import Operation, System
from sopc.rules.context import CheckContext, StepPlace
from sopc.rules.naming.listing import systems
from sopc.rules.naming.nearest import Known
from sopc.rules.rule import Flaw, Repair, rule


@rule("SOP213", "wrong-inputs", Severity.ERROR)
def wrong_inputs(context: CheckContext) -> Iterator[Flaw]:
    """Inputs that do not fit the operation.

    ## What it does
    Compares the inputs of actions with those that the organization file lists for the operation:
    finds names that it does not take and, where the system is bound, required ones that the step
    does not give. While the system is not bound, an unknown name is a warning.

    ## Why it matters
    The connector refuses the call, so the step fails whenever it runs; or it drops what it does
    not know, and does something else than was meant.

    ## Example
    ```yaml
    # organization.yaml: {name: create_refund, inputs: [charge, amount]}
    - id: issue-refund
      kind: action
      title: Issue the refund in Stripe
      system: stripe
      operation: create_refund
      inputs:
        - {name: charge, cel: charge}
        - {name: amuont, cel: refund_amount}
    ```

    ## Use instead
    ```yaml
        - {name: amount, cel: refund_amount}
    ```

    ## Fix safety
    The fix writes the nearest input of the operation that the step does not give yet. It is unsafe,
    because that is a guess. None is offered for an input that is missing.
    """
    listed = systems(context).known_by_id
    for at in context.steps:
        step = at.step
        if not isinstance(step, ActionStep) or step.operation is None:
            continue
        system = listed.get(step.system or "")
        if not isinstance(system, System):
            continue
        operation = system.operation(step.operation)
        if operation is not None and operation.inputs:
            yield from _flaws(at, step, system, operation)


def _flaws(at: StepPlace, step: ActionStep, system: System, operation: Operation) -> Iterator[Flaw]:
    given = {argument.name for argument in step.inputs}
    taken = set(operation.input_names)
    known = Known(taken - given, kind="input")
    meant = set()
    for index, argument in enumerate(step.inputs):
        if argument.name in taken:
            continue
        near = known.nearest(argument.name)
        meant.add(near)
        path = (*at.path, "inputs", index, "name")
        yield Flaw(
            at=path,
            message=f"operation `{operation.name}` of `{system.name}` takes no input "
            f"`{argument.name}`",
            about=at.about("inputs"),
            key=argument.name,
            help=f"the nearest input is `{near}`"
            if near
            else "its inputs are " + _named(operation.input_names),
            cite=argument.cite or at.cite(),
            step=step.id,
            severity=None if system.binding else Severity.WARNING,
            repair=Repair(f"write `{near}`", (Put(path, near),)) if near else None,
        )
    missing = [name for name in operation.required_inputs if name not in given | meant]
    if missing and system.binding:
        yield Flaw(
            at=(*at.path, "operation"),
            message=f"operation `{operation.name}` of `{system.name}` needs {_named(missing)}",
            about=at.about("inputs"),
            key="missing",
            label="not given by the step",
            help=f"add {_named(missing)} to the step's `inputs`",
            cite=at.cite(),
            step=step.id,
        )


def _named(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
