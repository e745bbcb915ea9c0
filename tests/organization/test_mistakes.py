"""Every mistake in an organization file is told with its place and what to change."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.mistaken_files import mistaken
from organization.test_organization_file import WHOLE
from sopc.graph.document import compose, plain
from sopc.graph.problem import GraphFileError
from sopc.organization import loads_organization

HEAD = "name: A\n"


def operation_with(what: str) -> str:
    """A system with one operation; what it takes begins in column 46."""
    return f"systems:\n  - {{id: a, name: A, operations: [{{name: x, {what}}}]}}"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        # keys
        ("rolls: []", (2, 1), "unknown key `rolls`", "did you mean `roles`"),
        (
            "limits:\n  - {id: x, says: y, foo: z}",
            (3, 22),
            "unknown key `foo` in `x`",
            (
                "keys that may stand here: `id`, `says`, `cel`, `most`, `currency`, `systems`, "
                "`operations`"
            ),
        ),
        (
            "roles:\n  - {id: x, name: y, holders: [{name: z, form: 2026-01-01}]}",
            (3, 42),
            "unknown key `form` in `z`",
            "did you mean `from`",
        ),
        ("business_hours: {until: 17:00}", (2, 18), "unknown key `until`", "keys that may"),
        (
            operation_with("inputs: [{nam: y, type: date}]"),
            (3, 55),
            "unknown key `nam`",
            "did you mean `name`",
        ),
        # a key called as the system's kind
        (
            "systems:\n  - {id: a, name: A, kind: form, form: x}",
            (3, 34),
            "unknown key `form` in `a`",
            "did you mean `from`",
        ),
        ("limits: {a: b}", (2, 9), "expected `limits` to be a list", "start"),
        # values
        ("time_zone: Europe/Berln", (2, 12), "no IANA time zone", None),
        ("business_hours: {from: 9}", (2, 24), "`9` is no time of the day", None),
        ("business_hours: {to: 25:00}", (2, 22), "expected `to` to be in a valid time", None),
        ("business_hours: {from: 17:00, to: 9:00}", (2, 17), "not later than `from`", None),
        ("business_hours: {days: []}", (2, 24), "a list of at least 1", None),
        ("business_hours: {days: [mon]}", (2, 25), "one of `monday`, `tuesday`", None),
        ("holidays: {dates: [20260101]}", (2, 20), "`20260101` is no day", None),
        ("holidays: {dates: [2026-02-30]}", (2, 20), "expected each of `dates`", None),
        (
            "systems:\n  - {id: a, name: A, from: 2026-02-01, to: 2026-01-31}",
            (3, 5),
            "`A` is in use `to` a day before `from`",
            None,
        ),
        (
            "systems:\n  - {id: a, name: A, operations: [{name: x, effect: pays}]}",
            (3, 53),
            "expected `effect` to be one of `read`, `write`, `notify`, `send`, `pay`",
            "did you mean `pay`",
        ),
        (
            operation_with("inputs: [{name: y, type: money}]"),
            (3, 54),
            "`y` is money and needs a `currency`",
            None,
        ),
        (
            "systems:\n  - {id: a, name: A, operations: [{name: x, inputs: [Total Amount]}]}",
            (3, 54),
            "expected each of `inputs` to be a name of lower-case letters",
            None,
        ),
        (
            "limits:\n  - {id: a, says: b, most: 500}",
            (3, 5),
            "limit `a` has a `most` and needs its `currency`",
            None,
        ),
        ("limits:\n  - {id: a, says: b, most: -1}", (3, 28), "at least 0", None),
        # one thing twice
        (
            "systems:\n  - {id: a, name: Drive}\n  - {id: b, name: B, aliases: [drive]}",
            (4, 5),
            "`drive` is already a name of `Drive` in `systems`",
            "make them one entry",
        ),
        (
            "calendars:\n  - {id: a, name: A}\n  - {id: a, name: B}",
            (4, 5),
            "`a` is already a name of `A` in `calendars`",
            "make them one entry",
        ),
        (
            "limits:\n  - {id: a, says: A}\n  - {id: a, says: B}",
            (4, 10),
            "limit `a` stands twice",
            "give one limit another name",
        ),
        (
            "systems:\n  - {id: a, name: A, operations: [{name: x}, {name: y}, {name: x}]}",
            (3, 64),
            "operation `x` stands twice",
            "give one operation another name",
        ),
        (
            operation_with("inputs: [y, {name: y, type: date}]"),
            (3, 64),
            "input `y` stands twice",
            "give one input another name",
        ),
        (
            (
                "roles:\n  - id: a\n    name: A\n    holders:\n"
                "      - {name: Ana Pires, to: 2026-03-31}\n"
                "      - {name: ANA pires, from: 2026-03-31}"
            ),
            (7, 9),
            "`ANA pires` holds `A` twice at the same time",
            "end the first with `to`",
        ),
        # references and circles
        (
            "systems:\n  - {id: a, name: A, replaced_by: stripe}\n  - {id: stripe-2, name: Stripe}",
            (3, 35),
            "there is no system with the id `stripe`",
            "the nearest is `stripe-2`",
        ),
        (
            (
                "systems:\n  - {id: a, name: A, replaced_by: b}\n"
                "  - {id: b, name: B, replaced_by: c}\n"
                "  - {id: c, name: C, replaced_by: b}"
            ),
            (4, 35),
            "system `b` is replaced by itself: `b` → `c` → `b`",
            "leave `replaced_by` out at the one that is in use",
        ),
        (
            "systems:\n  - {id: a, name: A, replaced_by: a}",
            (3, 35),
            "system `a` is replaced by itself: `a` → `a`",
            None,
        ),
        (
            "roles:\n  - {id: a, name: A, reports_to: b}\n  - {id: b, name: B, reports_to: a}",
            (3, 34),
            "role `a` reports to itself: `a` → `b` → `a`",
            "where the line ends",
        ),
        (
            "roles:\n  - {id: a, name: A, reports_to: boss}",
            (3, 34),
            "there is no role with the id `boss`",
            "list it among the `roles` first",
        ),
        (
            "templates:\n  - {name: x, system: drive}",
            (3, 23),
            "there is no system with the id `drive`",
            "list it among the `systems` first",
        ),
        (
            "limits:\n  - {id: a, says: b, systems: [drive]}",
            (3, 32),
            "there is no system with the id `drive`",
            None,
        ),
        (
            (
                "systems:\n  - {id: a, name: A, operations: [{name: x}]}\n"
                "limits:\n  - {id: a, says: b, systems: [a], operations: [y]}"
            ),
            (5, 49),
            "there is no operation `y` in the systems of the limit",
            "their operations are `x`",
        ),
        # holidays
        ("holidays: {country: UK}", (2, 21), "for a country `UK`", "its code is `GB`"),
        ("holidays: {country: Germany}", (2, 21), "for a country `Germany`", "its code is `DE`"),
        ("holidays: {country: QQ}", (2, 21), "for a country `QQ`", "two letters of ISO 3166"),
        (
            "holidays: {country: PT, subdivision: Lisbona}",
            (2, 38),
            "`PT` has no subdivision `Lisbona`",
            "the nearest are `Lisboa`",
        ),
        (
            "holidays: {subdivision: CA}",
            (2, 25),
            "subdivision `CA` stands without its country",
            "add `country: ...`",
        ),
        (
            "calendars:\n  - {id: a, name: A, holidays: {country: XX}}",
            (3, 42),
            "for a country `XX`",
            None,
        ),
        # YAML
        ("roles: &a []", (2, 8), "anchor `&a` is not allowed in an organization file", None),
    ],
)
def test_a_mistake_is_told_exactly(
    text: str, place: tuple[int, int], message: str, hint: str | None
) -> None:
    """One problem, at the key or value that is wrong, with the change that would mend it."""
    with pytest.raises(GraphFileError) as caught:
        loads_organization(HEAD + text + "\n", "organization.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place
    assert message in problem.message
    if hint is not None:
        assert hint in (problem.hint or "")


def test_all_mistakes_are_told_at_once() -> None:
    """A misspelt key is one mistake, not a missing one as well."""
    text = HEAD + "roles:\n  - {id: a, nme: x}\n  - {id: B, name: y}\ntime_zone: Mars\n"
    with pytest.raises(GraphFileError) as caught:
        loads_organization(text)
    places = [(problem.line, problem.column) for problem in caught.value.problems]
    assert places == [(3, 13), (4, 10), (5, 12)]


@pytest.mark.parametrize("text", ["- a\n", "words\n"])
def test_a_file_of_another_shape_is_told_how_to_begin(text: str) -> None:
    """It is called by what it is, not a graph file."""
    with pytest.raises(GraphFileError, match="expected a mapping") as caught:
        loads_organization(text)
    assert caught.value.hint == "start it with the organization's `name: ...`"


@pytest.mark.parametrize(
    "holders",
    [
        "[{name: Ana, to: 2026-03-31}, {name: Ana, from: 2026-04-01}]",
        "[{name: Ana, from: 2026-04-01}, {name: Ana, to: 2026-03-31}]",
        "[{name: Ana, email: a@x.example}, {name: Ana, email: b@x.example}]",
        "[{name: Ana}, {name: Rui}]",
    ],
)
def test_who_comes_back_or_shares_a_name_is_no_mistake(holders: str) -> None:
    """Terms that follow each other, two people of one name, and two people in one role."""
    loads_organization(f"{HEAD}roles:\n  - {{id: a, name: A, holders: {holders}}}\n")


@given(st.data())
def test_no_shape_of_file_is_too_odd_to_tell(data: st.DataObject) -> None:
    """Whatever is edited, the file loads or its mistakes are told."""
    right = plain(compose(WHOLE, "organization.yaml"))
    with contextlib.suppress(GraphFileError):
        loads_organization(data.draw(mistaken(right)))
