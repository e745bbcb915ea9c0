"""Expressions with other names: to write the one that was meant, or to see that two are alike."""

from collections.abc import Mapping, Sequence

from sopc.graph import DataField, DataType
from sopc.graph.expression_tree import name_places
from sopc.rules.values.expression_place import Fields

_PREFIX = "v__"


def renamed(cel: str, names: Mapping[str, str]) -> str | None:
    """Write an expression with other names; None where it cannot be told where they stand."""
    lines = cel.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    pieces, begin = [], 0
    for place in name_places(cel):
        start = starts[place.line - 1] + place.column - 1
        if place.name not in names:
            continue
        if cel[start : start + len(place.name)] != place.name or start < begin:
            return None
        pieces += [cel[begin:start], names[place.name]]
        begin = start + len(place.name)
    return "".join([*pieces, cel[begin:]])


def shape(conditions: Sequence[str], fields: Fields) -> tuple[tuple[str, ...], Fields] | None:
    """Give conditions with names by number, so that those that only differ in names are alike.

    None where they cannot be renamed.
    """
    names = {
        name: f"{_PREFIX}{number}"
        for number, name in enumerate(
            dict.fromkeys(
                each.name for cel in conditions for each in name_places(cel) if each.name in fields
            )
        )
    }
    if any(_PREFIX in cel for cel in conditions):
        return None
    written = [renamed(cel, names) for cel in conditions]
    known = {new: _named(fields[old], new) for old, new in names.items()}
    found = tuple(each for each in written if each is not None)
    return (found, known) if len(found) == len(conditions) else None


def _named(field: DataField | DataType, name: str) -> DataField | DataType:
    return field if isinstance(field, DataType) else field.model_copy(update={"name": name})
