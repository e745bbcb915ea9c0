"""The rule `constant-condition`, SOP508."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import DataField, DataType
from sopc.rules.context import CheckContext
from sopc.rules.flow.given import Settled, settled
from sopc.rules.rule import Flaw, rule
from sopc.rules.values.expression_place import ExpressionPlace

_NEVER = {
    "when": "the step is never done",
    "branches": "the branch is never taken",
    "loop": "it goes round for ever",
}
_ALWAYS = {
    "when": "the step is always done",
    "branches": "the branch is always taken",
    "guardrails": "the step never asks",
}


@rule("SOP508", "constant-condition", Severity.WARNING)
def constant_condition(context: CheckContext) -> Iterator[Flaw]:
    """A condition that is always true, or always false.

    ## What it does
    Works out whether a condition can come out in both ways: for any values of the types that it
    names, and for those values that can get to the step; a condition that only says again what is
    known there is fine. An enumeration has its listed values and no others.

    ## Why it matters
    A condition that never holds is a step that is never done; one that always holds protects from
    nothing. Mostly two limits or two signs were mixed up.

    ## Example
    ```yaml
    when:
      - {says: from $500 to $1000, cel: amount >= 100000 && amount <= 50000}
    ```

    ## Use instead
    ```yaml
    when:
      - {says: from $500 to $1000, cel: amount >= 50000 && amount <= 100000}
    ```

    ## Fix safety
    No fix is offered: which part of the condition is wrong, only its words can say.
    """
    for place in context.expressions:
        found = settled(context, place)
        if found is None or (found.value and found.because):
            # Saying again what holds here is good manners, as in "larger ones, over $500, ...".
            continue
        here = " here" if found.because else ""
        outcome = "true" if found.value else "false"
        yield Flaw(
            at=place.path,
            message=f"condition `{place.cel}` is always {outcome}{here}",
            about=place.about,
            key=f"{place.cel} {outcome}",
            label=_effect(context, place, value=found.value),
            help="correct the condition" if not found.value else "correct it, or leave it out",
            notes=tuple(_values(place)),
            related=tuple((each.path, f"`{each.cel}` holds") for each in found.because),
            cite=getattr(place.part, "cite", None),
            step=place.step,
            severity=_severity(context, place, found),
        )


def _effect(context: CheckContext, place: ExpressionPlace, *, value: bool) -> str:
    if place.step is None:
        return "the procedure never starts" if place.path[-1] == "filter" and not value else ""
    loop = context.flows[place.procedure].steps[place.step].loop
    if place.path[4] == "loop" and loop is not None and loop.at_most is not None:
        return ""
    return (_ALWAYS if value else _NEVER).get(str(place.path[4]), "")


def _severity(context: CheckContext, place: ExpressionPlace, found: Settled) -> Severity | None:
    never = not found.value and _effect(context, place, value=False)
    return Severity.ERROR if never else None


def _values(place: ExpressionPlace) -> Iterator[str]:
    for name, field in place.fields.items():
        if isinstance(field, DataField) and field.type is DataType.ENUM:
            yield f"`{name}` is " + " or ".join(f"`{each}`" for each in field.values)
