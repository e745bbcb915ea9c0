"""An operation is proposed where a system has just one that the step's verb names."""

import pytest

from passes.scripted_gateway import compiled
from sopc.graph import ActionStep
from sopc.organization import loads_organization

PROSE = "# Desk\n\nThe manager must create the ticket in Zendesk.\n"


def operation(*names: str) -> str | None:
    """The operation proposed where Zendesk has these."""
    listed = "".join(f"      - name: {name}\n" for name in names)
    known = f"    operations:\n{listed}" if names else ""
    organization = loads_organization(
        f"name: Desk\nsystems:\n  - id: zendesk\n    name: Zendesk\n{known}"
    )
    (step,) = compiled(PROSE, organization=organization).graph.procedures[0].steps
    assert isinstance(step, ActionStep)
    assert step.system == "zendesk"
    return step.operation


@pytest.mark.parametrize("name", ["create_ticket", "create-ticket", "ticket.create", "create"])
def test_the_only_operation_of_the_verb_is_proposed(name: str) -> None:
    """However its words are joined, it is the one that is meant."""
    assert operation(name, "close_ticket") == name


@pytest.mark.parametrize("names", [(), ("close_ticket",), ("create_ticket", "create_user")])
def test_none_is_proposed_where_none_or_several_fit(names: tuple[str, ...]) -> None:
    """What is not certain stays open."""
    assert operation(*names) is None


def test_without_an_organization_nothing_is_bound() -> None:
    """No operation is invented for a system that nobody described."""
    (step,) = compiled(PROSE).graph.procedures[0].steps
    assert isinstance(step, ActionStep)
    assert step.operation is None
