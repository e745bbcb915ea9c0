"""One transaction of a run: its waiting events are taken, and all that follows is committed."""

import dataclasses
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, exists, select, update

from sopc.errors import WorkError
from sopc_runtime.core.decision import Decision
from sopc_runtime.core.event import (
    EVENT,
    Event,
    ModeChanged,
    Moved,
    Started,
    TaskDecided,
    TimerFired,
)
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import STATE, RunState
from sopc_runtime.driver import intent
from sopc_runtime.driver.effect import Effects
from sopc_runtime.driver.intent import Intent
from sopc_runtime.driver.pause import is_paused, not_paused
from sopc_runtime.journal.chain import Link, chained
from sopc_runtime.journal.entry import PROGRAM, Draft, draft_decision, draft_event
from sopc_runtime.modes.agreement import record
from sopc_runtime.store import documents
from sopc_runtime.store.kept import KeptConnections
from sopc_runtime.store.mailbox import post
from sopc_runtime.store.prepared import Prepared, together, write
from sopc_runtime.store.tables import journal, mail, runs, tasks, vault

log = logging.getLogger("sopc.worker")

VERSION = "version"
"""The kind of the entry that says what a run starts under, which a replay needs."""

_AT_ONCE = 50

_COLUMNS = [each for each in runs.c if each is not runs.c.state]
_RUN = Prepared(
    select(
        *_COLUMNS,
        (~not_paused()).label("paused"),
        select(journal.c.at)
        .where(journal.c.run == runs.c.id, journal.c.seq == runs.c.journal_seq)
        .scalar_subquery()
        .label("last"),
        exists().where(mail.c.run == runs.c.id, mail.c.taken.is_(None)).label("has_mail"),
        exists().where(vault.c.run == runs.c.id).label("has_sealed"),
    )
    .where(runs.c.id == bindparam("of_run"))
    .with_for_update(of=runs)
)
_STATE = Prepared(select(runs.c.state).where(runs.c.id == bindparam("of_run")))
_LAST = Prepared(
    select(journal.c.at).where(
        journal.c.run == bindparam("of_run"), journal.c.seq == bindparam("of_seq")
    )
)
_WAITING = Prepared(
    select(mail.c.seq, mail.c.event)
    .where(mail.c.run == bindparam("of_run"), mail.c.taken.is_(None))
    # Not by the bare number, or SQLite looks through the mail of all runs by that order.
    .order_by(mail.c.seq + 0)
    .limit(_AT_ONCE + 1)
)
_TAKEN = Prepared(update(mail).where(mail.c.seq == bindparam("of_seq")))


class Observer(Protocol):
    """Who is told what a transaction added to the journal, once it is committed."""

    def __call__(self, run: str, name: str, drafts: Sequence[Draft], /) -> None:
        """Take what was added for a run of a procedure."""


class Interpreter(Protocol):
    """What decides: `sopc_runtime.core.interpreter`, or a stand-in for it."""

    def start(self, program: Program, event: Started, /) -> tuple[RunState, list[Decision]]:
        """Begin a run."""

    def advance(
        self, program: Program, state: RunState, event: Event, /
    ) -> tuple[RunState, list[Decision]]:
        """Take one event."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call."""

    intent: Intent
    event: Event


@dataclass(frozen=True, slots=True)
class Left:
    """How a transaction left a run, for the next one; it is used up by that.

    Attributes:
        end: The hash that the run's chain ended with, by which it is known to be so still.
        state: Its state.
    """

    end: str
    state: RunState


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a transaction leaves to do.

    Attributes:
        left: How it left the run; None if it changed nothing.
        begun: The call whose intent is committed as started by the errand.
        planned: The calls that other errands are to carry out, each with its system.
        told: Other runs that have mail because of it.
        more: Whether mail of the run is left.
        looked: When it was looked for pauses, by the monotonic clock.
        events: How many events were taken.
    """

    left: Left | None = None
    begun: Intent | None = None
    planned: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()
    more: bool = False
    events: int = 0
    looked: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Transactions:
    """Advances runs, one commit for each batch of events.

    Attributes:
        connections: The ways to the database.
        now: The clock, in UTC.
        may_begin: Whether calls may be begun; when the worker stops they are only planned.
        limited: The systems whose calls wait in queues.
        observe: Who is told what was committed; what fails there is logged.
    """

    connections: KeptConnections
    interpreter: Interpreter
    now: Callable[[], datetime]
    may_begin: Callable[[], bool]
    limited: Callable[[], frozenset[str]]
    observe: Observer | None = None

    def advance(
        self,
        run: str,
        *,
        owner: str,
        outcome: Outcome | None = None,
        left: Left | None = None,
        begins: bool = True,
        again: bool = False,
    ) -> Advanced:
        """Hand a run its waiting events, after the outcome of a call if there is one.

        An outcome that another errand has told by now is dropped. While the run's procedure is
        paused, mail is left where it is and calls are only planned.

        Args:
            run: The run's id.
            owner: The errand on whose behalf calls are begun; it carries out one at a time.
            outcome: What came of its last call.
            left: How the run was left when that call was begun.
            begins: Whether it goes on with the next call.
            again: Whether the same was tried before, and nobody knows if it was committed.

        Raises:
            WorkError: There is no such run.
        """
        with self.connections.begin() as connection:
            with together(connection):
                found = _RUN.send(connection, {"of_run": run})
                ended = intent.end(connection, outcome.intent, at=self.now()) if outcome else None
            row = found.one()
            if row is None:
                raise WorkError(f"there is mail for run `{run}`, which does not exist")
            told = outcome if ended is not None and ended.count == 1 else None
            if again and told is None:
                begun = intent.begun_by(connection, owner)
                if begun is not None and begun.run == run:
                    # What was looked at when it was begun may be long ago.
                    return Advanced(begun=begun, looked=-math.inf)
            # What failed half-way may have used the state up.
            advance = _Advance(self, connection, row, owner, begins, left if not again else None)
            advanced = advance.go(told)
        if self.observe is not None and advance.drafts:
            try:
                self.observe(run, row.name, advance.drafts)
            except Exception:
                log.exception("what run `%s` did could not be observed", run)
        return advanced

    def keep_outcome(self, outcome: Outcome) -> None:
        """Leave an outcome as mail, because the run cannot take it now."""
        run, call = outcome.intent.run, outcome.intent.call.id
        with self.connections.begin() as connection:
            at = self.now()
            if intent.end(connection, outcome.intent, at=at).count:
                event = dataclasses.replace(outcome.event, at=at)
                post(connection, run, event, key=f"outcome:{call}", cause=f"call:{call}")


@dataclass(slots=True)
class _Advance:
    by: Transactions
    connection: Connection
    row: Any
    owner: str
    begins: bool
    left: Left | None
    drafts: list[Draft] = field(default_factory=list)

    def go(self, told: Outcome | None) -> Advanced:
        paused = self.row.paused
        if not self._is_whole:
            paused = is_paused(self.connection, self.row.name)
        waiting = [] if paused else self._waiting()
        if told is None and not waiting:
            return Advanced()
        last = self._last()
        at = max(self.by.now(), last) if last else self.by.now()
        program = self._program(self.row.graph, self.row.organization)
        effects = Effects(
            connection=self.connection,
            row=self.row,
            program=program,
            begins=self.owner if self.begins and self.by.may_begin() and not paused else None,
            limited=self.by.limited(),
        )
        state = self._state()
        for each in _in_turn(
            [EVENT.validate_json(each.event) for each in waiting[:_AT_ONCE]], told
        ):
            if isinstance(each, Outcome):
                event = dataclasses.replace(each.event, at=at)
                call = each.intent.call
                draft = draft_event(
                    event,
                    effects.program,
                    actor=f"system:{call.system}",
                    step=call.step,
                    cause=each.intent.entry,
                )
            else:
                event = _taken_at(each, at)
                if isinstance(event, Moved):
                    effects.program = self._program(event.graph, event.organization)
                draft = draft_event(event, effects.program)
            state = self._take(state, event, draft, effects)
            at = event.at
        end = self._write(state, effects, waiting[:_AT_ONCE], at)
        return Advanced(
            left=Left(end, state) if state is not None and end is not None else None,
            begun=effects.begun,
            planned=tuple(effects.planned),
            told=tuple(effects.told),
            more=len(waiting) > _AT_ONCE,
            events=len(waiting[:_AT_ONCE]) + (told is not None),
        )

    @property
    def _is_whole(self) -> bool:
        """Whether what was read with the run's row is of the same moment.

        PostgreSQL gives a row that it waited for as it is now, and the rest as it was before.
        """
        return self.row.last is not None or not self.row.journal_seq

    def _waiting(self) -> list[Any]:
        if self._is_whole and not self.row.has_mail:
            return []
        return _WAITING.send(self.connection, {"of_run": self.row.id}).all()

    def _state(self) -> RunState | None:
        """Give the run's state; None if it has not started."""
        if self.left is not None and self.left.end == self.row.journal_hash:
            return self.left.state
        if not self.row.journal_seq:
            return None
        [(kept,)] = _STATE.send(self.connection, {"of_run": self.row.id}).all()
        return STATE.validate_json(kept)

    def _last(self) -> datetime | None:
        """Give the instant of the run's last event, before which no later one is taken."""
        at: datetime | None = self.row.last
        if not self._is_whole:
            one = {"of_run": self.row.id, "of_seq": self.row.journal_seq}
            last = _LAST.one(self.connection, one)
            at = last and last.at
        return at

    def _program(self, graph: str, organization: str) -> Program:
        return documents.program(self.connection, graph, organization, self.row.procedure)

    def _take(
        self, state: RunState | None, event: Event, draft: Draft, effects: Effects
    ) -> RunState:
        program, at = effects.program, event.at
        if state is None:
            if not isinstance(event, Started):
                raise WorkError(f"run `{self.row.id}` has not started, and is told `{event.kind}`")
            state, decisions = self.by.interpreter.start(program, event)
        else:
            mode = state.mode
            task = state.tasks.get(event.task) if isinstance(event, TaskDecided) else None
            state, decisions = self.by.interpreter.advance(program, state, event)
            if isinstance(event, TaskDecided) and task and task.id not in state.tasks:
                record(
                    self.connection,
                    name=self.row.name,
                    graph=program.graph_hash,
                    run=self.row.id,
                    mode=mode,
                    task=task,
                    decided=event,
                )
        self.drafts.append(draft)
        if isinstance(event, Started):
            self.drafts.append(self._version(event, program))
        if isinstance(event, TaskDecided):
            self._decided(event)
        for decision in decisions:
            self.drafts.append(draft_decision(decision, program, at=at))
            entry = self.row.journal_seq + len(self.drafts)
            effects.carry(decision, at=at, mode=state.mode, entry=entry)
        return state

    def _version(self, event: Started, program: Program) -> Draft:
        row = self.row
        return Draft(
            at=event.at,
            kind=VERSION,
            actor=PROGRAM,
            graph=program.graph_hash,
            data={
                "graph": row.graph,
                "organization": row.organization,
                "procedure": row.procedure,
            },
        )

    def _decided(self, event: TaskDecided) -> None:
        self.connection.execute(
            update(tasks)
            .where(tasks.c.run == self.row.id, tasks.c.task == event.task)
            .where(tasks.c.status == "open")
            .values(
                status="decided",
                choice=event.choice,
                decided_by=event.by,
                decided=event.at,
                reason=event.reason,
            )
        )

    def _write(
        self, state: RunState | None, effects: Effects, taken: list[Any], at: datetime
    ) -> str | None:
        """Write what is left to write; gives the hash that the run's chain ends with."""
        values: dict[str, Any] = dict(effects.ended)
        if state is not None:
            values["state"] = STATE.dump_json(state).decode()
            if state.mode.value != self.row.mode:
                values["mode"] = state.mode.value
            moved = [each for each in self.drafts if each.kind == "event:moved"]
            if moved:
                values |= {name: moved[-1].data[name] for name in ("graph", "organization")}
        if self.row.problem is not None:
            values["problem"] = None
        end = None
        if self._is_whole:
            end = Link(self.row.journal_seq, self.row.journal_hash, self.row.has_sealed)
        addition = chained(self.connection, self.row.id, self.drafts, after=end)
        write(
            self.connection,
            [
                *((_TAKEN, {"of_seq": each.seq, "taken": at}) for each in taken),
                *((intent.ADD, row) for row in effects.intents),
                *addition.writes(also=values),
            ],
        )
        # Last, because the instance's chain is locked from then on.
        addition.tell(self.connection)
        return addition.hash


def _in_turn(waiting: list[Event], told: Outcome | None) -> list[Event | Outcome]:
    """Put what a run is told into the order in which it takes it.

    Changes of its mode come first, and count from its start if it has not started: a run that was
    demoted begins nothing more in its former mode, whatever was decided before.
    """
    changes = [each for each in waiting if isinstance(each, ModeChanged)]
    started: list[Event] = [
        dataclasses.replace(each, mode=changes[-1].mode) if changes else each
        for each in waiting
        if isinstance(each, Started)
    ]
    rest = [each for each in waiting if not isinstance(each, ModeChanged | Started)]
    return [*started, *changes, *([told] if told is not None else []), *rest]


def _taken_at(event: Event, at: datetime) -> Event:
    if isinstance(event, TimerFired):
        # A clock that jumps back between firing and taking does not undo that it was due.
        at = max(at, event.at)
    return dataclasses.replace(event, at=at)
