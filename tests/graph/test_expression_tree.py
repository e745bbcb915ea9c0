"""An expression's tree is the library's own; it tells the names that come from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopc.graph.expression_tree import (
    Call,
    Comprehension,
    Constant,
    ListOf,
    MapOf,
    Name,
    NamePlace,
    Select,
    expression_tree,
    name_places,
    names_in,
    parts,
)


@pytest.mark.parametrize(
    ("cel", "names"),
    [
        ("amount > 500", {"amount"}),
        ("a.b.c > x[k] && y in ['x', z] ? {m: 1} == n : f(g)", set("axkyzmng")),
        ("has(order.total)", {"order"}),
        ("name.startsWith(prefix)", {"name", "prefix"}),
        ("Parcel{weight: kilos}", {"kilos"}),
        ("lines.exists(line, line.price > limit)", {"lines", "limit"}),
        ("lines.exists(a, a > 1) && a == 1", {"lines", "a"}),
        ("lines.exists(a, .a > 1)", {"lines", "a"}),
        ("a.map(i, b.filter(j, j > i && k))", {"a", "b", "k"}),
        ("type(x) == int", {"x", "int"}),
        ("'amount'", set()),
        ("true", set()),
        ("", set()),
        ("a &&", set()),
        ("\ud800", set()),
        ("a\0b", set()),
    ],
)
def test_names_come_from_outside(cel: str, names: set[str]) -> None:
    """Strings, fields, functions and the variables of comprehensions are no names."""
    assert names_in(cel) == names


def test_names_have_places() -> None:
    """Lines and columns count from 1, in code points, and every use is listed."""
    assert name_places("'ü😀' == late &&\n  due.x > late || lines.all(l, l < due)") == (
        NamePlace("late", 1, 9),
        NamePlace("due", 2, 3),
        NamePlace("late", 2, 11),
        NamePlace("lines", 2, 19),
        NamePlace("due", 2, 36),
    )


@pytest.mark.parametrize(
    ("cel", "tree"),
    [
        ("a > 500", Call("_>_", (Name("a"), Constant(500)))),
        (
            "!(a in [1u, -2])",
            Call(
                "!_",
                (Call("@in", (Name("a"), ListOf((Constant(1, unsigned=True), Constant(-2))))),),
            ),
        ),
        ("has(o.f)", Select(Name("o"), "f", test=True)),
        ("o.f.g", Select(Select(Name("o"), "f"), "g")),
        ("s.endsWith('x')", Call("endsWith", (Name("s"), Constant("x")), method=True)),
        ("size(s)", Call("size", (Name("s"),))),
        ("{'k': null}", MapOf(((Constant("k"), Constant(None)),))),
        ("T{f: 1.5}", MapOf(((Constant("f"), Constant(1.5)),), "T")),
        ("b'x' == true", Call("_==_", (Constant(b"x"), Constant(True)))),
    ],
)
def test_trees_say_what_the_expression_says(cel: str, tree: object) -> None:
    """Each kind of expression has its node."""
    assert expression_tree(cel) == tree


def test_literals_of_different_types_differ() -> None:
    """Python's 1 == 1.0 == True does not reach the tree."""
    literals = {expression_tree(each) for each in ("1", "1u", "1.0", "true", "'1'", "b'1'")}
    assert len(literals) == 6


def test_comprehensions_keep_inside_and_outside_apart() -> None:
    """The walked list is outside of the variable's reach."""
    tree = expression_tree("xs.all(x, x > y)")
    assert isinstance(tree, Comprehension)
    assert tree.variables[0] == "x"
    assert tree.outside[0] == Name("xs")
    assert len(parts(tree)) == 5


@pytest.mark.parametrize(
    "cel",
    ["(" * 5000 + "a" + ")" * 5000, "+".join(["a"] * 5000), "a" + ".b" * 5000, "[" * 99 + "]" * 99],
)
def test_what_is_nested_too_deeply_has_no_tree(cel: str) -> None:
    """The parser's own limit holds; nothing is raised."""
    assert expression_tree(cel) is None


def test_long_chains_have_names() -> None:
    """A long list of alternatives is no deep nesting."""
    assert len(names_in(" || ".join(f"a{number} == {number}" for number in range(3000)))) == 3000


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    """Whatever stands there, there is an answer."""
    assert isinstance(names_in(text), frozenset)


_pieces = st.sampled_from(
    ["a", "b", "1", "'x'", "[a]", "{'k': b}", "a.f", "has(a.f)", "a.all(v, v == b)", "T{f: a}"]
)


@given(st.lists(st.tuples(_pieces, st.sampled_from(["+", "&&", "||", "==", "? a :"]))))
def test_no_expression_raises(pieces: list[tuple[str, str]]) -> None:
    """Whatever parses gives its names, and never a variable's."""
    text = " ".join(piece for pair in pieces for piece in pair) + " a"
    assert names_in(text) <= {"a", "b"}


def test_the_name_before_a_function_of_math_is_no_value() -> None:
    """Whatever else is called `math` is one."""
    assert names_in("math.greatest(a, math.abs(b))") == {"a", "b"}
    assert names_in("math.size() + a") == {"math", "a"}
