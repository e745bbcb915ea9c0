"""What an expression can take for granted where it stands, and whether that settles it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sopc.graph import DataField, DataType
from sopc.graph.expression_tree import Call, Constant, Name, Node, expression_tree, names_in
from sopc.graph.output import outputs_of
from sopc.rules.context import CheckContext
from sopc.rules.flow.known_conditions import Known
from sopc.rules.flow.proof import always
from sopc.rules.values.expression_place import ExpressionPlace, Fields

_COMPARISONS = frozenset({"_<=_", "_<_", "_>=_", "_>_", "_==_", "_!=_"})
ASKED_LATER = {"loop", "cadences", "deadlines", "retry", "escalation"}
"""Fields of a step whose conditions are asked when it has given out what it gives."""

MOST_GIVEN = 8
"""So many conditions a proof takes for granted; more say little, and take long."""

_FEW_VALUES = {DataType.BOOLEAN, DataType.ENUM}


@dataclass(frozen=True, slots=True)
class Settled:
    """A condition that can come out in one way only; `because` is empty where it always does."""

    value: bool
    because: tuple[Known, ...]


def given(context: CheckContext, place: ExpressionPlace) -> tuple[Known, ...]:
    """Give the conditions that hold for certain where an expression is asked, and concern it.

    There may be more of them where there are more than `MOST_GIVEN`.
    """
    if place.step is None:
        return ()
    found = context.known[place.procedure].at(place.step, place.names, MOST_GIVEN + 2)
    procedure, at = context.graph.procedures[int(place.path[1])], int(place.path[3])
    before = None
    if place.path[4] == "when":
        before = int(place.path[5])
    for number, condition in enumerate(procedure.steps[at].when[:before]):
        path = (*place.path[:4], "when", number)
        other = context.expression_at.get((*path, "cel"))
        if other is not None and not place.names.isdisjoint(other.names):
            found.append(Known(other.cel, condition.cel, path))
    changed = frozenset[str]()
    if place.path[4] in ASKED_LATER:
        changed = frozenset(each.name for each in outputs_of(procedure.steps[at]))
    return tuple(
        each
        for each in found
        if each.cel and each.cel != place.cel and changed.isdisjoint(names_in(each.cel))
    )


def nearest(known: Sequence[Known]) -> tuple[Known, ...]:
    """Give those that were asked last, as many as a proof can bear."""
    return tuple(known[-MOST_GIVEN:])


def all_fields(places: Iterable[ExpressionPlace], known: Iterable[Known]) -> Fields:
    """Give the fields that expressions of one step and what is given name."""
    fields: dict[str, DataField | DataType] = {}
    names = frozenset[str]().union(*(names_in(each.cel or "") for each in known))
    for place in places:
        fields |= place.scope.of(place.names | names)
    return fields


def settled(context: CheckContext, place: ExpressionPlace) -> Settled | None:
    """Tell a condition that is always true or always false; None if it is not, or undecided."""
    if place.gives is not DataType.BOOLEAN or not place.typed:
        return None
    tree = expression_tree(place.cel)
    if tree is None:
        return None
    if not _is_open(tree, place.fields):
        value = always(place.cel, place.fields)
        if value is not None:
            return Settled(value, ())
    known = nearest(given(context, place))
    if not known:
        return None
    asked = [each.cel for each in known if each.cel]
    value = always(place.cel, all_fields([place], known), asked)
    return None if value is None else Settled(value, known)


def _is_open(tree: Node, fields: Fields) -> bool:
    """Tell without a proof's effort that a condition can come out in both ways.

    That is so where each comparison is of a name of its own with a value, and the name's type has
    values on both sides.
    """
    names: list[str] = []
    below = [tree]
    while below:
        match below.pop():
            case Call(function="_&&_" | "_||_" | "!_", arguments=arguments):
                below += arguments
            case Call(function=function, arguments=(Name(name=name), constant)) if (
                function in _COMPARISONS and _is_constant(constant)
            ):
                kind = fields.get(name)
                if kind is None or _kind(kind) in _FEW_VALUES:
                    return False
                names.append(name)
            case Name(name=name):
                names.append(name)
            case _:
                return False
    return len(names) == len(set(names))


def _kind(field: DataField | DataType) -> DataType:
    return field if isinstance(field, DataType) else field.type


def _is_constant(node: Node) -> bool:
    match node:
        case Constant():
            return True
        case Call(function="timestamp" | "duration" | "-_", arguments=(Constant(),)):
            return True
    return False
