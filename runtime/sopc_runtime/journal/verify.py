"""Verification: whether the journal is what was written, and if not, where it first differs."""

import heapq
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    select,
    type_coerce,
)

from sopc.errors import UsageError
from sopc_runtime.journal.canonical import SALT_LENGTH, digest_of, hash_of
from sopc_runtime.journal.chain import ERASED, INSTANCE, RUN_ENDED, RUN_STARTED, Link
from sopc_runtime.journal.seal import SEALED, fits, references
from sopc_runtime.journal.vault import SALT
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import at_instant, journal, runs, vault

_CHUNK = 500
_ROW, _MILESTONE, _ENTRY, _SEALED = range(4)


@dataclass(frozen=True, slots=True)
class Break:
    """The first place of a run's chain, or of `*`, that is not what was written."""

    run: str
    says: str


@dataclass(slots=True)
class Verification:
    """What a verification found.

    Attributes:
        runs: How many runs have a journal.
        entries: How many entries were read.
        erased: Of how many the data was erased, as recorded.
        head: The hash of the last entry of `*`; kept elsewhere, it proves what came before.
        breaks: The first break of each chain.
    """

    runs: int = 0
    entries: int = 0
    erased: int = 0
    head: str = ""
    breaks: list[Break] = field(default_factory=list)


def verify(engine: Engine, *, run: str | None = None, head: str | None = None) -> Verification:
    """Read every chain, or those of one run and the instance, in constant memory.

    A `head` that was noted earlier has to stand in the chain `*`.

    Raises:
        UsageError: Nothing is known of the run.
    """
    found = Verification()
    with consistent(engine).connect() as connection, with_any_text(connection):
        _verify_instance(connection, found, head)
        for each, rows in groupby(_everything(connection, run), key=itemgetter(0)):
            says = _Chain(found).broken(rows)
            found.runs += 1
            if says is not None:
                found.breaks.append(Break(each, says))
    # The chain `*` is read whichever run is asked for.
    if run is not None and run != INSTANCE and not found.runs:
        raise UsageError(f"there is no run `{run}`", hint="`sopc runs` lists them")
    return found


def consistent(engine: Engine) -> Engine:
    """Give the database for reading one state of it, whatever is written meanwhile."""
    own = reading(engine)
    if engine.dialect.name == "postgresql":
        return own.execution_options(isolation_level="REPEATABLE READ")
    return own


def sorted_alike(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """Give what to order by so that a column's texts come as Python sorts them."""
    return column.collate("C") if connection.dialect.name == "postgresql" else column


class _Link:
    """Follows a chain entry by entry."""

    def __init__(self) -> None:
        self.end = Link()
        self.erased = 0

    def broken(self, row: Row[Any]) -> str | None:
        expected = self.end.seq + 1
        if row.seq != expected:
            return f"entry {expected} is missing"
        is_erased = row.data is None and row.salt is None
        if not is_erased and not _is_own(row):
            return f"the data of entry {row.seq} was altered"
        if not _follows(row, self.end.hash):
            return f"entry {row.seq} was altered, or stands where it was not written"
        self.end = Link(row.seq, row.hash)
        self.erased = row.seq if is_erased else self.erased
        return None


def _is_own(row: Row[Any]) -> bool:
    """Tell whether the data of an entry is what was written with it."""
    if not isinstance(row.data, str) or not isinstance(row.salt, str):
        return False
    # Signs that moved from one to the other leave the digest of both as it was.
    if len(row.salt) != SALT_LENGTH:
        return False
    return bool(digest_of(row.salt, row.data) == row.digest)


def _follows(row: Row[Any], previous: str) -> bool:
    """Tell whether an entry is what was written after another; columns may hold anything."""
    try:
        return bool(hash_of(previous, row._asdict() | {"at": at_instant(row.at)}) == row.hash)
    except (TypeError, ValueError, OverflowError):
        return False


def _verify_instance(connection: Connection, found: Verification, head: str | None) -> None:
    link, seen = _Link(), head is None
    for row in streamed(
        connection, as_kept().where(journal.c.run == INSTANCE).order_by(journal.c.seq)
    ):
        says = link.broken(row)
        if says is None and link.erased:
            says = f"the data of entry {row.seq} is gone"
        if says is not None:
            found.breaks.append(Break(INSTANCE, says))
            return
        found.entries += 1
        seen = seen or row.hash == head
    found.head = link.end.hash
    if not seen:
        found.breaks.append(Break(INSTANCE, f"no entry has the hash `{head}` that was noted"))


class _Chain:
    """What is known of one run while its rows come by."""

    def __init__(self, found: Verification) -> None:
        self.found = found
        self.row: Row[Any] | None = None
        self.told: dict[str, Link] = {}
        self.link = _Link()
        self.salt: str | None = None
        self.sealed: set[str] = set()

    def broken(self, rows: Iterable[tuple[str, int, Row[Any]]]) -> str | None:
        """Say what the first break is; all rows are read, so that entries are counted."""
        says: str | None = None
        for _, tag, row in rows:
            if tag == _ENTRY:
                self.found.entries += 1
                self.found.erased += row.data is None
            says = says or self._take(tag, row)
        return says or self._ended()

    def _take(self, tag: int, row: Row[Any]) -> str | None:
        if tag == _ROW:
            self.row = row
            return None
        if tag == _MILESTONE:
            return self._tell(row)
        if tag == _ENTRY:
            says = self.link.broken(row) or self._differs()
            if says is None and row.data is not None and SEALED in row.data:
                says = self._seals(row)
            return says
        if row.ref == SALT:
            self.salt = row.value
        elif self.salt is None or not fits(row.ref, self.salt, row.value):
            return f"the value sealed as `{row.ref}` was altered"
        self.sealed.discard(row.ref)
        return None

    def _seals(self, row: Row[Any]) -> str | None:
        try:
            self.sealed.update(references(json.loads(row.data)))
        except (ValueError, RecursionError):
            # Its hashes were made anew by hand.
            return f"the data of entry {row.seq} was altered"
        return None

    def _tell(self, row: Row[Any]) -> str | None:
        try:
            data = json.loads(row.data)
            self.told[row.kind] = Link(int(data["seq"]), str(data["hash"]))
        except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
            return f"what the chain `{INSTANCE}` holds about it was altered"
        return None

    def _differs(self) -> str | None:
        for link in self.told.values():
            if link.seq == self.link.end.seq and link.hash != self.link.end.hash:
                return f"entry {link.seq} is not the one that the chain `{INSTANCE}` holds"
        erased = self.told.get(ERASED, Link()).seq
        if self.link.erased > erased:
            return f"the data of entry {self.link.erased} is gone, and no erasure is recorded"
        return None

    def _ended(self) -> str | None:
        if self.row is None:
            return "the run is gone"
        if not isinstance(self.row.journal_seq, int):
            return "what its row says of its chain was altered"
        return self._cut(self.row) or self._untold(self.row)

    def _cut(self, row: Row[Any]) -> str | None:
        end = self.link.end
        last = max((link.seq for link in self.told.values()), default=0)
        written = max(row.journal_seq, last)
        if end.seq < written:
            return f"the chain was cut: it ends with entry {end.seq} of {written}"
        if end.seq > row.journal_seq:
            return f"entry {row.journal_seq + 1} was added by hand"
        if end.hash != row.journal_hash:
            return f"entry {end.seq} is not the last one that was written"
        if self.sealed:
            return f"the value sealed as `{min(self.sealed)}` is gone, and no erasure is recorded"
        return None

    def _untold(self, row: Row[Any]) -> str | None:
        if not self.link.end.seq:
            return None
        if RUN_STARTED not in self.told:
            return f"the chain `{INSTANCE}` does not hold its start"
        if row.ended is not None and RUN_ENDED not in self.told:
            return f"the chain `{INSTANCE}` does not hold its end"
        return None


def _everything(connection: Connection, run: str | None) -> Iterator[tuple[str, int, Row[Any]]]:
    """Give all that is kept of runs, by run: its row, milestones, entries and sealed values."""
    ended = type_coerce(runs.c.ended, BigInteger).label("ended")
    written = select(runs.c.id, runs.c.journal_seq, runs.c.journal_hash, ended)
    told = select(journal.c.step, journal.c.kind, journal.c.data).where(
        journal.c.run == INSTANCE, journal.c.kind.in_((RUN_STARTED, RUN_ENDED, ERASED))
    )
    entries = as_kept().where(journal.c.run != INSTANCE)
    sealed = select(vault.c.run, vault.c.ref, vault.c.value).where(vault.c.run != INSTANCE)
    sources: list[tuple[int, Select[Any], ColumnElement[str], list[ColumnElement[Any]]]] = [
        (_ROW, written, runs.c.id, []),
        (_MILESTONE, told, journal.c.step, [journal.c.seq]),
        (_ENTRY, entries, journal.c.run, [journal.c.seq]),
        # The salt sorts before all references.
        (_SEALED, sealed, vault.c.run, [sorted_alike(connection, vault.c.ref)]),
    ]
    streams = []
    for tag, query, key, order in sources:
        chosen = query if run is None else query.where(key == run)
        ordered = chosen.order_by(sorted_alike(connection, key), *order)
        streams.append(_tagged(streamed(connection, ordered), tag, key.name))
    return heapq.merge(*streams, key=itemgetter(0, 1))


def _tagged(
    rows: Iterable[Row[Any]], tag: int, key: str | None
) -> Iterator[tuple[str, int, Row[Any]]]:
    for row in rows:
        run = getattr(row, str(key)) or ""
        # What is no text comes after all texts, in SQLite too.
        yield run if isinstance(run, str) else f"\U0010ffff{run!r}", tag, row


def as_kept() -> Select[Any]:
    """Ask for entries with their instants as they are kept, which may be no instants any more."""
    at = type_coerce(journal.c.at, BigInteger).label("at")
    return select(*(at if each.name == "at" else each for each in journal.c))


@contextmanager
def with_any_text(connection: Connection) -> Iterator[None]:
    """Let SQLite give texts that are no UTF-8 any more, so that they are found."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    before, raw.text_factory = (
        raw.text_factory,
        lambda text: text.decode("utf-8", "surrogateescape"),
    )
    try:
        yield
    finally:
        raw.text_factory = before


def streamed(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    """Give the rows of a query a few at a time."""
    yield from connection.execute(query.execution_options(yield_per=_CHUNK))
