"""The syntax tree of a CEL expression: what it names, and where.

The CEL library's own parser makes the tree, macros expanded, so that it is always the one that is
evaluated. It needs no types: expressions over unknown names have a tree as well. The library gives
the tree as a message, which `expression_syntax` reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sopc.graph.expression_syntax import parsed_expression

_MATH = frozenset(
    "abs ceil floor greatest isFinite isInf isNaN least round sign sqrt trunc".split()  # noqa: SIM905  # read best as words
)
"""The functions of CEL's `math` extension: the word before them is no value."""


@dataclass(frozen=True)
class Constant:
    """A literal: `None`, bool, int, float, str or bytes; `unsigned` tells `5u` from `5`."""

    value: bool | int | float | str | bytes | None
    unsigned: bool = False

    def __eq__(self, other: object) -> bool:
        """Python takes 1, 1.0 and True for equal; they are three different literals."""
        if not isinstance(other, Constant):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return type(self.value), self.value, self.unsigned


@dataclass(frozen=True)
class Name:
    """A name, with its place in the expression (an offset in code points).

    A leading dot is kept: it says that no comprehension's variable of that name is meant.
    Trees are equal when they say the same, wherever it stands.
    """

    name: str
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Select:
    """`operand.field`, or `has(operand.field)` when `test` is true."""

    operand: "Node"
    field: str
    test: bool = False


@dataclass(frozen=True)
class Call:
    """An operator or function with its arguments, the receiver of a method first.

    Operators have the library's names: `_&&_`, `_<=_`, `!_`, `-_`, `_?_:_`, `@in`, `_[_]`.
    """

    function: str
    arguments: tuple["Node", ...]
    method: bool = False


@dataclass(frozen=True)
class ListOf:
    """`[a, b]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True)
class MapOf:
    """`{key: value}`; a message `Type{field: value}` has its type's name, and constants as keys."""

    entries: tuple[tuple["Node", "Node"], ...]
    message: str = ""


@dataclass(frozen=True)
class Comprehension:
    """What `all`, `exists`, `map` and `filter` become; `variables` are known in `inside` alone.

    `outside` are the list that is walked and the first value.
    """

    variables: tuple[str, ...]
    outside: tuple["Node", ...]
    inside: tuple["Node", ...]


Node = Constant | Name | Select | Call | ListOf | MapOf | Comprehension


@dataclass(frozen=True)
class NamePlace:
    """Where an expression uses a name; line and column inside it, 1-based, in code points."""

    name: str
    line: int
    column: int


def names_in(cel: str) -> frozenset[str]:
    """Give the names that an expression takes from outside; none when it does not parse.

    The variables of comprehensions are left out. The names of types (`type(x) == int`) are not,
    because data may have these names too.
    """
    return frozenset(place.name for place in name_places(cel))


@lru_cache(maxsize=4096)
def name_places(cel: str) -> tuple[NamePlace, ...]:
    """Give every use of a name that an expression takes from outside, in the order of the text."""
    tree = expression_tree(cel)
    if tree is None:
        return ()
    names = sorted(free_names(tree), key=lambda each: (each.offset, each.name))
    return tuple(_place(cel, each) for each in names)


def free_names(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[Name]:
    """Give the names below a node but those that are `bound` by a comprehension."""
    match node:
        case Name(name=name):
            if name not in bound:
                yield node
        case Comprehension(variables=variables, outside=outside, inside=inside):
            for each in outside:
                yield from free_names(each, bound)
            for each in inside:
                yield from free_names(each, bound.union(variables))
        case _:
            for each in parts(node):
                yield from free_names(each, bound)


def parts(node: Node) -> tuple[Node, ...]:
    """Give the nodes directly below a node."""
    match node:
        case Select(operand=operand):
            return (operand,)
        case Call(arguments=nodes) | ListOf(items=nodes):
            return nodes
        case MapOf(entries=entries):
            return tuple(each for entry in entries for each in entry)
        case Comprehension(outside=outside, inside=inside):
            return outside + inside
        case _:
            return ()


@lru_cache(maxsize=4096)
def expression_tree(cel: str) -> Node | None:
    """Give an expression's tree, or `None` when it does not parse."""
    parsed = parsed_expression(cel)
    if parsed is None:
        return None
    return _node(parsed.expr, {each.key: each.value for each in parsed.source_info.positions})


def _place(cel: str, name: Name) -> NamePlace:
    before = cel[: name.offset]
    return NamePlace(
        name.name.removeprefix("."), before.count("\n") + 1, name.offset - before.rfind("\n")
    )


def _node(expr: Any, offsets: dict[int, int]) -> Node:  # noqa: PLR0911  # one for each kind
    def below(each: Any) -> Node:
        return _node(each, offsets)

    match expr.ListFields()[-1][0].name:
        case "const_expr":
            return _constant(expr.const_expr)
        case "ident_expr":
            return Name(expr.ident_expr.name, offsets.get(expr.id, 0))
        case "select_expr":
            select = expr.select_expr
            return Select(below(select.operand), select.field, select.test_only)
        case "call_expr":
            call = expr.call_expr
            if call.target.ident_expr.name == "math" and call.function in _MATH:
                return Call(f"math.{call.function}", tuple(below(each) for each in call.args))
            method = call.HasField("target")
            operands = (*([call.target] if method else []), *call.args)
            return Call(call.function, tuple(below(each) for each in operands), method)
        case "list_expr":
            return ListOf(tuple(below(each) for each in expr.list_expr.elements))
        case "struct_expr":
            struct = expr.struct_expr
            entries = tuple((_key(each, offsets), below(each.value)) for each in struct.entries)
            return MapOf(entries, struct.message_name)
        case _:
            loop = expr.comprehension_expr
            return Comprehension(
                tuple(each for each in (loop.iter_var, loop.iter_var2, loop.accu_var) if each),
                (below(loop.iter_range), below(loop.accu_init)),
                (below(loop.loop_condition), below(loop.loop_step), below(loop.result)),
            )


def _key(entry: Any, offsets: dict[int, int]) -> Node:
    if entry.HasField("map_key"):
        return _node(entry.map_key, offsets)
    return Constant(entry.field_key)


def _constant(constant: Any) -> Constant:
    kind, value = constant.ListFields()[0]
    if kind.name == "null_value":
        return Constant(None)
    return Constant(value, unsigned=kind.name == "uint64_value")
