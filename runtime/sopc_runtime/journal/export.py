"""Exporting the journal as JSON lines, from which the chains can be verified elsewhere too."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from sopc_runtime.journal.canonical import instant
from sopc_runtime.journal.verify import sorted_alike
from sopc_runtime.store.tables import journal

_CHUNK = 500


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
    """
    query = select(journal).order_by(sorted_alike(connection, journal.c.run), journal.c.seq)
    if run is not None:
        query = query.where(journal.c.run == run)
    if since is not None:
        query = query.where(journal.c.at >= since)
    if until is not None:
        query = query.where(journal.c.at < until)
    for row in connection.execute(query.execution_options(yield_per=_CHUNK)):
        yield line(row)


def line(row: Row[Any]) -> str:
    """Write one entry as a line, all of its columns in their order."""
    entry = row._asdict()
    entry["at"] = instant(entry["at"])
    entry["data"] = None if entry["data"] is None else json.loads(entry["data"])
    return json.dumps(entry, separators=(",", ":")) + "\n"
