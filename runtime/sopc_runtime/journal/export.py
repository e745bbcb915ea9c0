"""Exporting the journal as JSON lines, from which the chains can be verified elsewhere too."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from sopc_runtime.journal.canonical import instant
from sopc_runtime.journal.legible import Legible, legible
from sopc_runtime.journal.verify import as_kept, sorted_alike
from sopc_runtime.store.tables import journal


def exported(
    connection: Connection,
    *,
    run: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[str]:
    """Give entries as lines of JSON, by run and number, as they are kept: sealed stays sealed.

    Args:
        connection: Where to read.
        run: The only run, or `*`; every one if it is left out.
        since: The first instant.
        until: The instant from which on entries are left out.

    Raises:
        WorkError: An entry was altered so that it cannot be read.
    """
    query = as_kept().order_by(sorted_alike(connection, journal.c.run), journal.c.seq)
    if run is not None:
        query = query.where(journal.c.run == run)
    if since is not None:
        query = query.where(journal.c.at >= since)
    if until is not None:
        query = query.where(journal.c.at < until)
    for entry in legible(connection, query):
        yield _line(entry)


def _line(entry: Legible) -> str:
    """Write one entry as a line, all of its columns in their order."""
    written = entry.row._asdict() | {"at": instant(entry.at), "data": entry.data}
    return json.dumps(written, separators=(",", ":")) + "\n"
