"""The procedure that is measured: twelve steps in a row that do nothing."""

from collections.abc import Callable

from sopc.graph.file import loads_graph
from sopc.organization import Operation, Organization, System, loads_organization
from sopc_runtime.connectors.connector import CannotLookUpError, Reply, Request
from sopc_runtime.core.program import Program

STEPS = 12

ORGANIZATION = """\
format: 1
name: Tidewater
systems:
  - id: ledger
    name: Ledger
    binding: {connector: nothing, settings: {}}
    operations: [{name: write, effect: write, idempotent: true}]
"""
_HEAD = """\
format: 1
id: twelve
title: Twelve steps
procedures:
  - id: twelve
    title: Twelve steps
    steps:
"""
_ACT = """\
      - id: s{number}
        kind: action
        title: Step {number}
        tier: {{level: 1, reason: it does nothing}}
        system: ledger
        operation: write
"""
_PURE = """\
      - id: s{number}
        kind: compute
        title: Step {number}
        values: [{{name: v{number}, type: integer, cel: '{number} + 1'}}]
"""


def graph_text(*, acts: bool) -> str:
    """Write the graph: with steps that act, or with steps that only compute."""
    one = _ACT if acts else _PURE
    return _HEAD + "".join(one.format(number=number) for number in range(STEPS))


def program(*, acts: bool) -> Program:
    """Give the same as a program."""
    return Program(loads_graph(graph_text(acts=acts)).graph, organization())


def organization() -> Organization:
    """Give the organization."""
    return loads_organization(ORGANIZATION)


class Nothing:
    """The way to a system that does nothing, at once."""

    def __init__(self, system: System, organization: Organization) -> None:
        del system, organization

    def check(self) -> str:
        """Say that it is there."""
        return "there"

    def operations(self) -> tuple[Operation, ...]:
        """Give nothing: the organization file says it."""
        return ()

    def render(self, request: Request) -> dict[str, object]:
        """Give the inputs."""
        return dict(request.inputs)

    def perform(self, request: Request) -> Reply:
        """Do nothing."""
        del request
        return Reply()

    def look_up(self, request: Request) -> Reply | None:
        """Keep no record."""
        del request
        raise CannotLookUpError("it keeps no record")

    def close(self) -> None:
        """Let go of nothing."""


class Told(Nothing):
    """Does nothing, and tells when."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told

    def perform(self, request: Request) -> Reply:
        """Tell that it was asked."""
        del request
        self._told()
        return Reply()
