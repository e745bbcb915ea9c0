"""Samples of what starts a run that its trigger's filter lets pass."""

from collections.abc import Sequence
from itertools import islice, product

from sopc.graph import DataField
from sopc.graph.expression import EvaluationError, evaluate
from sopc.graph.expression_tree import expression_tree, names_in
from sopc_runtime.core.event import Values
from sopc_runtime.simulation.sample import values_compared

_MOST_TRIES = 500


def passing(values: Values, fields: Sequence[DataField], cel: str | None) -> Values:
    """Give sample values that a filter lets pass, with as few changes as it takes.

    Values that the filter compares with are tried; where none of them help, the sample stays.
    """
    tree = expression_tree(cel) if cel is not None else None
    if cel is None or tree is None:
        return values
    known = {each.name: each for each in fields if each.name in names_in(cel)}
    compared = {name: each for name, each in values_compared(tree).items() if name in known}
    choices = [(values.get(name), *each) for name, each in compared.items()]
    for chosen in islice(product(*choices), _MOST_TRIES):
        tried = {**values, **dict(zip(compared, chosen, strict=True))}
        try:
            if evaluate(cel, {name: tried.get(name) for name in known}, known) is True:
                return tried
        except EvaluationError:
            continue
    return values
