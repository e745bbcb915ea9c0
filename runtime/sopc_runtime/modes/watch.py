"""Automatic demotion: a procedure that no longer does what people would do acts less.

Only what was seen of the deployed version since the last change of mode counts, and of that the
latest. A bound decides, not a bare share, so that one bad day of three runs is no regression.
"""

import json
from datetime import datetime

from sqlalchemy import Connection, select

from sopc_runtime.core.mode import Mode
from sopc_runtime.core.task import TaskKind
from sopc_runtime.deployment.version import DeployedVersion, deployed_versions, hold_deployed
from sopc_runtime.journal.entry import PROGRAM
from sopc_runtime.modes.agreement import Count, Measured, measure
from sopc_runtime.modes.change import ORDER, Change, change_mode, tell_people
from sopc_runtime.modes.settings import DemotionLimits, ModeSettings
from sopc_runtime.store.tables import agreements, calls, runs, tasks

_BAD = (TaskKind.TROUBLE.value, TaskKind.DOUBT.value)
_CALLS_AN_ACT = 5


def watch(connection: Connection, settings: ModeSettings, now: datetime) -> list[Change]:
    """Demote by one mode, and tell people of, every procedure beyond a limit; give what was done.

    To be called every minute or so; a second call finds nothing more to do.
    """
    hold_deployed(connection)
    done = []
    for version in deployed_versions(connection):
        if version.mode is Mode.SHADOW:
            continue
        agreement = recent_agreement(connection, version, settings.demotion)
        failures = recent_failures(connection, version, settings.demotion)
        told = _disagrees(agreement, settings.demotion), _fails(failures, settings.demotion)
        why = "; ".join(each for each in told if each)
        if why:
            done.append(_demoted(connection, version, why, failures, now))
    return done


def recent_agreement(
    connection: Connection, version: DeployedVersion, limits: DemotionLimits
) -> Count:
    """Count the latest comparisons since the mode was changed, and those that agree.

    Files that somebody imports in that time count as well; they are of what people saw.
    """
    rows = agreements.c
    latest = (
        select(rows.agreed)
        .where(rows.name == version.name, rows.graph == version.row.graph)
        .where(rows.at >= version.since)
        .order_by(rows.at.desc(), rows.number.desc())
        .limit(limits.window)
    )
    found = list(connection.execute(latest).scalars())
    return Count(len(found), sum(found))


def recent_failures(
    connection: Connection, version: DeployedVersion, limits: DemotionLimits
) -> Count:
    """Count the latest steps that called a system, and those that ended in trouble or in doubt.

    Retries that helped, and failures that the graph deals with, are no trouble.
    """
    latest = (
        select(calls.c.run, calls.c.request)
        .join(runs, runs.c.id == calls.c.run)
        .where(runs.c.name == version.name, runs.c.graph == version.row.graph)
        .where(calls.c.started >= version.since)
        .order_by(calls.c.started.desc(), calls.c.call.desc())
        .limit(limits.window * _CALLS_AN_ACT)
    )
    acts: dict[tuple[str, str], None] = {}
    for run, request in connection.execute(latest):
        asked = json.loads(request)
        if not asked.get("dry") and len(acts) < limits.window:
            acts[run, asked["step"]] = None
    bad = select(tasks.c.run, tasks.c.step).where(
        tasks.c.name == version.name, tasks.c.kind.in_(_BAD), tasks.c.opened >= version.since
    )
    failing = {(run, step) for run, step in connection.execute(bad)}
    return Count(len(acts), sum(each in failing for each in acts))


def _disagrees(count: Count, limits: DemotionLimits) -> str:
    upper = count.interval.upper
    if count.total < limits.least or upper >= limits.agreement:
        return ""
    return (
        f"only {count.agreed} of the last {count.total} acts agree with people: "
        f"{upper:.1%} at the best, and the limit is {limits.agreement:.1%}"
    )


def _fails(count: Count, limits: DemotionLimits) -> str:
    lower = count.interval.lower
    if count.total < limits.least or lower <= limits.failures:
        return ""
    return (
        f"{count.agreed} of the last {count.total} acts failed: "
        f"{lower:.1%} at the least, and the limit is {limits.failures:.1%}"
    )


def _demoted(
    connection: Connection,
    version: DeployedVersion,
    why: str,
    failures: Count,
    now: datetime,
) -> Change:
    measured: Measured = measure(
        connection, name=version.name, program=version.program, since=version.since
    )
    change = change_mode(
        connection,
        version,
        to=ORDER[ORDER.index(version.mode) - 1],
        by=PROGRAM,
        now=now,
        measured=measured,
        reason=why,
        facts={"acts": failures.total, "failed": failures.agreed},
    )
    tell_people(connection, version, change, why=why, now=now)
    return change
