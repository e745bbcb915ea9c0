"""Reading entries for people, and saying which one cannot be read because it was altered."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select

from sopc.errors import WorkError
from sopc_runtime.journal.verify import streamed, with_any_text
from sopc_runtime.store.tables import at_instant

_TEXTS = ("run", "kind", "step", "actor", "graph", "salt", "digest", "hash")


@dataclass(frozen=True, slots=True)
class Legible:
    """An entry that can be read.

    Attributes:
        row: Its columns as they are kept.
        at: When it happened.
        data: What its JSON holds; None if it was erased.
    """

    row: Row[Any]
    at: datetime
    data: Any


def legible(connection: Connection, chosen: Select[Any]) -> Iterator[Legible]:
    """Read the entries of a query that `as_kept` began, in its order.

    Raises:
        WorkError: One of them is not what the program could have written.
    """
    with with_any_text(connection):
        for row in streamed(connection, chosen):
            try:
                for name in _TEXTS:
                    (getattr(row, name) or "").encode()
                data = None if row.data is None else json.loads(row.data)
                read = Legible(row, at_instant(row.at), data)
            except (AttributeError, TypeError, ValueError, OverflowError, RecursionError):
                raise WorkError(
                    f"entry {row.seq} of the journal of `{row.run}` cannot be read:"
                    " it is not what was written",
                    hint="`sopc journal verify` tells what else is not",
                ) from None
            yield read
