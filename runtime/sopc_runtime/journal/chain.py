"""Chains of entries: one for each run, and one for the whole instance, `*`."""

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, exists, func, insert, select, update

from sopc.errors import WorkError
from sopc_runtime.journal.canonical import SALT_LENGTH, canonical, digest_of, hash_of
from sopc_runtime.journal.entry import DECISION_MARK, EVENT_MARK, PROGRAM, Draft
from sopc_runtime.journal.seal import Seal, blotted
from sopc_runtime.journal.vault import keep, seal_of
from sopc_runtime.store.prepared import Prepared, together, write
from sopc_runtime.store.tables import journal, runs, vault

INSTANCE = "*"
"""The chain of what concerns no single run; in it `step` names what an entry is about."""

RUN_STARTED = "run-started"
RUN_ENDED = "run-ended"
ERASED = "erased"

_FINISH = f"{DECISION_MARK}finish"
# Any number that nothing else in the database locks.
_LOCK = 0x736F7063

_HAS_SEALED = exists().where(vault.c.run == bindparam("of_run")).label("has_sealed")
_RUN_END = Prepared(
    select(runs.c.journal_seq.label("seq"), runs.c.journal_hash.label("hash"), _HAS_SEALED).where(
        runs.c.id == bindparam("of_run")
    )
)
_INSTANCE_END = Prepared(
    select(journal.c.seq, journal.c.hash, _HAS_SEALED)
    .where(journal.c.run == bindparam("of_run"))
    .order_by(journal.c.seq.desc())
    .limit(1)
)
_LOCK_INSTANCE = Prepared(select(func.pg_advisory_xact_lock(bindparam("of_key", type_=BigInteger))))
_ADD = Prepared(insert(journal))
_MOVE_END = Prepared(update(runs).where(runs.c.id == bindparam("of_run")))


@dataclass(frozen=True, slots=True)
class Link:
    """The end of a chain: the number and hash of its last entry; 0 and empty if there is none.

    Attributes:
        has_sealed: Whether the vault holds values of its run.
    """

    seq: int = 0
    hash: str = ""
    has_sealed: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """Entries that are chained and still have to be written, in the same transaction.

    Attributes:
        run: The run's id, or `*`.
        drafts: What is added, in its order.
        rows: The entries; none if there are no drafts.
        first: The number of the first one; of the next one if there are no drafts.
    """

    run: str
    drafts: Sequence[Draft]
    rows: Sequence[Mapping[str, Any]]
    first: int

    @property
    def hash(self) -> str | None:
        """The hash of the last entry, None if there are none."""
        return str(self.rows[-1]["hash"]) if self.rows else None

    def writes(
        self, also: Mapping[str, Any] | None = None
    ) -> list[tuple[Prepared, Mapping[str, Any]]]:
        """Give what is to be written: the entries, and the run's row with what else changes there.

        Args:
            also: By column; nothing if there are no entries.
        """
        writes: list[tuple[Prepared, Mapping[str, Any]]] = [(_ADD, row) for row in self.rows]
        if self.rows and self.run != INSTANCE:
            last = self.rows[-1]
            end = {"of_run": self.run, "journal_seq": last["seq"], "journal_hash": last["hash"]}
            writes.append((_MOVE_END, {**end, **(also or {})}))
        return writes

    def tell(self, connection: Connection) -> None:
        """Tell the start and the end of a run (`decision:finish`) to the chain `*`.

        On PostgreSQL that chain is locked from then until the transaction ends, so whatever else
        has to be locked should be locked before.
        """
        if self.rows and self.run != INSTANCE:
            milestones = _milestones(self.run, self.drafts, self.rows)
            if milestones:
                append(connection, INSTANCE, milestones)


def append(
    connection: Connection,
    run: str,
    drafts: Iterable[Draft],
    *,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Add entries to the chain of a run, or of the instance (`*`), within a transaction.

    Args:
        connection: Where the transaction is; the caller holds the run's row.
        run: The run's id, or `*`.
        drafts: What is added, in its order.
        environ: Where secrets are found that have to be blotted out.

    Returns:
        The number of the first entry that was added; of the next one if there are no drafts.

    Raises:
        WorkError: There is no such run.
    """
    addition = chained(connection, run, drafts, environ=environ)
    write(connection, addition.writes())
    addition.tell(connection)
    return addition.first


def chained(
    connection: Connection,
    run: str,
    drafts: Iterable[Draft],
    *,
    after: Link | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Addition:
    """Chain entries to those of a run; what is sensitive in them goes to the vault.

    Args:
        connection: Where the transaction is; the caller holds the run's row.
        run: The run's id, or `*`.
        drafts: What is added, in its order.
        after: The end of the run's chain, if the caller has read it since it holds the row.
        environ: Where secrets are found that have to be blotted out.

    Raises:
        WorkError: There is no such run.
    """
    added = list(drafts)
    before = after or (_instance_end(connection) if run == INSTANCE else _run_end(connection, run))
    rows = _rows(connection, run, before, added, environ) if added else []
    return Addition(run=run, drafts=added, rows=rows, first=before.seq + 1)


def _run_end(connection: Connection, run: str) -> Link:
    row = _RUN_END.one(connection, {"of_run": run})
    if row is None:
        raise WorkError(f"there is no run `{run}` to write the journal of")
    return Link(*row)


def _instance_end(connection: Connection) -> Link:
    with together(connection):
        if connection.dialect.name == "postgresql":
            _LOCK_INSTANCE.send(connection, {"of_key": _LOCK})
        end = _INSTANCE_END.send(connection, {"of_run": INSTANCE})
    row = end.one()
    return Link() if row is None else Link(*row)


def _rows(
    connection: Connection,
    run: str,
    before: Link,
    drafts: Sequence[Draft],
    environ: Mapping[str, str],
) -> list[dict[str, Any]]:
    hidden = {name for each in drafts for name in each.redaction.secrets}
    blots = [environ[name] for name in hidden if name in environ]
    seal = seal_of(connection, run) if before.has_sealed else Seal()
    clear = [blotted(each.data, blots) for each in drafts]
    for each, data in zip(drafts, clear, strict=True):
        seal.learn_entry(data, each.redaction.names)
    # Asked for once, because that is a call of the system's.
    salts = secrets.token_hex(SALT_LENGTH // 2 * len(drafts))
    rows: list[dict[str, Any]] = []
    event: int | None = None
    previous = before.hash
    for seq, (each, data) in enumerate(zip(drafts, clear, strict=True), before.seq + 1):
        if each.kind.startswith(EVENT_MARK):
            event = seq
        text = canonical(seal.sealed_entry(data, each.redaction.names))
        salt = salts[SALT_LENGTH * len(rows) : SALT_LENGTH * (len(rows) + 1)]
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
