"""Pauses: a procedure, or all, whose runs take no events and begin no calls for a while."""

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from sopc_runtime.store.tables import pauses, runs

ALL = "*"


def is_paused(connection: Connection, name: str) -> bool:
    """Tell whether a procedure is paused, by itself or with all."""
    found = select(pauses.c.name).where(pauses.c.name.in_([name, ALL])).limit(1)
    return connection.execute(found).first() is not None


def not_paused() -> ColumnElement[bool]:
    """Give the condition that a row of `runs` belongs to a procedure that is not paused."""
    held = or_(pauses.c.name == runs.c.name, pauses.c.name == ALL)
    return ~exists(select(pauses.c.name).where(held))
