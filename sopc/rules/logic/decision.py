"""The questions that rules ask about conditions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from sopc.graph import DataType
from sopc.graph.expression import EvaluationError, Fields, check_expression, evaluate
from sopc.graph.expression_tree import expression_tree, names_in
from sopc.rules.logic.formula import Formula, conjunction, negation
from sopc.rules.logic.search import TooInvolvedError, Values
from sopc.rules.logic.solution import Solution, Solver
from sopc.rules.logic.translation import Translation
from sopc.rules.logic.values import NoDataError, data_for, usual_number
from sopc.rules.logic.vocabulary import Vocabulary
from sopc.rules.logic.witness import Overlap, Undecided, Witness
from sopc.rules.logic.wording import as_cel, described, term

_Asked = tuple[str, bool]
"""A condition, and whether it is to hold."""


def uncovered(
    branches: Sequence[str], fields: Fields, given: Sequence[str] = ()
) -> Witness | Undecided | None:
    """Find values for which no branch holds, or `None` when there is always one that does."""
    asked = [*((each, False) for each in branches), *_all_hold(given)]
    return _Conditions((*branches, *given), fields).find(asked)


def together(conditions: Sequence[str], fields: Fields) -> Witness | Undecided | None:
    """Find values for which all conditions hold, or `None` when they exclude each other."""
    return _Conditions(conditions, fields).find(_all_hold(conditions))


def overlaps(branches: Sequence[str], fields: Fields, given: Sequence[str] = ()) -> list[Overlap]:
    """Find the pairs of branches that can hold at the same time, with values for each.

    Pairs that cannot be decided are left out.
    """
    return list(_each_overlap(branches, fields, given))


def exclusive(branches: Sequence[str], fields: Fields, given: Sequence[str] = ()) -> bool:
    """Tell whether no pair of branches is found that can hold at the same time."""
    return next(_each_overlap(branches, fields, given), None) is None


def _each_overlap(
    branches: Sequence[str], fields: Fields, given: Sequence[str]
) -> Iterator[Overlap]:
    conditions = _Conditions((*branches, *given), fields)
    for (first, one), (second, other) in combinations(enumerate(branches), 2):
        witness = conditions.find(_all_hold((one, other, *given)))
        if isinstance(witness, Witness):
            yield Overlap(first, second, witness)


def implies(conditions: Sequence[str], conclusion: str, fields: Fields) -> bool:
    """Tell whether it is proven that a conclusion holds whenever all conditions do.

    Also true when the conditions cannot hold at once; ask `together` for that.
    """
    asked = [(conclusion, False), *_all_hold(conditions)]
    return _Conditions((conclusion, *conditions), fields).find(asked) is None


def always(cel: str, fields: Fields, given: Sequence[str] = ()) -> bool | None:
    """Tell a condition that always holds (true) or never does (false); else, or undecided, `None`.

    `None` too if what is given can never be, for then the condition is never asked.
    """
    conditions = _Conditions((cel, *given), fields)
    can_hold, can_fail = (
        conditions.find([(cel, wanted), *_all_hold(given)]) is not None for wanted in (True, False)
    )
    return None if can_hold == can_fail else can_hold


def _all_hold(conditions: Sequence[str]) -> list[_Asked]:
    return [(each, True) for each in conditions]


class _Conditions:
    """Conditions over the same fields, each translated once."""

    def __init__(self, conditions: Sequence[str], fields: Fields) -> None:
        named = frozenset[str]().union(*map(names_in, conditions))
        self._fields = {name: fields[name] for name in sorted(named) if name in fields}
        self._vocabulary = Vocabulary(self._fields)
        self._translation = Translation(self._vocabulary)
        self._formulas = {cel: self._formula(cel) for cel in conditions}

    def find(self, asked: Sequence[_Asked]) -> Witness | Undecided | None:
        """Find values for which each condition is as asked."""
        formulas: list[Formula] = []
        for cel, wanted in asked:
            formula = self._formulas[cel]
            if formula is None:
                return Undecided(f"`{cel}` cannot be evaluated")
            formulas.append(formula if wanted else negation(formula))
        solver = Solver(conjunction(self._translation.bounds), usual_number)
        try:
            solution = solver.solve(conjunction(formulas))
            return None if solution is None else self._witness(solution, asked)
        except TooInvolvedError as error:
            return Undecided(str(error))
        except NoDataError:
            return Undecided("the values are out of range")

    def _formula(self, cel: str) -> Formula | None:
        tree = expression_tree(cel)
        if tree is None or (self._is_typed(cel) and self._is_wrong(cel)):
            return None
        return self._translation.formula(tree)

    def _is_typed(self, cel: str) -> bool:
        return names_in(cel) <= self._fields.keys()

    def _is_wrong(self, cel: str) -> bool:
        return bool(check_expression(cel, self._fields, gives=DataType.BOOLEAN))

    def _witness(self, solution: Solution, asked: Sequence[_Asked]) -> Witness | Undecided:
        data = data_for(solution.values, self._vocabulary)
        agrees = None if data is None else self._agrees(asked, data)
        known = all(each.opaque is None for each in solution.values)
        if agrees is False and known:
            return Undecided("the engine does not agree")
        sure = agrees is True
        said = {
            each: value for each, value in solution.values.items() if sure or each.opaque is None
        }
        return Witness(
            words=" and ".join(self._words(solution, said)),
            cel=" && ".join(as_cel(each, said[each], self._vocabulary) for each in said),
            names=tuple(dict.fromkeys(name for each in solution.values for name in each.names)),
            data=data or {},
            sure=sure,
        )

    def _words(self, solution: Solution, said: Values) -> Iterator[str]:
        if solution.equal:
            one, other = solution.equal
            yield f"{term(one)} equals {term(other)}"
        for variable, value in said.items():
            if variable not in (solution.equal or ()):
                extent = solution.extents.get(variable)
                yield described(variable, value, extent, self._vocabulary)

    def _agrees(self, asked: Sequence[_Asked], data: Mapping[str, Any]) -> bool | None:
        """Ask the engine whether each condition is as asked; `None` if it cannot tell."""
        agrees: bool | None = True
        for cel, wanted in asked:
            if not self._is_typed(cel):
                continue
            try:
                if evaluate(cel, data, self._fields) is not wanted:
                    return False
            except EvaluationError:
                agrees = None
        return agrees
