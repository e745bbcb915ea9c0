"""Promotion and demotion by a person: a signed act, on measured agreement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sopc.errors import UsageError
from sopc_runtime.core.mode import Mode
from sopc_runtime.deployment.signature import known_person
from sopc_runtime.deployment.version import DeployedVersion, deployed_version, hold_deployed
from sopc_runtime.modes.agreement import Measured, measure
from sopc_runtime.modes.change import ORDER, Change, change_mode, counted_from
from sopc_runtime.modes.settings import Bar, ModeSettings


@dataclass(frozen=True)
class Assessment:
    """Whether a procedure may be promoted.

    Attributes:
        version: What is deployed.
        to: The mode that is looked at; None where it is autonomous already.
        bar: What it takes.
        measured: What was measured since the last demotion.
        lacking: What is missing, one sentence each; nothing if a promotion is offered.
    """

    version: DeployedVersion
    to: Mode | None
    bar: Bar | None
    measured: Measured
    lacking: tuple[str, ...]

    @property
    def offered(self) -> bool:
        """Whether it may be promoted as it is: the bar is passed, and the version is signed."""
        return self.to is not None and not self.lacking and bool(self.version.signers)


def assess(
    connection: Connection, name: str, settings: ModeSettings, *, to: Mode | None = None
) -> Assessment:
    """Measure a procedure against what a promotion takes: to the next mode, or to `to`.

    Raises:
        UsageError: Nothing is deployed under this name.
    """
    version = deployed_version(connection, name)
    since = counted_from(connection, name)
    measured = measure(connection, name=name, program=version.program, since=since)
    following = ORDER[ORDER.index(version.mode) + 1 :]
    goal = to or (following[0] if following else None)
    if goal is None:
        return Assessment(version, None, None, measured, ())
    bar = settings.bar(goal)
    return Assessment(version, goal, bar, measured, tuple(_lacking(measured, bar)))


def promote(
    connection: Connection,
    name: str,
    *,
    by: str,
    now: datetime,
    settings: ModeSettings,
    to: Mode | None = None,
    despite: str | None = None,
) -> Change:
    """Let a procedure act further from now on; runs of the same version go on in the new mode.

    Args:
        connection: The transaction.
        name: The deployed procedure.
        by: Who promotes it; a person of the organization file.
        now: The instant.
        settings: What it takes.
        to: The mode; by default the next one.
        despite: Why it is promoted although the bar is not passed.

    Raises:
        UsageError: It is not deployed, not lower, not signed, below the bar, or the person is none.
    """
    hold_deployed(connection)
    found = assess(connection, name, settings, to=to)
    version = found.version
    if found.to is None or ORDER.index(found.to) <= ORDER.index(version.mode):
        hint = "`sopc demote` lets it act less" if version.mode is not Mode.SHADOW else None
        lower = found.to is not None and found.to is not version.mode
        beyond = f", which goes beyond `{found.to}`" if lower else " already"
        raise UsageError(f"`{name}` is in mode `{version.mode}`{beyond}", hint=hint)
    person = known_person(version.organization, by, now)
    if not version.signers:
        hint = "`sopc sign GRAPH` signs it, `sopc deploy GRAPH` deploys the signed graph"
        raise UsageError(f"nobody has signed the deployed version of `{name}`", hint=hint)
    despite = (despite or "").strip() or None
    if found.lacking and despite is None:
        hint = f"`sopc agreement show {name}` tells more; `--despite REASON` promotes it anyway"
        raise UsageError(
            f"`{name}` is not ready for `{found.to}`: {'; '.join(found.lacking)}", hint=hint
        )
    return change_mode(
        connection,
        version,
        to=found.to,
        by=person,
        now=now,
        measured=found.measured,
        reason=despite,
        facts={
            "bar": found.bar.model_dump() if found.bar else None,
            "lacking": list(found.lacking),
            "despite": despite,
            "signed_by": list(version.signers),
        },
    )


def demote(
    connection: Connection,
    name: str,
    *,
    by: str,
    now: datetime,
    reason: str,
    to: Mode | None = None,
) -> Change:
    """Let a procedure, its runs under way and what they called act less from now on.

    Raises:
        UsageError: It is not deployed, or not in a higher mode than `to` (by default: than shadow).
    """
    hold_deployed(connection)
    version = deployed_version(connection, name)
    person = known_person(version.organization, by, now)
    place = ORDER.index(version.mode)
    goal = to or ORDER[max(place - 1, 0)]
    if ORDER.index(goal) >= place:
        raise UsageError(f"`{name}` is in mode `{version.mode}`, which is no more than `{goal}`")
    measured = measure(connection, name=name, program=version.program, since=version.since)
    return change_mode(
        connection, version, to=goal, by=person, now=now, measured=measured, reason=reason
    )


def _lacking(measured: Measured, bar: Bar) -> list[str]:
    if not measured.acting:
        # Only people act in it, in whatever mode.
        return []
    found = []
    count, lower = measured.all, measured.all.interval.lower
    if count.total < bar.comparisons:
        found.append(f"{count.total} of at least {bar.comparisons} comparisons")
    if lower < bar.agreement:
        found.append(
            f"{count.agreed} of {count.total} agree, which makes sure of {lower:.1%}, not of "
            f"{bar.agreement:.1%}"
        )
    few = [step for step in measured.acting if measured.steps[step].total < bar.each]
    if few:
        names = ", ".join(f"`{step}` ({measured.steps[step].total})" for step in few)
        found.append(f"compared fewer than {bar.each} times: {names}")
    return found
