"""Which sources nobody listens to."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.triggers.deployed import REFUND, deploy, graph
from sopc_runtime.store.database import open_database
from sopc_runtime.triggers.unheard import unheard

WAITING = """\
    steps:
      - id: hold
        kind: wait
        title: Hold
        event: {kind: event, id: e, says: it is signed, system: docusign, event: signed}
"""
ORGANIZATION = "name: T\nsystems: [{id: zendesk, name: Zendesk, aliases: [help desk]}]\n"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database with a procedure that starts by one system and waits for another."""
    made = open_database(tmp_path)
    with made.begin() as connection:
        deploy(connection, "x", graph("x", REFUND, steps=WAITING), ORGANIZATION)
    return made


@pytest.mark.parametrize(
    ("system", "heard"),
    [("zendesk", True), ("help-desk", True), ("docusign", True), ("zendsk", False)],
)
def test_a_source_is_heard_by_triggers_and_waiting_steps(
    engine: Engine,
    system: str,
    heard: bool,  # noqa: FBT001 # a table of cases
) -> None:
    """By every name that the organization file gives its system."""
    with engine.connect() as connection:
        assert unheard(connection, [system]) == (() if heard else (system,))


def test_where_nothing_is_deployed_nobody_listens(tmp_path: Path) -> None:
    with open_database(tmp_path).connect() as connection:
        assert unheard(connection, ["zendesk", "zendesk"]) == ("zendesk",)
