"""Procedures that tests deploy, straight into the tables."""

import hashlib
from datetime import UTC, datetime

from sqlalchemy import Connection

from sopc_runtime.store.documents import keep
from sopc_runtime.store.tables import procedures

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

_STEPS = """\
    steps:
      - id: note-it
        kind: compute
        title: Note it
        values: [{name: noted, type: boolean, cel: "true"}]
"""


def graph(name: str, *triggers: str, steps: str = _STEPS) -> str:
    """Give a graph of one procedure whose triggers are written as flow mappings."""
    listed = "".join(f"      - {{{each}}}\n" for each in triggers)
    started = f"    triggers:\n{listed}" if triggers else ""
    return (
        f"format: 1\nid: {name}\ntitle: {name}\n"
        f"procedures:\n  - id: main\n    title: main\n{started}{steps}"
    )


REFUND = (
    "kind: event, id: tagged, says: a ticket is tagged, system: zendesk, event: ticket tagged, "
    "payload: [{name: ticket, type: integer}, {name: amount, type: money, currency: USD}, "
    "{name: plan, type: string, required: false}]"
)
"""An event of Zendesk with a number, an amount of money, and words that may be missing."""


def deploy(
    connection: Connection, name: str, text: str, organization: str = "", mode: str = "autonomous"
) -> None:
    """Deploy a graph under a name."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    keep(connection, kind="graph", text=text, digest=digest)
    own = ""
    if organization:
        own = hashlib.sha256(organization.encode()).hexdigest()
        keep(connection, kind="organization", text=organization, digest=own)
    connection.execute(
        procedures.insert().values(
            name=name,
            graph=digest,
            organization=own,
            procedure="main",
            path=None,
            mode=mode,
            mode_since=NOW,
            deployed_at=NOW,
        )
    )
