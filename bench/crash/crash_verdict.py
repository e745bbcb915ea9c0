"""What has to hold after all the kills, by the systems' own record and by the journal."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from crash_record import recorded
from sqlalchemy import Engine, select

from sopc_runtime.core.program import Program
from sopc_runtime.driver.replay import replay
from sopc_runtime.journal.verify import verify
from sopc_runtime.store import documents
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import journal, runs, tasks

from crash_procedure import ITEMS  # isort: skip # of this folder


def problems(engine: Engine, file: Path, doubtful: set[tuple[str, str]]) -> list[str]:
    """Give what is wrong; `doubtful` are the calls of `plain` that a kill left open."""
    return [*_effects(engine, file), *_doubts(engine, doubtful), *_journal(engine)]


def _effects(engine: Engine, file: Path) -> Iterator[str]:
    done: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for each in recorded(file):
        run, path = each["key"].split("/", 1)
        done[run, path.rsplit("/", 1)[0]].append((each["system"], each["key"]))
    with reading(engine).connect() as connection:
        for row in connection.execute(select(runs)):
            if row.status != "done":
                yield f"run `{row.id}` is {row.status}"
                continue
            program = documents.program(connection, row.graph, row.organization, row.procedure)
            for path in _acts(program):
                effects = done.pop((row.id, path), [])
                yield from _judged(row.id, path, effects)
    yield from (f"nobody asked for {run} {path}" for run, path in done)


def _acts(program: Program) -> Iterator[str]:
    for step in program.procedure.steps:
        if step.kind == "action":
            elements = range(len(ITEMS)) if step.for_each else ()
            yield from [f"{step.id}/{each}" for each in elements] or [step.id]


def _judged(run: str, path: str, effects: list[tuple[str, str]]) -> Iterator[str]:
    if not effects:
        yield f"run `{run}` lost step `{path}`"
        return
    system = effects[0][0]
    keys = {key for _, key in effects}
    if system in {"plain", "asked"} and len(effects) != 1:
        yield f"run `{run}` did step `{path}` in `{system}` {len(effects)} times"
    if system == "keyed" and len(keys) != 1:
        yield f"run `{run}` did step `{path}` in `keyed` with {len(keys)} keys"


def _doubts(engine: Engine, doubtful: set[tuple[str, str]]) -> Iterator[str]:
    with reading(engine).connect() as connection:
        asked = Counter(
            connection.execute(select(tasks.c.run).where(tasks.c.kind == "doubt")).scalars()
        )
        told = Counter(
            connection.execute(
                select(journal.c.run).where(journal.c.kind == "event:call-in-doubt")
            ).scalars()
        )
    for run, count in Counter(run for run, _ in doubtful).items():
        if told[run] < count:
            yield f"run `{run}` had {count} calls in doubt, and was told {told[run]}"
    for run, count in told.items():
        if asked[run] != count:
            yield f"run `{run}` was told {count} doubts, and asked people {asked[run]} times"


def _journal(engine: Engine) -> Iterator[str]:
    verification = verify(engine)
    yield from (
        f"the journal of `{each.run}` is broken: {each.says}" for each in verification.breaks
    )
    with reading(engine).connect() as connection:
        for run in connection.execute(select(runs.c.id)).scalars().all():
            result = replay(connection, run)
            if not result.same:
                yield f"the replay of run `{run}` differs: {result.difference}"
