"""Proofs about conditions, once for all that only differ in names.

A procedure of thousands of steps asks much the same of many values.
"""

from collections.abc import Sequence
from functools import lru_cache

from sopc.graph import DataField, DataType
from sopc.rules import logic
from sopc.rules.logic import Overlap, Undecided, Witness
from sopc.rules.values.expression_place import Fields
from sopc.rules.values.renaming import shape

_Known = tuple[tuple[str, DataField | DataType], ...]


def always(cel: str, fields: Fields, given: Sequence[str] = ()) -> bool | None:
    """Answer as `sopc.rules.logic.always`."""
    alike = shape((cel, *given), fields)
    if alike is None:
        return logic.always(cel, fields, given)
    return _always(alike[0], tuple(alike[1].items()))


def uncovered(
    branches: Sequence[str], fields: Fields, given: Sequence[str]
) -> Witness | Undecided | None:
    """Answer as `sopc.rules.logic.uncovered`."""
    alike = shape((*branches, *given), fields)
    if alike is not None and _complete(alike[0], len(branches), tuple(alike[1].items())):
        return None
    return logic.uncovered(branches, fields, given)


def overlaps(branches: Sequence[str], fields: Fields, given: Sequence[str]) -> list[Overlap]:
    """Answer as `sopc.rules.logic.overlaps`."""
    alike = shape((*branches, *given), fields)
    if alike is not None and _exclusive(alike[0], len(branches), tuple(alike[1].items())):
        return []
    return logic.overlaps(branches, fields, given)


def implies(conditions: Sequence[str], conclusion: str, fields: Fields) -> bool:
    """Answer as `sopc.rules.logic.implies`."""
    alike = shape((conclusion, *conditions), fields)
    if alike is None:
        return logic.implies(conditions, conclusion, fields)
    return _implies(alike[0], tuple(alike[1].items()))


@lru_cache(maxsize=4096)
def _implies(conditions: tuple[str, ...], known: _Known) -> bool:
    return logic.implies(conditions[1:], conditions[0], dict(known))


@lru_cache(maxsize=4096)
def _always(conditions: tuple[str, ...], known: _Known) -> bool | None:
    return logic.always(conditions[0], dict(known), conditions[1:])


@lru_cache(maxsize=4096)
def _complete(conditions: tuple[str, ...], branches: int, known: _Known) -> bool:
    return logic.uncovered(conditions[:branches], dict(known), conditions[branches:]) is None


@lru_cache(maxsize=4096)
def _exclusive(conditions: tuple[str, ...], branches: int, known: _Known) -> bool:
    return logic.exclusive(conditions[:branches], dict(known), conditions[branches:])
