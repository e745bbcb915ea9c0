"""The questions that rules ask about conditions."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from sopc.graph import DataType
from sopc.graph.expression import EvaluationError, Fields, check_expression, evaluate
from sopc.graph.expression_tree import expression_tree, names_in
from sopc.rules.logic.formula import Formula, conjunction, negation
from sopc.rules.logic.search import TooInvolvedError
from sopc.rules.logic.solution import Solution, Solver
from sopc.rules.logic.translation import Translation
from sopc.rules.logic.values import NoDataError, data_for, usual_number
from sopc.rules.logic.vocabulary import Vocabulary
from sopc.rules.logic.witness import Overlap, Undecided, Witness
from sopc.rules.logic.wording import as_cel, described


def uncovered(
    branches: Sequence[str], fields: Fields, given: Sequence[str] = ()
) -> Witness | Undecided | None:
    """Find values for which no branch holds, or `None` when there is always one that does."""
    return _answer(
        [*((each, False) for each in branches), *((each, True) for each in given)], fields
    )


def together(conditions: Sequence[str], fields: Fields) -> Witness | Undecided | None:
    """Find values for which all conditions hold at once, or `None` when they exclude each other."""
    return _answer([(each, True) for each in conditions], fields)


def overlaps(branches: Sequence[str], fields: Fields, given: Sequence[str] = ()) -> list[Overlap]:
    """Find the pairs of branches that can hold at the same time, with values for each.

    Pairs that cannot be decided are left out.
    """
    found = []
    for (first, one), (second, other) in combinations(enumerate(branches), 2):
        witness = together((one, other, *given), fields)
        if isinstance(witness, Witness):
            found.append(Overlap(first, second, witness))
    return found


def implies(conditions: Sequence[str], conclusion: str, fields: Fields) -> bool:
    """Tell whether it is proven that a conclusion holds whenever all conditions do.

    Also true when the conditions cannot hold at once; ask `together` for that.
    """
    asked = [(conclusion, False), *((each, True) for each in conditions)]
    return _answer(asked, fields) is None


def always(cel: str, fields: Fields, given: Sequence[str] = ()) -> bool | None:
    """Tell a condition that always holds (true) or never does (false); else, or undecided, `None`.

    `None` too if what is given can never be, for then nothing is ever asked.
    """
    if given and together(given, fields) is None:
        return None
    if implies(given, cel, fields):
        return True
    if together((cel, *given), fields) is None:
        return False
    return None


_Asked = tuple[str, bool]
"""A condition, and whether it is to hold."""


def _answer(asked: Sequence[_Asked], fields: Fields) -> Witness | Undecided | None:
    """Find values for which each condition is as asked."""
    named = frozenset[str]().union(*(names_in(cel) for cel, _ in asked))
    fields = {name: field for name, field in fields.items() if name in named}
    vocabulary = Vocabulary(fields)
    translation = Translation(vocabulary)
    formulas: list[Formula] = []
    for cel, wanted in asked:
        tree = expression_tree(cel)
        if tree is None or not _is_checked(cel, fields):
            return Undecided(f"`{cel}` cannot be evaluated")
        formula = translation.formula(tree)
        formulas.append(formula if wanted else negation(formula))
    solver = Solver(conjunction(translation.bounds), usual_number)
    try:
        solution = solver.solve(conjunction(formulas))
        return None if solution is None else _witness(solution, vocabulary, asked, fields)
    except TooInvolvedError as error:
        return Undecided(str(error))
    except NoDataError:
        return Undecided("the values are out of range")


def _is_checked(cel: str, fields: Fields) -> bool:
    """Whether the engine takes an expression, as far as its names have types."""
    return not names_in(cel) <= fields.keys() or not check_expression(
        cel, fields, gives=DataType.BOOLEAN
    )


def _witness(
    solution: Solution, vocabulary: Vocabulary, asked: Sequence[_Asked], fields: Fields
) -> Witness | Undecided:
    data = data_for(solution.values, vocabulary)
    agrees = None if data is None else _agrees(asked, data, fields)
    sure = agrees is True
    if agrees is False and all(each.opaque is None for each in solution.values):
        return Undecided("the engine does not agree")
    said = [each for each in solution.values if each.opaque is None or sure]
    return Witness(
        words=" and ".join(
            described(each, solution.values[each], solution.extents.get(each), vocabulary)
            for each in said
        ),
        cel=" && ".join(as_cel(each, solution.values[each], vocabulary) for each in said),
        names=tuple(dict.fromkeys(name for each in solution.values for name in each.names)),
        data=data or {},
        sure=sure,
    )


def _agrees(asked: Sequence[_Asked], data: Mapping[str, Any], fields: Fields) -> bool | None:
    """Ask the engine whether each condition is as asked; `None` if it cannot tell."""
    agrees: bool | None = True
    for cel, wanted in asked:
        if not names_in(cel) <= fields.keys():
            continue
        try:
            if evaluate(cel, data, fields) is not wanted:
                return False
        except EvaluationError:
            agrees = None
    return agrees
