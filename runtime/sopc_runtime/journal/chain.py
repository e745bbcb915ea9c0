"""Chains of entries: one for each run, and one for the whole instance, `*`."""

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from sopc.errors import WorkError
from sopc_runtime.journal.canonical import canonical, digest_of, hash_of
from sopc_runtime.journal.entry import DECISION_MARK, EVENT_MARK, PROGRAM, Draft
from sopc_runtime.journal.seal import blotted
from sopc_runtime.journal.vault import keep, new_seal, seal_of
from sopc_runtime.store.tables import journal, runs, vault

INSTANCE = "*"
"""The chain of what concerns no single run; in it `step` names what an entry is about."""

RUN_STARTED = "run-started"
RUN_ENDED = "run-ended"
ERASED = "erased"

_FINISH = f"{DECISION_MARK}finish"
# Any number that nothing else in the database locks.
_LOCK = 0x736F7063

# Made once, because that takes longer than running them.
_RUN_END = select(
    runs.c.journal_seq,
    runs.c.journal_hash,
    exists().where(vault.c.run == runs.c.id).label("has_sealed"),
).where(runs.c.id == bindparam("run"))
_INSTANCE_END = (
    select(journal.c.seq, journal.c.hash)
    .where(journal.c.run == INSTANCE)
    .order_by(journal.c.seq.desc())
    .limit(1)
)
_ADD = insert(journal)
_MOVE_END = update(runs).where(runs.c.id == bindparam("of_run"))


@dataclass(frozen=True, slots=True)
class Link:
    """The end of a chain: the number and hash of its last entry; 0 and empty if there is none.

    Attributes:
        has_sealed: Whether the vault holds values of its run.
    """

    seq: int = 0
    hash: str = ""
    has_sealed: bool = False


def append(
    connection: Connection,
    run: str,
    drafts: Iterable[Draft],
    *,
    after: Link | None = None,
    also: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Add entries to the chain of a run, or of the instance (`*`), within a transaction.

    The caller holds the run's row. The start and the end of a run (`decision:finish`) are told
    to the chain `*` too; on PostgreSQL that chain is locked from then until the transaction ends,
    so whatever else has to be locked should be locked before.

    Args:
        connection: Where the transaction is.
        run: The run's id, or `*`.
        drafts: What is added, in its order.
        after: The end of the run's chain, if the caller has read it since it holds the row.
        also: What else changes in the run's row, by column; nothing if there are no drafts.
        environ: Where secrets are found that have to be blotted out.

    Returns:
        The number of the first entry that was added; of the next one if there are no drafts.

    Raises:
        WorkError: There is no such run.
    """
    added = list(drafts)
    before = _instance_end(connection) if run == INSTANCE else after or _run_end(connection, run)
    if not added:
        return before.seq + 1
    rows = _chained(connection, run, before, added, environ)
    connection.execute(_ADD, rows)
    if run != INSTANCE:
        last = rows[-1]
        end = {"of_run": run, "journal_seq": last["seq"], "journal_hash": last["hash"]}
        connection.execute(_MOVE_END, {**end, **(also or {})})
        milestones = _milestones(run, added, rows)
        if milestones:
            append(connection, INSTANCE, milestones)
    return before.seq + 1


def _run_end(connection: Connection, run: str) -> Link:
    row = connection.execute(_RUN_END, {"run": run}).one_or_none()
    if row is None:
        raise WorkError(f"there is no run `{run}` to write the journal of")
    return Link(row.journal_seq, row.journal_hash, row.has_sealed)


def _instance_end(connection: Connection) -> Link:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    row = connection.execute(_INSTANCE_END).one_or_none()
    return Link() if row is None else Link(row.seq, row.hash, has_sealed=True)


def _chained(
    connection: Connection,
    run: str,
    before: Link,
    drafts: Sequence[Draft],
    environ: Mapping[str, str],
) -> list[dict[str, Any]]:
    hidden = {name for each in drafts for name in each.redaction.secrets}
    blots = [environ[name] for name in hidden if name in environ]
    seal = seal_of(connection, run) if before.has_sealed else new_seal()
    clear = [blotted(each.data, blots) for each in drafts]
    for each, data in zip(drafts, clear, strict=True):
        seal.learn_entry(data, each.redaction.names)
    rows: list[dict[str, Any]] = []
    event: int | None = None
    previous = before.hash
    for seq, (each, data) in enumerate(zip(drafts, clear, strict=True), before.seq + 1):
        if each.kind.startswith(EVENT_MARK):
            event = seq
        text = canonical(seal.sealed_entry(data, each.redaction.names))
        salt = secrets.token_hex(16)
        row: dict[str, Any] = {
            "run": run,
            "seq": seq,
            "at": each.at,
            "kind": each.kind,
            "step": each.step,
            "actor": each.actor and seal.text(blotted(each.actor, blots)),
            "graph": each.graph,
            "cause": event if _is_caused(each) else each.cause,
            "data": text,
            "salt": salt,
            "digest": digest_of(salt, text),
        }
        row["hash"] = previous = hash_of(previous, row)
        rows.append(row)
    keep(connection, run, seal)
    return rows


def _is_caused(draft: Draft) -> bool:
    return draft.cause is None and draft.kind.startswith(DECISION_MARK)


def _milestones(
    run: str, drafts: Sequence[Draft], rows: Sequence[Mapping[str, Any]]
) -> list[Draft]:
    """Give what the instance's chain is told of what was added to a run's."""
    told = []
    if rows[0]["seq"] == 1:
        told.append(_milestone(run, RUN_STARTED, drafts[0], rows[0], {}))
    told += [
        _milestone(run, RUN_ENDED, each, rows[-1], {"status": each.data["status"]})
        for each in drafts
        if each.kind == _FINISH
    ]
    return told


def _milestone(
    run: str, kind: str, draft: Draft, row: Mapping[str, Any], data: Mapping[str, Any]
) -> Draft:
    return Draft(
        at=draft.at,
        kind=kind,
        step=run,
        actor=PROGRAM,
        graph=draft.graph,
        data={**data, "seq": row["seq"], "hash": row["hash"]},
    )
