"""The vault: sealed values of runs, for replays, until they are erased."""

from typing import Any

from sqlalchemy import Connection, select

from sopc.errors import WorkError
from sopc_runtime.journal.seal import VALUE, Seal, unseal
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.tables import vault

SALT = "salt"
"""Where the vault keeps the salt of a run's references."""


def seal_of(connection: Connection, run: str) -> Seal:
    """Give the seal of a run: with the values that were sealed in it before, or a new one."""
    query = select(vault.c.ref, vault.c.value).where(vault.c.run == run)
    held = {row.ref: row.value for row in connection.execute(query)}
    seal = Seal(held.pop(SALT, ""))
    for ref, value in held.items():
        if ref.startswith(VALUE):
            seal.know(value)
    return seal


def keep(connection: Connection, run: str, seal: Seal) -> None:
    """Put what was sealed into the vault; what it holds already stays."""
    if seal.kept:
        rows = [{"run": run, "ref": ref, "value": value} for ref, value in seal.kept.items()]
        rows.append({"run": run, "ref": SALT, "value": seal.salt})
        connection.execute(insert_once(connection, vault), rows)


def unsealed(connection: Connection, run: str, data: Any) -> Any:
    """Give the data of an entry with its sensitive values again.

    Raises:
        WorkError: A value was erased.
    """

    def value_of(ref: str) -> str:
        value = connection.execute(
            select(vault.c.value).where(vault.c.run == run, vault.c.ref == ref)
        ).scalar_one_or_none()
        if value is None:
            raise WorkError(
                f"sensitive values of run `{run}` are not kept any more",
                hint="they were erased, or taken from the database by hand",
            )
        return str(value)

    return unseal(data, value_of)
