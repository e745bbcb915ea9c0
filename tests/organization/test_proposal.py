"""An organization file proposed from graphs: all that they name, in one order, nothing merged."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sopc.graph import RoleUse, StepGraph, SystemUse
from sopc.graph.file import load_graph, loads_graph
from sopc.organization import loads_organization
from sopc.organization.proposal import proposal

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.sop.yaml"))

FIRST = """\
format: 1
id: first
title: First
roles:
  - {id: account-manager, name: account manager}
  - {id: boss, name: Boss}
  - {id: am, name: AM}
systems:
  - {id: base-camp, name: Base camp}
  - {id: refunds, name: "#refunds"}
  - {id: request, name: Request form}
procedures:
  - id: p
    title: P
    triggers:
      - {id: t, kind: schedule, says: each day, cron: 0 9 * * *, time_zone: Europe/Lisbon}
      - {id: e, kind: event, says: a request, system: request}
      - {id: r, kind: request, says: asks, by: boss}
    escalation:
      - {says: "tell, then, the boss", to: boss, via: refunds}
    steps:
      - id: a
        kind: action
        title: A
        role: account-manager
        system: base-camp
        template: welcome-1
      - id: b
        kind: approval
        title: B
        role: boss
        guardrails: [{says: at most, ask: boss}]
"""
SECOND = """\
format: 1
id: second
title: Second
roles:
  - {id: account-manager, name: Account Manager}
  - {id: boss, name: Head of the house}
systems:
  - {id: basecamp, name: Basecamp}
  - {id: refunds, name: "#refunds"}
procedures:
  - id: p
    title: P
    triggers:
      - {id: t, kind: schedule, says: each day, cron: 0 9 * * *, time_zone: Mars}
    steps:
      - {id: a, kind: human_task, title: A, role: account-manager, system: basecamp}
      - {id: b, kind: human_task, title: B, role: account-manager, template: welcome-2}
"""
EXPECTED = """\
format: 1
name: house  # the folder's; write the organization's
time_zone: Europe/Lisbon  # named once, in 1 graph
# business_hours: {from: 09:00, to: 17:00}  # Monday to Friday; `days` says others
# holidays: {country: US}
roles:
  # who holds it: holders: [{name: ..., email: ..., from: 2026-01-31}]
  - id: boss  # named 4 times, in 1 graph
    name: Boss
    # also called "Head of the house"? if so, make them one entry with `aliases: [...]`
  - id: account-manager  # named 3 times, in 2 graphs
    name: Account Manager
    # also called "AM"? if so, make them one entry with `aliases: [...]`
  - id: am  # listed in 1 graph, used in no step
    name: AM
    # also called "Account Manager"? if so, make them one entry with `aliases: [...]`
  - id: boss-2  # listed in 1 graph, used in no step
    name: Head of the house
    # also called "Boss"? if so, make them one entry with `aliases: [...]`
systems:
  # how it is reached: binding: {connector: mcp, settings: {token: env:NAME}}
  - id: refunds  # named once, in 1 graph
    name: "#refunds"
    kind: channel
  - id: base-camp  # named once, in 1 graph
    name: Base camp
    # also called "Basecamp"? if so, make them one entry with `aliases: [...]`
  - id: basecamp  # named once, in 1 graph
    name: Basecamp
    # also called "Base camp"? if so, make them one entry with `aliases: [...]`
  - id: request  # named once, in 1 graph
    name: Request form
    kind: form
templates:
  - name: welcome-1  # named once, in 1 graph
  - name: welcome-2  # named once, in 1 graph
# Whom a step turns to that does not say so itself:
# escalation: {to: boss, after: 1 business day}
"""


def test_all_that_graphs_name_is_there() -> None:
    """Counted, most named first, with kinds that names say, and questions where names are near."""
    text = proposal([loads_graph(each).graph for each in (FIRST, SECOND)], "house")
    assert "".join(text.splitlines(keepends=True)[2:]) == EXPECTED
    loads_organization(text)


def test_the_order_of_graphs_does_not_matter() -> None:
    """The same graphs give the same bytes."""
    graphs = [load_graph(path).graph for path in EXAMPLES]
    assert proposal(graphs, "x") == proposal(reversed(graphs), "x")


def test_the_examples_graphs_find_all_their_names() -> None:
    """No role or system of any graph is unknown to the proposal."""
    graphs = [load_graph(path).graph for path in EXAMPLES]
    assert graphs
    organization = loads_organization(proposal(graphs, "examples"))
    for graph in graphs:
        assert all(organization.role(role.name) for role in graph.roles)
        assert all(organization.system(system.name) for system in graph.systems)


def test_nothing_named_is_nothing_proposed() -> None:
    """It still loads, and says so."""
    graph = loads_graph("format: 1\nid: a\ntitle: A\nprocedures: [{id: p, title: P}]\n").graph
    text = proposal([graph], "no: name #1")
    assert loads_organization(text).name == "no: name #1"
    assert "# roles: the graphs name no role\n" in text


_names = st.one_of(
    st.text(min_size=1, max_size=12).filter(str.strip),
    st.sampled_from(["a", "A", "a-2", "A 2", "a.2", "#a", "no", "1", "09:00", "a\nb", "- x", "é"]),
)
_ids = st.sampled_from(["a", "a-2", "a-3", "b", "x"])


@given(
    roles=st.lists(st.tuples(_ids, _names), max_size=6, unique_by=lambda each: each[0]),
    systems=st.lists(st.tuples(_ids, _names), max_size=6, unique_by=lambda each: each[0]),
    more=st.lists(st.tuples(_ids, _names), max_size=6, unique_by=lambda each: each[0]),
)
def test_any_names_give_a_file_that_knows_them(
    roles: list[tuple[str, str]], systems: list[tuple[str, str]], more: list[tuple[str, str]]
) -> None:
    """Whatever graphs call things, however ids and names cross."""
    base = loads_graph("format: 1\nid: a\ntitle: A\nprocedures: [{id: p, title: P}]\n").graph
    graphs: list[StepGraph] = [
        base.model_copy(
            update={
                "roles": tuple(RoleUse(id=key, name=name) for key, name in used),
                "systems": tuple(SystemUse(id=key, name=name) for key, name in systems),
            }
        )
        for used in (roles, more)
    ]
    organization = loads_organization(proposal(graphs, "x"))
    assert all(organization.role(name) for _, name in (*roles, *more))
    assert all(organization.system(name) for _, name in systems)
