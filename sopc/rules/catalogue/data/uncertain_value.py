"""The rule `uncertain-value`, SOP804."""

from collections.abc import Iterator

from sopc.diagnostics import Confidence, Severity
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule
from sopc.rules.values.value_use import UncertainUse, uncertain_uses


@rule("SOP804", "uncertain-value", Severity.WARNING, Confidence.MEDIUM)
def uncertain_value(context: CheckContext) -> Iterator[Flaw]:
    """A value of a step that may not have run.

    ## What it does
    Follows the flow, and finds steps whose expressions ask for a value that only some ways to the
    step give: it comes from one branch of a decision, from a step with a `when`, or from one of
    several triggers. A step that is only done under the same conditions is right to ask for it, and
    so is one behind several steps of which one gives it in each case. A value with
    `required: false` may be asked for where the expression compares it with `null`.

    ## Why it matters
    Runs that come another way stop at this step, and nobody sees why before they do.

    ## Example
    ```yaml
    - id: approve-refund
      kind: approval
      title: Approve the refund
      when:
        - {says: if it is over $500, cel: amount > 50000}
      outputs:
        - {name: approved_amount, type: money, currency: USD}
    - id: issue-refund
      kind: action
      title: Issue the refund
      inputs:
        - {name: amount, cel: approved_amount}
    ```

    ## Use instead
    ```yaml
    - id: issue-refund
      kind: action
      title: Issue the refund
      inputs:
        - {name: amount, cel: "amount > 50000 ? approved_amount : amount"}
    ```

    ## Fix safety
    No fix is offered: what to do without the value is for the people who own the procedure.
    """
    for use in uncertain_uses(context):
        if use.possible and not use.guarded():
            yield _flaw(use)


def _flaw(use: UncertainUse) -> Flaw:
    place, name = use.place, use.name
    where = f"step `{place.step}`" if place.step else "the procedure's scope"
    return Flaw(
        at=place.path,
        message=f"{where} asks for `{name}`, which not every way to it gives",
        about=place.about,
        key=name,
        label="may have no value",
        help=f"give `{name}` on the other ways too, or ask for it only in the case that gives it",
        related=tuple(use.places_of_givers()),
        notes=tuple(
            f"{entry.words} does not bring it"
            for entry in use.data.entries
            if use.name in use.data.may_be_entered_with and name not in entry.brings
        ),
        cite=getattr(place.part, "cite", None),
        step=place.step,
        chain=use.way(),
    )
