"""Schedules: every tick of a deployed procedure's clock starts one run, whoever ticks."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from sqlalchemy import Connection, Engine, select, update

from sopc.errors import SopcError
from sopc.graph import ScheduleTrigger
from sopc_runtime.core.event import Started
from sopc_runtime.store.database import reading
from sopc_runtime.store.mailbox import insert_once
from sopc_runtime.store.run_start import Version, begin, versions
from sopc_runtime.store.tables import deliveries, notes
from sopc_runtime.triggers.delivery import Status
from sopc_runtime.triggers.settings import ScheduleSettings

SOURCE = "schedule"
_FIELDS = 5
_ON_TIME = timedelta(minutes=1)
_WINDOWS = (timedelta(hours=2), timedelta(days=1), timedelta(days=8), timedelta(days=62))


def ticks(cron: str, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Give the ticks of a cron expression in (after, until], in UTC.

    A time that a clock change leaves out comes right after the change; one that it repeats comes
    once, as in Debian's cron. Expressions that begin with `*` follow the clock as it runs.

    Raises:
        ValueError: The expression has not five fields, or one is wrong.
    """
    if len(cron.split()) != _FIELDS:
        raise ValueError(f"`{cron}` has not five fields, as `0 9 * * 1`")
    try:
        clock = CronSim(cron, after.astimezone(zone))
    except CronSimError as error:
        raise ValueError(f"`{cron}` is no cron expression: {str(error).lower()}") from None
    last = after
    for local in clock:
        tick = local.astimezone(UTC)
        if tick > until:
            return
        if tick > last:
            last = tick
            yield tick


def missed(
    cron: str, zone: ZoneInfo, after: datetime, now: datetime, settings: ScheduleSettings
) -> list[datetime]:
    """Give the ticks in (after, now] that are to be made up for, by the policy.

    Raises:
        ValueError: The expression is wrong.
    """
    if settings.catch_up == "all":
        return list(deque(ticks(cron, zone, after, now), maxlen=settings.most))
    for window in _WINDOWS:
        # The latest tick is found without counting through years of missed ones.
        near = list(ticks(cron, zone, max(after, now - window), now))
        if near:
            break
    else:
        near = list(deque(ticks(cron, zone, after, now), maxlen=1))
    if settings.catch_up == "skip":
        return [tick for tick in near if now - tick <= _ON_TIME]
    return near[-1:]


@dataclass(slots=True)
class Schedules:
    """The clocks of all deployed procedures; what they know is in the database.

    Attributes:
        engine: The database.
        settings: How procedures catch up; `last` for those that are not named.
        problems: What is wrong with clocks that cannot tick, by procedure.
    """

    engine: Engine
    settings: Iterable[ScheduleSettings] = ()
    problems: dict[str, str] = field(default_factory=dict)
    _next: dict[tuple[str, ...], datetime] = field(default_factory=dict)

    def tick(self, now: datetime) -> list[str]:
        """Start what is due, and give the ids of the runs.

        A clock that is seen for the first time, or was set anew, begins now.
        """
        by_name = {each.procedure: each for each in self.settings}
        started: list[str] = []
        due = []
        seen = set()
        problems: dict[str, str] = {}
        with reading(self.engine).connect() as connection:
            for version in versions(connection):
                try:
                    clocks = _clocks(connection, version)
                except (SopcError, ValueError) as error:
                    problems[version.name] = str(error)
                    continue
                for key, clock in clocks.items():
                    seen.add(key)
                    if now >= self._next.get(key, now):
                        due.append((key, clock, version))
        for key, clock, version in due:
            policy = by_name.get(version.name) or ScheduleSettings(procedure=version.name)
            try:
                with self.engine.begin() as connection:
                    started += _struck(connection, clock, version, policy, now)
                self._next[key] = clock.next(now)
            except ValueError as error:
                problems[version.name] = str(error)
        self._next = {key: at for key, at in self._next.items() if key in seen}
        self.problems = problems
        return started


@dataclass(frozen=True, slots=True)
class _Clock:
    trigger: str
    cron: str
    zone: ZoneInfo

    def next(self, now: datetime) -> datetime:
        """Give the next tick, or a day from now where that comes sooner."""
        later = now + timedelta(days=1)
        return next(ticks(self.cron, self.zone, now, later), later)


def _clocks(connection: Connection, version: Version) -> Mapping[tuple[str, ...], _Clock]:
    known = version.program(connection)
    own = known.organization.time_zone if known.organization else None
    found: dict[tuple[str, ...], _Clock] = {}
    for trigger in known.procedure.triggers:
        if not isinstance(trigger, ScheduleTrigger) or trigger.cron is None:
            continue
        name = trigger.time_zone or own
        if name is None:
            raise ValueError(
                f"schedule `{trigger.id}` states no time zone, and neither does the organization"
            )
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"`{name}` is no time zone") from None
        next(ticks(trigger.cron, zone, _ANY_DAY, _ANY_DAY), None)
        key = version.name, trigger.id, trigger.cron, name
        found[key] = _Clock(trigger.id, trigger.cron, zone)
    return found


_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _struck(
    connection: Connection,
    clock: _Clock,
    version: Version,
    policy: ScheduleSettings,
    now: datetime,
) -> list[str]:
    """Start the runs of one clock since it was last looked at, and note that it was."""
    key = f"schedule:{version.name}:{clock.trigger}"
    told = {"at": now.isoformat(), "cron": clock.cron, "zone": clock.zone.key}
    row = {"key": key, "value": json.dumps(told)}
    if connection.execute(insert_once(connection, notes).values(row)).rowcount == 1:
        return []
    note = json.loads(
        connection.execute(
            select(notes.c.value).where(notes.c.key == key).with_for_update()
        ).scalar_one()
    )
    last = datetime.fromisoformat(note["at"])
    if last >= now and note["cron"] == clock.cron:
        # The clock of this machine went back, or another worker is ahead.
        return []
    connection.execute(update(notes).where(notes.c.key == key).values(value=row["value"]))
    if (note["cron"], note["zone"]) != (clock.cron, clock.zone.key):
        return []
    due = missed(clock.cron, clock.zone, last, now, policy)
    first = next(ticks(clock.cron, clock.zone, last, now), None)
    if first is not None and first not in due:
        _tell_left_out(connection, clock, version, (first, due[0] if due else now), now)
    return [run for tick in due if (run := _start(connection, clock, version, tick, now))]


def _start(
    connection: Connection, clock: _Clock, version: Version, tick: datetime, now: datetime
) -> str | None:
    run = f"cron:{version.name}:{tick:%Y-%m-%dT%H:%M:%SZ}"
    started = Started(
        at=now, run=run, mode=version.mode, trigger=clock.trigger, occurred=tick, values={}
    )
    new = begin(
        connection, name=version.name, run=run, started=started, under=version, cause=SOURCE
    )
    if not new:
        return None
    row = _delivery(version, key=run, received=now, occurred=tick)
    row |= {"status": Status.STARTED.value, "runs": [run]}
    connection.execute(insert_once(connection, deliveries).values(row))
    return run


def _tell_left_out(
    connection: Connection,
    clock: _Clock,
    version: Version,
    span: tuple[datetime, datetime],
    now: datetime,
) -> None:
    first, end = span
    row = _delivery(
        version,
        key=f"left-out:{version.name}:{clock.trigger}:{first:%Y-%m-%dT%H:%M:%SZ}",
        received=now,
        occurred=first,
    )
    row["problem"] = f"ticks from {first.isoformat()} on were left out, until {end.isoformat()}"
    connection.execute(insert_once(connection, deliveries).values(row))


def _delivery(
    version: Version, *, key: str, received: datetime, occurred: datetime
) -> dict[str, object]:
    return {
        "source": SOURCE,
        "key": key,
        "system": None,
        "event": None,
        "name": version.name,
        "payload": "{}",
        "received": received,
        "occurred": occurred,
        "status": Status.IGNORED.value,
        "problem": None,
        "runs": [],
    }
