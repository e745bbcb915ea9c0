"""The rule `invalid-expression`, SOP801."""

from collections.abc import Iterator

from sopc.diagnostics import Severity
from sopc.graph import DataType
from sopc.graph.expression import check_expression
from sopc.graph.expression_problem import ExpressionProblem
from sopc.rules.context import CheckContext
from sopc.rules.rule import Flaw, rule
from sopc.rules.values.expression_place import ExpressionPlace, with_shared_fields

_COLLECTIONS = {DataType.LIST, DataType.OBJECT}
"""Their elements' types are not compared: a list of strings is no list of anything to CEL."""


@rule("SOP801", "invalid-expression", Severity.ERROR)
def invalid_expression(context: CheckContext) -> Iterator[Flaw]:
    """An expression that cannot be evaluated.

    ## What it does
    Parses every CEL expression and checks its types against those of the names that it uses: the
    graph's inputs, the trigger's payload, what steps give out, and values that were computed.
    Conditions must be true or false, and a computed value must have its type.

    ## Why it matters
    The run that gets there stops, or worse, takes the wrong branch.

    ## Example
    ```yaml
    inputs:
      - {name: amount, type: money, currency: USD}
    ...
        when:
          - {says: if it is over $500, cel: amount > "500"}
    ```

    ## Use instead
    ```yaml
          - {says: if it is over $500, cel: amount > 50000}
    ```
    Money is counted in minor units, here cents.

    ## Fix safety
    No fix is offered: a condition that reads well can still be another one.
    """
    for place, fields in with_shared_fields(context.expressions):
        gives = None if place.gives in _COLLECTIONS else place.gives
        for problem in check_expression(place.cel, fields, gives=gives):
            if place.names and _is_about_a_name(problem, place):
                continue
            yield Flaw(
                at=place.path,
                message=f"expression `{place.cel}` cannot be evaluated: {problem.message}",
                about=place.about,
                key=f"{place.cel}: {problem.message}",
                help=problem.hint or "correct the expression, or leave it out and keep the words",
                cite=getattr(place.part, "cite", None),
                step=place.step,
            )


def _is_about_a_name(problem: ExpressionProblem, place: ExpressionPlace) -> bool:
    """Tell whether it is only that a name has no type, or that nobody gives it."""
    return any(problem.message == f"`{name}` is not known here" for name in place.names)
