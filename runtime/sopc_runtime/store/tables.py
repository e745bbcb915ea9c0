"""The tables. Instants are whole microseconds in UTC, so that both databases sort them alike.

Columns that come later may be empty: databases of earlier releases get them so.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An instant, kept as whole microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Give what is kept."""
        del dialect
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Give the instant, in UTC."""
        del dialect
        return None if value is None else at_instant(value)


def at_instant(kept: int) -> datetime:
    """Give the instant that is kept as a number."""
    return _EPOCH + kept * _MICROSECOND


# SQLite numbers rows of INTEGER keys only.
_Number = BigInteger().with_variant(Integer, "sqlite")

documents = Table(
    "documents",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("kind", Text, nullable=False, comment="graph or organization"),
    Column("text", Text, nullable=False),
)
"""Graphs and organization files by SHA-256: runs are pinned to them."""

procedures = Table(
    "procedures",
    metadata,
    Column("name", Text, primary_key=True, comment="GRAPH, or GRAPH/PROCEDURE"),
    Column("graph", Text, nullable=False, comment="hash of what new runs start under"),
    Column("organization", Text, nullable=False, comment="hash; empty where there is none"),
    Column("procedure", Text, nullable=False, comment="its id in the graph"),
    Column("path", Text, comment="the graph file that it was deployed from"),
    Column("mode", Text, nullable=False),
    Column("mode_since", Instant, nullable=False),
    Column("deployed_at", Instant, nullable=False),
)
"""What is deployed: each procedure with the version that new runs start under, and its mode."""

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, comment="the deployed procedure"),
    Column("graph", Text, nullable=False),
    Column("organization", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("parent", Text),
    Column("started", Instant, nullable=False),
    Column("ended", Instant),
    Column("state", Text, nullable=False, comment="the interpreter's state as JSON"),
    Column("problem", Text, comment="why it cannot go on; null again once it did"),
    Column("journal_seq", Integer, nullable=False, default=0),
    Column("journal_hash", Text, nullable=False, default=""),
    Index("runs_by_name", "name", "status", "started"),
    Index("runs_by_start", "started"),
)

mail = Table(
    "mail",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("run", Text, nullable=False),
    Column("key", Text, nullable=False, comment="the same thing told twice is one thing"),
    Column("event", Text, nullable=False, comment="the event as JSON; `at` is set when taken"),
    Column("cause", Text, comment="where it came from"),
    Column("taken", Instant),
    Index("mail_once", "run", "key", unique=True),
    Index("mail_waiting", "taken", "seq"),
)
"""Events that runs were told and have not taken yet; taken ones are kept to tell repeats."""

timers = Table(
    "timers",
    metadata,
    Column("run", Text, primary_key=True),
    Column("timer", Text, primary_key=True),
    Column("due", Instant, nullable=False),
    Index("timers_due", "due"),
)

calls = Table(
    "calls",
    metadata,
    Column("run", Text, primary_key=True),
    Column("call", Text, primary_key=True),
    Column("system", Text, nullable=False),
    Column("request", Text, nullable=False, comment="the call as JSON"),
    Column("status", Text, nullable=False, comment="planned, started, over"),
    Column("owner", Text, comment="the worker's errand that carries it out"),
    Column("started", Instant),
    Column("ended", Instant),
    Index("calls_open", "status", "owner"),
)
"""Intents: committed before any effect. One that is started and not over may have happened."""

tasks = Table(
    "tasks",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True, comment="what people type"),
    Column("run", Text, nullable=False),
    Column("task", Text, nullable=False, comment="its id in the run"),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False, comment="the deployed procedure"),
    Column("step", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("content", Text, nullable=False, comment="the task as JSON"),
    Column("digest", Text, nullable=False, comment="SHA-256 of what is shown"),
    Column("assignee", Text, comment="who it was delegated to"),
    Column("opened", Instant, nullable=False),
    Column("due", Instant),
    Column("status", Text, nullable=False, comment="open, decided, closed"),
    Column("choice", Text),
    Column("decided_by", Text),
    Column("decided", Instant),
    Column("reason", Text),
    Index("tasks_once", "run", "task", unique=True),
    Index("tasks_open", "status", "due"),
)

awaited = Table(
    "awaited",
    metadata,
    Column("run", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("system", Text, index=True),
    Column("event", Text),
)
"""Steps that wait for events of a system."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False, comment="webhook, schedule, folder, mailbox, ..."),
    Column("key", Text, nullable=False, comment="the event's id: the same twice is one"),
    Column("system", Text),
    Column("event", Text),
    Column("name", Text, comment="the procedure, where it was named"),
    Column("payload", Text, nullable=False, comment="as it came; JSON where it could be read"),
    Column("received", Instant, nullable=False),
    Column("occurred", Instant),
    Column("status", Text, nullable=False, comment="started, handed-on, ignored, refused"),
    Column("problem", Text),
    Column("runs", JSON, nullable=False, default=list),
    Index("deliveries_once", "source", "key", unique=True),
    Index("deliveries_by_status", "status", "received"),
)
"""Everything that came in from outside, bad things included: kept, and sent again on request."""

journal = Table(
    "journal",
    metadata,
    Column("run", Text, primary_key=True, comment="the run, or `*` for what concerns no run"),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("step", Text),
    Column("actor", Text, comment="a person's name, `system:ID` or `sopc`"),
    Column("graph", Text, comment="the hash that the run goes by"),
    Column("cause", Integer, comment="the entry of the run that led to it"),
    Column("data", Text, comment="JSON, redacted; null once erased"),
    Column("salt", Text, comment="null once erased"),
    Column("digest", Text, nullable=False, comment="SHA-256 of salt and data"),
    Column("hash", Text, nullable=False, comment="SHA-256 of the entry before and this one"),
    Index("journal_by_time", "at"),
)
"""Append-only; each run's entries are a chain, and the chain `*` holds every run's last hash."""

vault = Table(
    "vault",
    metadata,
    Column("run", Text, primary_key=True),
    Column("ref", Text, primary_key=True, comment="what stands in the journal instead"),
    Column("value", Text, nullable=False),
)
"""Sensitive values, for replays; erased with the run's personal data."""

agreements = Table(
    "agreements",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("graph", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("run", Text),
    Column("key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("by", Text),
    Column("source", Text, nullable=False, comment="shadow, assist or the imported file"),
    Column("note", Text),
    Index("agreements_once", "name", "step", "key", unique=True),
)
"""Where what the program would have done was compared with what people did."""

pauses = Table(
    "pauses",
    metadata,
    Column("name", Text, primary_key=True, comment="a procedure, or `*` for all"),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seen", Instant, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Small facts that outlive a process: how far a schedule or a poll has come."""

outbox = Table(
    "outbox",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False, comment="task, escalation, stuck, demoted"),
    Column("content", Text, nullable=False, comment="JSON"),
    Column("created", Instant, nullable=False),
    Column("sent", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("problem", Text),
    Column("due", Instant, comment="when it is tried next; null at once"),
    Column("delivered", JSON, comment="the ways on which it has gone out already"),
    Index("outbox_waiting", "sent", "number"),
)
"""Notifications to people, sent at least once and retried."""
