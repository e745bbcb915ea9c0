"""Whatever graph can be loaded can be checked: findings with places, never a traceback."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.generated_graphs import graphs
from sopc.diagnostics import full, github, json_report, junit, sarif
from sopc.diagnostics.report import Report
from sopc.graph import StepGraph
from sopc.graph.file import dump_graph, loads_graph
from sopc.organization import loads_organization
from sopc.rules import RULES, check_graph

TODAY = date(2026, 3, 2)
ORGANIZATION = loads_organization(
    """\
name: Tidewater
time_zone: America/Chicago
business_hours: {from: "09:00", to: "17:00"}
roles:
  - {id: r0, name: r0, holders: [{name: Ana Ruiz, to: 2020-01-01}]}
  - {id: r1, name: r1, holders: [{name: Bo Lind}]}
systems:
  - {id: s0, name: s0, to: 2021-01-01, replaced_by: s1}
  - id: s1
    name: s1
    binding: {connector: http}
    operations: [{name: pay, inputs: [{name: amount, type: money, currency: USD}], effect: pay}]
limits:
  - {id: most, says: up to 500, most: 50000, currency: USD}
"""
)

_STEP = st.sampled_from(["a", "b", "c", "d", "end"])
_ROLE = st.sampled_from(["r0", "r1", "r2"])
_SYSTEM = st.sampled_from(["s0", "s1", "s2"])
_DURATION = st.sampled_from(
    ["PT0S", "PT4H", "P2D", "P1M", "P9999Y", "-P1D", "1 business day", "9999 business weeks"]
)
_CEL = st.sampled_from(
    [
        "amount > 50000",
        "amount <= 50000",
        "amount == total",
        "kind == 'x'",
        "kind in ['x', 'y']",
        "size(names) > 0",
        "true",
        "!(amount > 1 && amount < 1)",
        "names.exists(n, n == kind)",
        "9223372036854775807 + amount > 0",
        "amount / 0 == 1",
        "((((((((amount))))))))",
        "unknown.field[0]",
        "due < timestamp('2026-01-01T00:00:00Z')",
        "1 +",
        "'\\u202e' == kind",
    ]
)
_SAYS = st.sampled_from(
    ["if the amount is over $500", "promptly", "Ana Ruiz", "pay", "\u202e" + "x", "é" * 40]
)


def _some(**optional: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({"says": _SAYS}, optional=optional)


_CONDITION = _some(cel=_CEL)
_CONDITIONS = st.lists(_CONDITION, max_size=2)
_TARGET = st.one_of(_STEP, st.lists(_STEP, min_size=1, max_size=3))
_RUNGS = st.lists(_some(after=_DURATION, to=_ROLE, by=_ROLE, via=_SYSTEM), max_size=3)
_FIELDS = st.lists(
    st.sampled_from(
        [
            {"name": "total", "type": "money", "currency": "EUR"},
            {"name": "names", "type": "list", "items": "string"},
            {"name": "kind", "type": "enum", "values": ["x", "y"]},
            {"name": "password", "type": "string"},
        ]
    ),
    max_size=2,
    unique_by=lambda each: each["name"],
)
_BOUNDS = {
    "deadlines": st.lists(_some(within=_DURATION, by=_SAYS, of=_SAYS), max_size=2),
    "delays": st.lists(_some(wait=_DURATION, when=_CONDITIONS), max_size=2),
    "cadences": st.lists(_some(every=_DURATION, until=_CONDITION), max_size=1),
    "retry": _some(times=st.integers(1, 10**9), delay=_DURATION),
    "escalation": _RUNGS,
    "when": _CONDITIONS,
    "role": _ROLE,
    "next": _TARGET,
    "handles": _STEP,
    "join": st.sampled_from(["all", "any"]),
    "loop": st.fixed_dictionaries({"back_to": _STEP}, optional={"until": _CONDITION}),
    "for_each": st.fixed_dictionaries({"items": st.just("names"), "name": st.just("person")}),
    "tier": st.fixed_dictionaries({"level": st.integers(1, 3), "reason": _SAYS}),
    "reversible": st.booleans(),
    "guardrails": st.lists(_some(limit=_CEL, ask=_ROLE), max_size=1),
    "vague": st.lists(_some(), max_size=1),
}
_INPUTS = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(["amount", "api_key"]), "cel": _CEL}), max_size=2
)
_WORKING = {"system": _SYSTEM, "template": _SAYS, "inputs": _INPUTS, "outputs": _FIELDS}
_EVENT = st.fixed_dictionaries(
    {"id": st.just("e"), "kind": st.just("event"), "says": _SAYS},
    optional={"system": _SYSTEM, "event": _SAYS, "filter": _CEL, "payload": _FIELDS},
)
_KINDS: list[tuple[str, dict[str, st.SearchStrategy[object]], dict[str, st.SearchStrategy[object]]]]
_KINDS = [
    ("action", {}, {**_WORKING, "operation": st.sampled_from(["pay", "send"])}),
    ("human_task", {}, _WORKING),
    ("approval", {}, {**_WORKING, "on_reject": _TARGET}),
    (
        "decision",
        {
            "branches": st.lists(
                st.fixed_dictionaries({"when": _CONDITION, "then": _TARGET}), min_size=1, max_size=3
            )
        },
        {"otherwise": _TARGET},
    ),
    (
        "compute",
        {
            "values": st.lists(
                st.fixed_dictionaries(
                    {"name": st.just("total"), "type": st.just("integer"), "cel": _CEL}
                ),
                min_size=1,
                max_size=2,
            )
        },
        {},
    ),
    ("wait", {}, {"duration": _DURATION, "until": _SAYS, "event": _EVENT}),
    ("call", {}, {"procedure": st.sampled_from(["p0", "p1"]), "inputs": _INPUTS}),
]


def _step(name: str) -> st.SearchStrategy[dict[str, object]]:
    return st.one_of(
        [
            st.fixed_dictionaries(
                {"id": st.just(name), "kind": st.just(kind), "title": _SAYS, **required},
                optional={**_BOUNDS, **own},
            )
            for kind, required, own in _KINDS
        ]
    )


_PROCEDURE = st.fixed_dictionaries(
    {"title": _SAYS, "steps": st.tuples(*(_step(name) for name in "abcd"))},
    optional={
        "deadlines": _BOUNDS["deadlines"],
        "escalation": _RUNGS,
        "scope": _CONDITIONS,
        "triggers": st.lists(_EVENT, max_size=1),
    },
)


@st.composite
def wired(draw: st.DrawFn) -> StepGraph:
    """Give a graph whose parts mostly name each other, and mostly make no sense."""
    procedures = [
        {"id": f"p{number}", **draw(_PROCEDURE)} for number in range(draw(st.integers(1, 2)))
    ]
    data = {
        "format": 1,
        "id": "g",
        "title": "G",
        "inputs": [
            {"name": "amount", "type": "money", "currency": "USD"},
            {"name": "due", "type": "date"},
        ],
        "roles": [{"id": "r0", "name": "r0"}, {"id": "r1", "name": "r1"}],
        "systems": [{"id": "s0", "name": "s0"}, {"id": "s1", "name": "s1"}],
        "procedures": procedures,
    }
    return StepGraph.model_validate(data)


_few = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def _check(graph: StepGraph) -> None:
    loaded = loads_graph(dump_graph(graph))
    first, second = (
        check_graph(loaded, "g.sop.yaml", RULES, organization=ORGANIZATION, today=TODAY)
        for _ in range(2)
    )
    assert first.findings == second.findings
    lines = loaded.text.split("\n")
    for finding in first.findings:
        place = finding.primary.place
        assert place.length > 0
        assert place.column + place.length - 1 <= len(lines[place.line - 1])
    report = Report(tuple(first.findings), ("g.sop.yaml",), {"g.sop.yaml": loaded.text})
    written = full(report), json_report(report), github(report)
    assert all("\x1b" not in text for text in written)
    assert sarif(report, RULES)
    assert junit(report, RULES)


@_few
@given(wired())
def test_a_graph_whose_parts_name_each_other(graph: StepGraph) -> None:
    """Every rule gets far: expressions, flow, ladders and data all have something to look at."""
    _check(graph)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs)
def test_any_graph_at_all(graph: StepGraph) -> None:
    """Odd words, dates and numbers in every field."""
    _check(graph)
