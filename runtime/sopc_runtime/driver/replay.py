"""Replay: a run's events once more through the core, its decisions beside the journal's."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select

from sopc.errors import UsageError, WorkError
from sopc_runtime.core.event import Event, Moved, Started
from sopc_runtime.core.program import Program
from sopc_runtime.driver.transaction import VERSION, Interpreter
from sopc_runtime.journal.canonical import canonical
from sopc_runtime.journal.entry import DECISION_MARK, EVENT_MARK, draft_decision, event_of
from sopc_runtime.journal.vault import unsealed
from sopc_runtime.store import documents
from sopc_runtime.store.tables import journal, runs

if TYPE_CHECKING:
    from sopc_runtime.core.decision import Decision
    from sopc_runtime.core.state import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a replay and the journal first part.

    Attributes:
        seq: The number of the entry.
        expected: What the journal holds: a kind and data as JSON; None if it ends there.
        found: What the replay decided; None if it decided nothing more.
    """

    seq: int
    expected: str | None
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """What a replay showed.

    Attributes:
        run: The run.
        events: How many events were taken again.
        decisions: How many decisions were the same.
        difference: The first difference, if there is one.
        erased: The number of the entry from which on data was erased, so that nothing more can
            be said.
    """

    run: str
    events: int
    decisions: int
    difference: Difference | None = None
    erased: int | None = None

    @property
    def same(self) -> bool:
        """Whether the replay decided all that the journal holds, and nothing else."""
        return self.difference is None and self.erased is None


def replay(
    connection: Connection, run: str, *, interpreter: Interpreter | None = None
) -> ReplayResult:
    """Take a run's events once more, and compare decision by decision.

    Raises:
        UsageError: There is no such run.
        WorkError: A version that the run went by is not kept any more.
    """
    row = connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
    if row is None:
        raise UsageError(f"there is no run `{run}`")
    entries = connection.execute(
        select(journal).where(journal.c.run == run).order_by(journal.c.seq)
    ).all()
    return _Replay(connection, row, interpreter or _core()).go(list(entries))


class _Replay:
    def __init__(self, connection: Connection, row: Row[Any], interpreter: Interpreter) -> None:
        self._connection = connection
        self._row = row
        self._interpreter = interpreter
        self._state: RunState | None = None
        self._program: Program | None = None
        self._events = 0
        self._decisions = 0
        self._first = {"graph": row.graph, "organization": row.organization}

    def go(self, entries: list[Row[Any]]) -> ReplayResult:
        """Go through all entries."""
        due: list[tuple[str, str]] = []
        first = next((each for each in entries if each.kind == VERSION and each.data), None)
        if first is not None:
            self._first = json.loads(first.data)
        for entry in entries:
            is_event = entry.kind.startswith(EVENT_MARK)
            if not is_event and not entry.kind.startswith(DECISION_MARK):
                continue
            try:
                data = self._data(entry)
            except WorkError:
                return self._result(erased=entry.seq)
            if is_event:
                if due:
                    return self._result(
                        difference=Difference(seq=entry.seq, expected=None, found=_told(due[0]))
                    )
                due = self._take(entry, data)
                continue
            expected = entry.kind, canonical(data)
            found = due.pop(0) if due else None
            if found != expected:
                return self._result(
                    difference=Difference(
                        seq=entry.seq,
                        expected=_told(expected),
                        found=_told(found) if found else None,
                    )
                )
            self._decisions += 1
        if due:
            last = entries[-1].seq + 1
            return self._result(difference=Difference(seq=last, expected=None, found=_told(due[0])))
        return self._result()

    def _data(self, entry: Row[Any]) -> dict[str, Any]:
        if entry.data is None:
            raise WorkError(f"entry {entry.seq} was erased")
        data: dict[str, Any] = unsealed(self._connection, entry.run, json.loads(entry.data))
        return data

    def _take(self, entry: Row[Any], data: dict[str, Any]) -> list[tuple[str, str]]:
        event = event_of(entry.kind, entry.at, data)
        self._events += 1
        program = self._version(event)
        decisions: list[Decision]
        if self._state is None and isinstance(event, Started):
            self._state, decisions = self._interpreter.start(program, event)
        elif self._state is None:
            raise WorkError(f"the journal of run `{entry.run}` does not begin with its start")
        else:
            self._state, decisions = self._interpreter.advance(program, self._state, event)
        made = [draft_decision(each, program, at=event.at) for each in decisions]
        return [(each.kind, canonical(each.data)) for each in made]

    def _version(self, event: Event) -> Program:
        """Give the program that an event is taken under."""
        if isinstance(event, Moved):
            self._program = self._made(event.graph, event.organization)
        elif self._program is None:
            self._program = self._made(**self._first)
        return self._program

    def _made(self, graph: str, organization: str, procedure: str | None = None) -> Program:
        own = procedure or self._row.procedure
        return documents.program(self._connection, graph, organization, own)

    def _result(
        self, *, difference: Difference | None = None, erased: int | None = None
    ) -> ReplayResult:
        return ReplayResult(
            run=self._row.id,
            events=self._events,
            decisions=self._decisions,
            difference=difference,
            erased=erased,
        )


def _told(decision: tuple[str, str]) -> str:
    kind, data = decision
    return f"{kind.removeprefix(DECISION_MARK)} {data}"


def _core() -> Interpreter:
    from sopc_runtime.core import interpreter

    return interpreter
