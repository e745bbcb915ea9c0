"""The rule `use-before-production`, SOP803."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule
from sopc.rules.values.value_use import UncertainUse, uncertain_uses


@rule("SOP803", "use-before-production", Severity.ERROR)
def use_before_production(context: CheckContext) -> Iterator[Flaw]:
    """A value that is asked for before anything gives it.

    ## What it does
    Follows the flow, and finds steps whose expressions ask for a value that no way to the step
    gives: the step that gives it comes later, or lies on another branch or a path beside it. So it
    also finds steps that stand in an order that their data does not allow.

    ## Why it matters
    Every run that gets to the step stops there.

    ## Example
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
      inputs:
        - {name: amount, cel: approved_amount}
    - id: approve-refund
      kind: approval
      title: Approve the refund
      outputs:
        - {name: approved_amount, type: money, currency: USD}
    ```

    ## Use instead
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      outputs:
        - {name: approved_amount, type: money, currency: USD}
    - id: issue-refund
      kind: action
      title: Issue the refund
      inputs:
        - {name: amount, cel: approved_amount}
    ```

    ## Fix safety
    No fix is offered: the order of the steps is for the people who own the procedure.
    """
    for use in uncertain_uses(context):
        if not use.possible:
            yield _flaw(use)


def _flaw(use: UncertainUse) -> Flaw:
    place, name = use.place, use.name
    where = f"step `{place.step}`" if place.step else "the procedure's scope"
    if use.givers:
        advice = f"let `{use.givers[0].id}` come before, or ask for another value"
    else:
        advice = f"give `{name}` in an earlier step or an earlier value"
    return Flaw(
        at=place.path,
        message=f"{where} asks for `{name}`, which nothing has given by then",
        about=place.about,
        key=name,
        label="has no value yet",
        help=advice,
        related=tuple(use.places_of_givers()),
        cite=getattr(place.part, "cite", None),
        step=place.step,
        chain=use.way(),
    )
