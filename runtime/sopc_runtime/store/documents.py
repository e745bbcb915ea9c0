"""Graphs and organization files by their hashes, and the programs made of them."""

from sqlalchemy import Connection, select

from sopc.errors import WorkError
from sopc.graph.file import loads_graph
from sopc.organization import loads_organization
from sopc_runtime.core.program import Program
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import documents


def keep(connection: Connection, *, kind: str, text: str, digest: str) -> None:
    """Keep a document's text under its hash."""
    row = {"hash": digest, "kind": kind, "text": text}
    connection.execute(insert_once(connection, documents).values(row))


def program(connection: Connection, graph: str, organization: str, procedure: str) -> Program:
    """Give the program of a procedure under a version of its graph and organization.

    Raises:
        WorkError: One of the documents is not kept.
    """
    key = graph, organization, procedure
    known = _PROGRAMS.get(key)
    if known is None:
        own = loads_organization(_text(connection, organization)) if organization else None
        known = Program(loads_graph(_text(connection, graph)).graph, own, procedure)
        if len(_PROGRAMS) >= _MOST:
            del _PROGRAMS[next(iter(_PROGRAMS))]
        _PROGRAMS[key] = known
    return known


# What a hash names never changes.
_MOST = 256
_PROGRAMS: dict[tuple[str, str, str], Program] = {}


def _text(connection: Connection, digest: str) -> str:
    text = connection.execute(
        select(documents.c.text).where(documents.c.hash == digest)
    ).scalar_one_or_none()
    if text is None:
        raise WorkError(f"the database does not hold document `{digest[:12]}`")
    return str(text)
