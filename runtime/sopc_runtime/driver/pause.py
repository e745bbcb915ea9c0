"""Pauses: a procedure, or all, whose runs take no events and begin no calls for a while."""

from sqlalchemy import ColumnElement, Connection, bindparam, exists, or_, select

from sopc_runtime.store.tables import pauses, runs

ALL = "*"

_FOUND = select(pauses.c.name).where(
    or_(pauses.c.name == bindparam("of_name"), pauses.c.name == ALL)
)


def is_paused(connection: Connection, name: str) -> bool:
    """Tell whether a procedure is paused, by itself or with all."""
    return connection.execute(_FOUND, {"of_name": name}).first() is not None


def not_paused() -> ColumnElement[bool]:
    """Give the condition that a row of `runs` belongs to a procedure that is not paused."""
    held = or_(pauses.c.name == runs.c.name, pauses.c.name == ALL)
    return ~exists(select(pauses.c.name).where(held))
