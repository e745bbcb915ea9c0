"""A procedure's flow as a network."""

import networkx as nx

from sopc.graph import (
    END,
    ApprovalStep,
    Branch,
    Condition,
    DecisionStep,
    HumanTaskStep,
    Loop,
    Procedure,
    Step,
)
from sopc.graph.network import (
    START,
    FlowKind,
    endless,
    procedure_network,
    shortest_cycle,
    unknown_targets,
    unreachable,
)
from sopc.graph.step import Next


def task(identity: str, to: Next | None = None, loop: Loop | None = None) -> HumanTaskStep:
    return HumanTaskStep(id=identity, title=identity, next=to, loop=loop)


def procedure(*steps: Step) -> Procedure:
    return Procedure(id="p", title="P", steps=steps)


BIG = Condition(says="if it is big")


def test_steps_follow_each_other_in_the_order_of_the_list() -> None:
    """Without any `next` the flow is the list, from start to end."""
    network = procedure_network(procedure(task("a"), task("b")))
    assert list(network) == [START, "a", "b", END]
    assert list(network.edges) == [(START, "a"), ("a", "b"), ("b", END)]
    assert {edge["kind"] for _, _, edge in network.edges.data()} == {FlowKind.SEQUENCE}


def test_a_procedure_without_steps_goes_straight_to_its_end() -> None:
    """An empty procedure still has a start and an end."""
    assert list(procedure_network(procedure()).edges) == [(START, END)]


def test_every_way_is_an_edge_that_says_why() -> None:
    """Branches, else, rejection, explicit next and loop back are all told apart."""
    network = procedure_network(
        procedure(
            DecisionStep(id="d", title="d", branches=(Branch(when=BIG, then="b"),), otherwise="c"),
            ApprovalStep(id="b", title="b", on_reject="d", next=END),
            task("c", loop=Loop(back_to="d", until=BIG)),
        )
    )
    edges = {(a, b): (edge["kind"], edge["condition"]) for a, b, edge in network.edges.data()}
    assert edges == {
        (START, "d"): (FlowKind.SEQUENCE, None),
        ("d", "b"): (FlowKind.BRANCH, BIG),
        ("d", "c"): (FlowKind.OTHERWISE, None),
        ("b", END): (FlowKind.NEXT, None),
        ("b", "d"): (FlowKind.REJECT, None),
        ("c", END): (FlowKind.SEQUENCE, None),
        ("c", "d"): (FlowKind.LOOP, BIG),
    }


def test_two_ways_between_the_same_steps_are_both_kept() -> None:
    """An edge lists all the ways that it stands for."""
    decision = DecisionStep(
        id="d", title="d", branches=(Branch(when=BIG, then="a"),), otherwise="a"
    )
    network = procedure_network(procedure(decision, task("a")))
    ways = network.edges["d", "a"]["flows"]
    assert [way.kind for way in ways] == [FlowKind.BRANCH, FlowKind.OTHERWISE]
    assert [way.path for way in ways] == [("branches", 0, "then"), ("otherwise",)]


def test_targets_that_are_no_step_are_listed_and_left_out() -> None:
    """A way to nowhere adds no node; it is told with the place of its target in the step."""
    steps = procedure(task("a", to=("b", "nowhere")), task("b"))
    assert "nowhere" not in procedure_network(steps)
    (way,) = unknown_targets(steps)
    assert (way.step, way.target, way.path) == ("a", "nowhere", ("next", 1))


def test_steps_that_nothing_leads_to_and_steps_that_never_end() -> None:
    """Reachability goes from the start, and backwards from the end."""
    network = procedure_network(
        procedure(task("a", to="c"), task("lost"), task("c"), task("d", to="d"))
    )
    assert unreachable(network) == ["lost"]
    assert endless(network) == ["a", "lost", "c", "d"]


def test_the_shortest_cycle_is_a_path_back_to_its_first_step() -> None:
    """Of nested loops, the one is shown that is round the soonest."""
    network = procedure_network(
        procedure(
            task("a"),
            task("b", loop=Loop(back_to="b")),
            task("c", loop=Loop(back_to="a")),
            task("d"),
        )
    )
    assert shortest_cycle(network, "b") == ["b", "b"]
    assert shortest_cycle(network, "a") == ["a", "b", "c", "a"]


def test_a_jump_back_that_closes_no_circle_is_no_cycle() -> None:
    """Order in the file alone makes no cycle."""
    network = procedure_network(procedure(task("a", to="c"), task("b", to=END), task("c", to="b")))
    assert shortest_cycle(network, "b") == []
    assert nx.is_directed_acyclic_graph(network)


def test_a_long_procedure_is_no_trouble() -> None:
    """Thousands of steps in a row are viewed without recursion or a long wait."""
    network = procedure_network(procedure(*(task(f"s-{n}") for n in range(3000))))
    assert unreachable(network) == []
    assert endless(network) == []
    assert shortest_cycle(network, "s-0") == []
