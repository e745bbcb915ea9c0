"""Whether anything was lost or doubled, by the database, the systems and the journal."""

from collections import Counter
from collections.abc import Iterator

from soak_people import Outside
from sqlalchemy import Connection, Engine, func, select

from sopc_runtime.journal.verify import verify
from sopc_runtime.store.database import reading
from sopc_runtime.store.tables import (
    awaited,
    calls,
    deliveries,
    mail,
    runs,
    tasks,
    timers,
    workers,
)


def problems(engine: Engine, outside: Outside) -> list[str]:
    """Give what is wrong."""
    with reading(engine).connect() as connection:
        found = [*_begun(connection, outside), *_left(connection), *_effects(connection, outside)]
    found += [
        f"the journal of `{each.run}` is broken: {each.says}" for each in verify(engine).breaks
    ]
    return found


def summary(engine: Engine) -> dict[str, int]:
    """Count the rows that tell what was done."""
    with reading(engine).connect() as connection:
        found = {
            f"runs {row.name} {row.status}": row.many
            for row in connection.execute(
                select(runs.c.name, runs.c.status, func.count().label("many"))
                .group_by(runs.c.name, runs.c.status)
                .order_by(runs.c.name, runs.c.status)
            )
        }
        for row in connection.execute(
            select(tasks.c.kind, func.count().label("many")).group_by(tasks.c.kind)
        ):
            found[f"tasks {row.kind}"] = row.many
    return found


def _begun(connection: Connection, outside: Outside) -> Iterator[str]:
    """Every event that starts something started one run, and every run was started by something."""
    started = connection.execute(
        select(deliveries.c.source, deliveries.c.runs).where(deliveries.c.status == "started")
    ).all()
    by_delivery = Counter(run for row in started for run in row.runs)
    yield from (f"run `{run}` was started {n} times" for run, n in by_delivery.items() if n != 1)
    webhooks = sum(row.source == "webhook" for row in started)
    told = sum(n for name, n in outside.sent.items() if name.endswith(": started"))
    if webhooks != told:
        yield f"{told} events were told to have started runs, and {webhooks} are kept"
    if outside.again != outside.repeated:
        yield f"{outside.again} events came twice, and {outside.repeated} were told so"
    known = set(connection.execute(select(runs.c.id)).scalars())
    yield from (f"run `{run}` is lost" for run in by_delivery if run not in known)
    asked = {f"refund-{number}" for number in range(1, outside.refunds + 1)}
    yield from (f"run `{run}` is lost" for run in asked if run not in known)
    children = set(
        connection.execute(select(runs.c.id).where(runs.c.parent.is_not(None))).scalars()
    )
    yield from (
        f"run `{run}` was started by nothing" for run in known - set(by_delivery) - asked - children
    )


def _left(connection: Connection) -> Iterator[str]:
    """Nothing is left to be done, and no row is left behind."""
    for run, status in connection.execute(
        select(runs.c.id, runs.c.status).where(runs.c.status == "running")
    ):
        yield f"run `{run}` is {status}"
    untaken = select(func.count()).select_from(mail).where(mail.c.taken.is_(None))
    opened = select(func.count()).select_from(calls).where(calls.c.status != "over")
    asked = select(func.count()).select_from(tasks).where(tasks.c.status == "open")
    for what, query in (
        ("events are not taken", untaken),
        ("calls are open", opened),
        ("tasks are open", asked),
        ("timers are set", select(func.count()).select_from(timers)),
        ("steps wait for events", select(func.count()).select_from(awaited)),
        ("workers are noted beside this one", select(func.count() - 1).select_from(workers)),
    ):
        count = connection.execute(query).scalar_one()
        if count > 0:
            yield f"{count} {what}"


def _effects(connection: Connection, outside: Outside) -> Iterator[str]:
    """No mail was sent twice, and every call that is over was done or told why not."""
    for key, count in outside.systems["mailer"].done.items():
        if count > 1:
            yield f"mail `{key}` was sent {count} times"
    done = {key for each in outside.systems.values() for key, _ in each.done.items()}
    runs_done = set(connection.execute(select(runs.c.id).where(runs.c.status == "done")).scalars())
    for run in runs_done:
        name = "send" if run.startswith("cron:") else None
        if name and not any(key.startswith(f"{run}/{name}/") for key in done):
            yield f"run `{run}` is done, and did not send"
