"""One run for each row of a file, many at once, with a results file that is written as they end."""

import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sopc.cli import output
from sopc.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from sopc_runtime.serve.foreground import Standing
    from sopc_runtime.triggers.request import Request
    from sopc_runtime.triggers.rows import Row

_AT_ONCE = 200
_LOOK = 0.05
_SECONDS_BETWEEN_LINES = 5.0
_SAID_OF_EACH = ("line", "key", "run", "status", "problem")
_WAITS = 4
_OTHERWISE = "it was run with other values before; a new name for `--batch` runs it anew"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run_batch(
    engine: "Engine",
    asked: "Request",
    inputs: Path,
    results: Path,
    *,
    key: str | None,
    batch: str,
    by: str | None,
    organization: Path | None,
) -> int:
    """Run all rows, and give the exit code: 1 if one failed or was refused, 4 if one waits.

    Those that cannot go on are told as `stuck`, and count as failed. A row's run has an id made
    of the batch and the row's key, so that a batch that was stopped goes on: what has ended is not
    done again, and its result is written again.
    """
    from sopc_runtime.serve.foreground import executing
    from sopc_runtime.triggers.rows import rows

    found = rows(inputs, asked, key=key)
    _warn_of_columns(asked, found)
    if results.resolve() == inputs.resolve():
        raise UsageError("`--results` would overwrite `--inputs`")
    with _written(results, asked, found) as write, executing(engine, organization) as worker:
        if worker is None:
            output.note("another process carries the runs out")
        with _progress(len(found)) as told:
            batched = _Batched(engine, asked, batch=batch, by=by, write=write, told=told)
            counts = batched.run(found)
    said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    before = f", {batched.before} of them begun before" if batched.before else ""
    output.note(f"{len(found)} rows: {said or 'nothing to do'}{before}; results in `{results}`")
    if counts["failed"] or counts["refused"] or counts["cancelled"] or counts["stuck"]:
        return 1
    return _WAITS if counts["waiting"] else 0


class _Batched:
    """The running of rows, so many at once."""

    def __init__(
        self,
        engine: "Engine",
        asked: "Request",
        *,
        batch: str,
        by: str | None,
        write: "Callable[[Row, str, str, str, Standing | None], None]",
        told: Callable[[int], None],
    ) -> None:
        self._engine = engine
        self._asked = asked
        self._batch = batch
        self._by = by
        self._write = write
        self._told = told
        self.before = 0
        self._counts: Counter[str] = Counter()
        self._ailing: dict[str, float] = {}

    def run(self, found: "list[Row]") -> Counter[str]:
        """Run all, and count how they ended."""
        from sopc_runtime.serve import foreground

        waiting = iter(found)
        open_: dict[str, Row] = {}
        while True:
            self._begin(waiting, open_)
            if not open_:
                return self._counts
            ended = 0
            for standing in foreground.standings(self._engine, list(open_)):
                if standing.quiet or self._is_stuck(standing):
                    self._over(open_.pop(standing.run), standing)
                    ended += 1
            if not ended:
                time.sleep(_LOOK)

    def _is_stuck(self, standing: "Standing") -> bool:
        """Tell whether a run could not go on for so long that it is not waited for."""
        from sopc_runtime.serve import foreground

        if standing.problem is None:
            self._ailing.pop(standing.run, None)
            return False
        since = self._ailing.setdefault(standing.run, time.monotonic())
        return time.monotonic() - since > foreground.SECONDS_AILING

    def _begin(self, waiting: "Iterator[Row]", open_: "dict[str, Row]") -> None:
        taken = list(islice(waiting, _AT_ONCE - len(open_)))
        if not taken:
            return
        from sopc_runtime.triggers.request import begun_with

        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            for place, row in enumerate(taken):
                if row.problems:
                    continue
                run = f"{self._asked.version.name}:{self._batch}:{row.key}"
                new = self._asked.start(
                    connection, run=run, values=row.values, by=self._by, now=now
                )
                if not new and begun_with(connection, run) not in (None, row.values):
                    # What came of it then would stand beside values that it never had.
                    taken[place] = replace(row, problems=(_OTHERWISE,))
                    continue
                self.before += not new
                open_[run] = row
        for row in taken:
            if row.problems:
                self._count(row, "", "refused", "; ".join(row.problems), None)
                output.warn(f"line {row.line}: {'; '.join(row.problems)}")

    def _over(self, row: "Row", standing: "Standing") -> None:
        status, problem = standing.status, standing.why or ""
        if standing.problem is not None:
            status, problem = "stuck", standing.problem
        elif status == "running":
            from sopc_runtime.serve.foreground import waits_for

            status = "waiting"
            problem = "; ".join(
                f"waits for {each}" for each in waits_for(self._engine, standing.run)
            )
        self._count(row, standing.run, status, problem, standing)

    def _count(
        self, row: "Row", run: str, status: str, problem: str, standing: "Standing | None"
    ) -> None:
        self._counts[status] += 1
        self._write(row, run, status, problem, standing)
        self._told(sum(self._counts.values()))


def _warn_of_columns(asked: "Request", found: "list[Row]") -> None:
    names = dict.fromkeys(name for row in found for name in row.given)
    if found and not any(each.name in names for each in asked.fields) and asked.fields:
        wanted = ", ".join(f"`{each.name}`" for each in asked.fields)
        raise UsageError("no column is one that the procedure takes", hint=f"it takes {wanted}")


@contextmanager
def _written(
    results: Path, asked: "Request", found: "list[Row]"
) -> "Iterator[Callable[[Row, str, str, str, Standing | None], None]]":
    """Open the results file; each result is on disk before the next is waited for."""
    if results.suffix.lower() not in {".csv", ".jsonl", ".ndjson"}:
        raise UsageError(f"`{results}` is neither `.csv` nor `.jsonl`")
    given = list(dict.fromkeys(name for row in found for name in row.given))
    worked_out = [name for name in asked.program.fields if name not in given]
    columns = [*_SAID_OF_EACH, *(name for name in given if name not in _SAID_OF_EACH)]
    columns += [name for name in worked_out if name not in columns]
    try:
        file = results.open("w", encoding="utf-8", newline="")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write `{results}`: {reason}") from None
    with file:
        put = _csv_writer(file, columns) if results.suffix.lower() == ".csv" else _json_writer(file)

        def write(
            row: "Row", run: str, status: str, problem: str, standing: "Standing | None"
        ) -> None:
            from sopc.cli.run import shown

            said = {"line": row.line, "key": row.key, "run": run, "status": status}
            worked = shown(asked, standing) if standing is not None else {}
            hidden = {name: "***" for name in row.given if name in asked.program.sensitive}
            put({**row.given, **hidden, **worked, **said, "problem": problem})
            file.flush()

        yield write


def _csv_writer(file: TextIO, columns: list[str]) -> Callable[[dict[str, Any]], None]:
    writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    writer.writerow({name: _cell(name) for name in columns})

    def put(content: dict[str, Any]) -> None:
        writer.writerow({name: _cell(value) for name, value in content.items()})

    return put


def _cell(value: Any) -> Any:
    """Write a value; a text that spreadsheets would take for a formula gets a `'` before it."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) and not _is_number(value) else value
    if value is None:
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _json_writer(file: TextIO) -> Callable[[dict[str, Any]], None]:
    def put(content: dict[str, Any]) -> None:
        file.write(json.dumps(content, ensure_ascii=False) + "\n")

    return put


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show how far the batch is: a bar on a terminal, a line now and then elsewhere."""
    if output.manner().quiet:
        yield lambda _: None
        return
    if sys.stderr is not None and sys.stderr.isatty():
        from rich.progress import Progress

        with Progress(console=output.console(stderr=True), transient=True) as bar:
            task = bar.add_task("runs", total=total)
            yield lambda done: bar.update(task, completed=done)
        return
    last = [time.monotonic()]

    def line(done: int) -> None:
        if time.monotonic() - last[0] >= _SECONDS_BETWEEN_LINES:
            last[0] = time.monotonic()
            output.note(f"{done} of {total} rows")

    yield line
