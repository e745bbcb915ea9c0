"""A run's journal as a timeline for people to read."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from sopc.errors import UsageError
from sopc_runtime.journal.chain import INSTANCE
from sopc_runtime.journal.entry import DECISION_MARK, EVENT_MARK, PROGRAM
from sopc_runtime.journal.legible import Legible, legible
from sopc_runtime.journal.seal import shown
from sopc_runtime.journal.verify import as_kept
from sopc_runtime.store.tables import journal, runs

_LONGEST = 400

Data = Mapping[str, Any]


def timeline(connection: Connection, run: str) -> Iterator[str]:
    """Give the lines of a run's timeline, or of the instance's (`*`), one entry a line.

    Raises:
        UsageError: There is no such run.
        WorkError: An entry was altered so that it cannot be read.
    """
    if run != INSTANCE:
        row = connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
        if row is None:
            raise UsageError(f"there is no run `{run}`", hint="`sopc runs` lists them")
        yield f"{run}: {row.name}, {row.status}, {row.mode}, graph {row.graph[:12]}"
    query = as_kept().where(journal.c.run == run).order_by(journal.c.seq)
    for entry in legible(connection, query):
        yield _line(entry)


def _line(entry: Legible) -> str:
    row = entry.row
    parts = [_moment(entry.at), f"{row.seq:>4}", row.step or "-"]
    if row.data is None:
        words = f"{_plain(row.kind)} (erased)"
    else:
        data = shown(entry.data)
        says = _SAYS.get(row.kind)
        if says is not None and isinstance(data, dict):
            words = says(data)
        else:
            words = _said(_plain(row.kind), data)
    by = "" if row.actor in {None, PROGRAM} else f" [{row.actor}]"
    return "  ".join(parts) + f"  {_short(words)}{by}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(sep=" ", timespec="milliseconds").replace("+00:00", "Z")


def _plain(kind: str) -> str:
    return kind.removeprefix(EVENT_MARK).removeprefix(DECISION_MARK).replace("-", " ")


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _said(words: str, data: Any) -> str:
    """Put what there is to say after a colon."""
    if isinstance(data, dict):
        stated = {key: each for key, each in data.items() if each not in (None, {}, [], "")}
        text = ", ".join(f"{key} {_value(each)}" for key, each in stated.items())
    else:
        text = _value(data)
    return f"{words}: {text}" if text else words


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _called(data: Data) -> str:
    verb = "would call" if data.get("dry") else "calls"
    return _said(f"{verb} {data.get('system')}.{data.get('operation')}", data.get("inputs"))


def _opened(data: Data) -> str:
    task = data.get("task")
    if not isinstance(task, dict):
        return _said("opens a task", data)
    until = f", until {task['due']}" if task.get("due") else ""
    roles = task.get("roles")
    whom = " or ".join(map(_value, roles)) if isinstance(roles, list) else _value(roles)
    return f"asks {whom or 'anybody'}: {task.get('title')} ({task.get('kind')}{until})"


def _escalated(data: Data) -> str:
    whom = data.get("to") or "nobody named"
    verb = "would escalate" if data.get("quiet") else "escalates"
    return f"{verb} to {whom}, {data.get('says')}: {data.get('why')}"


def _decided(data: Data) -> str:
    reason = f" ({data['reason']})" if data.get("reason") else ""
    return _said(f"task {data.get('task')}: {data.get('choice')}{reason}", data.get("values"))


def _begun(data: Data) -> str:
    attempt = data.get("attempt")
    return "begins" if attempt == 1 else f"begins, attempt {attempt}"


def _ended(data: Data) -> str:
    why = f" ({data['why']})" if data.get("why") else ""
    return _said(f"run ends: {data.get('status')}{why}", data.get("values"))


def _branched(data: Data) -> str:
    to = data.get("to")
    where = ", ".join(map(_value, to)) if isinstance(to, list) else _value(to)
    return f"goes to {where}: {data.get('because')}"


_SAYS: dict[str, Callable[[Data], str]] = {
    f"{EVENT_MARK}task-decided": _decided,
    f"{EVENT_MARK}timer-fired": lambda data: f"timer {data.get('timer')} is due",
    f"{DECISION_MARK}call": _called,
    f"{DECISION_MARK}set-timer": lambda data: (
        f"waits until {data.get('due')} ({data.get('timer')})"
    ),
    f"{DECISION_MARK}drop-timer": lambda data: f"no longer waits ({data.get('timer')})",
    f"{DECISION_MARK}open-task": _opened,
    f"{DECISION_MARK}escalate": _escalated,
    f"{DECISION_MARK}finish": _ended,
    f"{DECISION_MARK}step-begun": _begun,
    f"{DECISION_MARK}step-done": lambda data: _said("done", data.get("values")),
    f"{DECISION_MARK}step-skipped": lambda data: f"skipped: {data.get('why')}",
    f"{DECISION_MARK}step-failed": lambda data: (
        f"failed ({data.get('failure')}): {data.get('message')}"
    ),
    f"{DECISION_MARK}branch-taken": _branched,
    f"{DECISION_MARK}deadline-missed": lambda data: (
        f"late: {data.get('says')} was until {data.get('due')}"
    ),
    f"{DECISION_MARK}remark": lambda data: str(data.get("says")),
}
