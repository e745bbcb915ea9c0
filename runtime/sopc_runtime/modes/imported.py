"""What people did, from a CSV file, compared with what the program would have done.

One row an act. `run` says of which run: its id or, where `key` is given, a value of the run (a
ticket's number, say). `step` is the step's id (`step/0` for the first element of a for-each). Then:

- `same`: `yes` or `no` where somebody has compared already; or
- `did`: `no` where people did not do it at all, and
- `input.NAME`: what people gave as that input, compared exactly with what was rendered.

`by`, `at` (ISO 8601) and `note` may say more. Of steps that the program passed over, `did: yes` is
a difference, and `did: no` agrees.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, select, update

from sopc.errors import UsageError
from sopc_runtime.core.event import TaskDecided
from sopc_runtime.core.state import STATE
from sopc_runtime.core.task import Task, TaskKind
from sopc_runtime.store.documents import program
from sopc_runtime.store.mailbox import insert_once, post
from sopc_runtime.store.run_start import version
from sopc_runtime.store.tables import agreements, runs, tasks
from sopc_runtime.store.tasks import DECIDED, OPEN

INPUT = "input."

_TASK: TypeAdapter[Task] = TypeAdapter(Task)
_COMPARED = (TaskKind.COMPARISON.value, TaskKind.ACT.value)
_TRUTHS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_KNOWN = frozenset({"run", "step", "same", "did", "by", "at", "note"})


@dataclass(slots=True)
class Imported:
    """What came of a file.

    Attributes:
        compared: Rows that became comparisons.
        agreed: Those of them in which people did the same.
        known: Rows whose comparison was known before.
        problems: Rows that could not be used: the line in the file, and why.
    """

    compared: int = 0
    agreed: int = 0
    known: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


class _RowError(Exception):
    """A row cannot be used."""


def import_agreement(
    connection: Connection,
    name: str,
    text: str,
    *,
    source: str,
    by: str,
    now: datetime,
    key: str | None = None,
) -> Imported:
    """Keep what a CSV file says of what people did; the same rows twice are kept once.

    Args:
        connection: The transaction.
        name: The deployed procedure.
        text: The file's text, with a header.
        source: The file's name, kept with every row.
        by: Who imports it, for rows that name nobody.
        now: The instant, for rows that tell none.
        key: The value of runs that the column `run` holds; without one it holds their ids.

    Raises:
        UsageError: Nothing is deployed under this name, or columns are missing or unknown.
    """
    version(connection, name)
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    _refuse_columns(reader.fieldnames)
    found, acts = _runs(connection, name, key), _Acts(connection, name)
    done = Imported()
    for line, row in _rows(reader, done):
        try:
            run = _run_of(found, row, key)
            task, fact = _compared(connection, run, row, acts)
            fact |= {
                "name": name,
                "graph": run.graph,
                "run": run.id,
                "at": _instant(row, now),
                "by": row.get("by") or by,
                "source": source,
                "note": row.get("note") or None,
            }
        except _RowError as error:
            done.problems.append((line, str(error)))
            continue
        if connection.execute(insert_once(connection, agreements).values(fact)).rowcount == 1:
            done.compared += 1
            done.agreed += fact["agreed"]
            if task is not None:
                _answer(connection, run.id, task, fact, now)
        else:
            done.known += 1
    return done


def _refuse_columns(columns: Any) -> None:
    given = list(columns or ())
    missing = [each for each in ("run", "step") if each not in given]
    if missing:
        names = " and ".join(f"`{each}`" for each in missing)
        raise UsageError(
            f"the file has no column {names}",
            hint="its columns are `run`, `step`, and `same`, `did` or `input.NAME`",
        )
    strange = [each for each in given if each not in _KNOWN and not each.startswith(INPUT)]
    if strange:
        raise UsageError(
            f"column `{strange[0]}` is not known",
            hint=f"a value that people gave is `{INPUT}{strange[0]}`",
        )
    if not any(each in {"same", "did"} or each.startswith(INPUT) for each in given):
        raise UsageError(
            "the file does not say what people did", hint="add `same`, `did` or `input.NAME`"
        )


def _rows(reader: "csv.DictReader[str]", done: Imported) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        for row in reader:
            if None in row or None in row.values():
                done.problems.append((reader.line_num, "it has another number of cells"))
            elif any("\0" in cell for cell in row.values()):
                # PostgreSQL keeps none, and would refuse the whole file.
                done.problems.append((reader.line_num, "it holds a NUL character"))
            else:
                yield reader.line_num, {name: cell.strip() for name, cell in row.items()}
    except csv.Error as error:
        done.problems.append((reader.line_num, f"no CSV from here on: {error}"))


def _runs(connection: Connection, name: str, key: str | None) -> dict[str, list[Row[Any]]]:
    """Give the procedure's runs by what the column `run` holds."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(runs).where(runs.c.name == name)):
        if key is None:
            found[row.id].append(row)
        elif row.state:
            value = STATE.validate_json(row.state).values.get(key)
            if value is not None:
                found[value if isinstance(value, str) else json.dumps(value)].append(row)
    return found


def _run_of(found: dict[str, list[Row[Any]]], row: dict[str, str], key: str | None) -> Row[Any]:
    own = found.get(row["run"], [])
    what = f"run `{row['run']}`" if key is None else f"run whose `{key}` is `{row['run']}`"
    if not own:
        raise _RowError(f"there is no {what}")
    if len(own) > 1:
        raise _RowError(f"there is more than one {what}")
    return own[0]


class _Acts:
    """What was rendered, by run and step: each once, in the order in which it was."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._acts: dict[tuple[str, str], list[Task]] = defaultdict(list)
        asked = (
            select(tasks.c.run, tasks.c.content)
            .where(tasks.c.name == name, tasks.c.kind.in_(_COMPARED))
            # Of runs whose content was erased nobody knows any more what they would have done.
            .where(tasks.c.content != "")
            .order_by(tasks.c.number)
        )
        for run, content in connection.execute(asked):
            task = _TASK.validate_json(content)
            self._acts[run, task.step].append(task)

    def take(self, run: str, step: str) -> Task | None:
        """Give the act of a step; the next one if a loop came to it several times."""
        acts = self._acts.get((run, step))
        if acts:
            return acts.pop(0)
        if (run, step) in self._acts:
            raise _RowError(f"step `{step}` has no further act in this run")
        if any(own == run and path.startswith(f"{step}/") for own, path in self._acts):
            raise _RowError(f"step `{step}` is done for each of a list: write `{step}/0` and so on")
        return None


def _compared(
    connection: Connection, run: Row[Any], row: dict[str, str], acts: _Acts
) -> tuple[Task | None, dict[str, Any]]:
    path = row["step"]
    step = path.partition("/")[0]
    if step not in program(connection, run.graph, run.organization, run.procedure).steps:
        raise _RowError(f"the procedure has no step `{step}`")
    same, did = _truth(row, "same"), _truth(row, "did")
    task = acts.take(run.id, path)
    if task is None:
        if _is_erased(connection, run.id):
            raise _RowError(f"the content of run `{run.id}` was erased")
        if run.status == "running":
            raise _RowError(f"the run has not come to act at `{step}`")
        if same is None and did is None:
            raise _RowError(f"the run did not act at `{step}`; say `did`: `yes` or `no`")
        agreed = same if did is None else not did
        return None, {"step": step, "key": f"{run.id}:{path}", "agreed": agreed}
    key = f"{run.id}:{task.id}"
    if same is None:
        given = {
            name.removeprefix(INPUT): value
            for name, value in row.items()
            if name.startswith(INPUT) and value
        }
        if did is None and not given:
            raise _RowError("it does not say what people did")
        same = did is not False and _fits(given, task.shown.get("inputs", {}))
    return task, {"step": step, "key": key, "agreed": same}


def _is_erased(connection: Connection, run: str) -> bool:
    erased = select(tasks.c.number).where(tasks.c.run == run, tasks.c.content == "").limit(1)
    return connection.execute(erased).first() is not None


def _answer(
    connection: Connection, run: str, task: Task, fact: dict[str, Any], now: datetime
) -> None:
    """Take the question out of the inbox that the file answers; one that needs values stays."""
    choice = next(
        (each for each in task.choices if each.id == ("same" if fact["agreed"] else "different")),
        None,
    )
    if task.kind is not TaskKind.COMPARISON or choice is None or choice.gives:
        return
    reason = f"imported from {fact['source']}"
    decided = {"choice": choice.id, "decided_by": fact["by"], "decided": now, "reason": reason}
    closed = connection.execute(
        update(tasks)
        .where(tasks.c.run == run, tasks.c.task == task.id, tasks.c.status == OPEN)
        .values(status=DECIDED, **decided)
    )
    if closed.rowcount == 1:
        event = TaskDecided(at=now, task=task.id, choice=choice.id, by=fact["by"], reason=reason)
        post(connection, run, event, key=f"task:{task.id}", cause=f"import:{fact['source']}")


def _fits(given: dict[str, str], rendered: dict[str, Any]) -> bool:
    """Tell whether people gave just what was rendered, as far as the file says what they gave."""
    return all(name in rendered and _is(text, rendered[name]) for name, text in given.items())


def _is(text: str, value: Any) -> bool:
    if isinstance(value, str):
        return text == value
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return isinstance(value, bool) and _TRUTHS.get(text.lower()) is value
    # Python takes 1 and True for equal.
    return bool(read == value) and isinstance(read, bool) == isinstance(value, bool)


def _truth(row: dict[str, str], column: str) -> bool | None:
    text = row.get(column, "").lower()
    if not text:
        return None
    if text not in _TRUTHS:
        raise _RowError(f"`{column}` is neither `yes` nor `no`: `{text}`")
    return _TRUTHS[text]


def _instant(row: dict[str, str], now: datetime) -> datetime:
    text = row.get("at")
    if not text:
        return now
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise _RowError(f"`at` is no instant as `2026-01-31T09:00:00Z`: `{text}`") from None
    at = read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    # Nothing was compared later than now, nor outlives the next demotion by saying so.
    return min(at, now)
