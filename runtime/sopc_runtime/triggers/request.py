"""Requests: a person, or a row of a table, starts a run of a deployed procedure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from sopc.errors import UsageError
from sopc.graph import DataField, RequestTrigger, ScheduleTrigger, Trigger
from sopc.organization.name import folded
from sopc_runtime.core.event import EVENT, Started, Values
from sopc_runtime.core.program import Program
from sopc_runtime.journal.chain import INSTANCE
from sopc_runtime.store.run_start import STARTED, Version, begin, version
from sopc_runtime.store.tables import mail
from sopc_runtime.triggers.reading import read_values, unfit

_LONGEST_ID = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How a procedure is started by hand.

    Attributes:
        trigger: The trigger whose payload is asked for; None where the procedure has none.
        fields: What has to be given, and may be: the graph's inputs and the trigger's payload.
    """

    version: Version
    program: Program
    trigger: Trigger | None
    fields: tuple[DataField, ...]

    def read(self, values: Mapping[str, Any], *, textual: bool = False) -> tuple[Values, list[str]]:
        """Give the values as their types, and what is wrong with them."""
        problem = unfit(dict(values))
        return ({}, [problem]) if problem else read_values(values, self.fields, textual=textual)

    def unknown(self, names: Mapping[str, Any]) -> list[str]:
        """Say which of some names the procedure does not take, with the nearest that it does."""
        known = [each.name for each in self.fields]
        told = []
        for name in names:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                told.append(f"`{name}` is not asked for" + (f"; `{near[0]}` is" if near else ""))
        return told

    def start(
        self, connection: Connection, *, run: str, values: Values, by: str | None, now: datetime
    ) -> bool:
        """Start the run; false if there is one with this id.

        Raises:
            UsageError: The id is none.
        """
        if run == INSTANCE or not run.isprintable() or not 0 < len(run.strip()) <= _LONGEST_ID:
            raise UsageError(
                f"`{run[:80]}` is no id of a run",
                hint=f"it has up to {_LONGEST_ID} letters, digits and signs on one line",
            )
        started = Started(
            at=now,
            run=run,
            mode=self.version.mode,
            trigger=self.trigger.id if self.trigger is not None else None,
            values=values,
            by=by,
        )
        return begin(
            connection,
            name=self.version.name,
            run=run,
            started=started,
            under=self.version,
            cause="request",
        )


def request(
    connection: Connection,
    name: str,
    *,
    trigger: str | None = None,
    by: str | None = None,
    now: datetime,
) -> Request:
    """Give how a procedure is started by hand: by its request, else by the only trigger it has.

    A person whom the organization file knows is meant by the whole name: whoever starts a run is
    kept from approving it, which half a name would get around.

    Raises:
        UsageError: It is not deployed, has no such trigger or several to choose from, may be
            started by a role alone that `by` does not hold, or `by` is half a name.
    """
    own = version(connection, name)
    program = own.program(connection)
    _refuse_half(program, by)
    chosen = _chosen(program, name, trigger)
    payload = () if chosen is None or isinstance(chosen, ScheduleTrigger) else chosen.payload
    if isinstance(chosen, RequestTrigger):
        _check_role(program, chosen, by, now)
    named = {each.name for each in payload}
    inputs = (each for each in program.graph.inputs if each.name not in named)
    return Request(version=own, program=program, trigger=chosen, fields=(*payload, *inputs))


def begun_with(connection: Connection, run: str) -> Values | None:
    """Give the values that a run began with; None where they were erased."""
    asked = select(mail.c.event).where(mail.c.run == run, mail.c.key == STARTED)
    text = connection.execute(asked).scalar_one_or_none()
    event = EVENT.validate_json(text) if text else None
    return event.values if isinstance(event, Started) else None


def _chosen(program: Program, name: str, wanted: str | None) -> Trigger | None:
    triggers = program.procedure.triggers
    listed = ", ".join(f"`{each.id}`" for each in triggers)
    if wanted is not None:
        found = next((each for each in triggers if each.id == wanted), None)
        if found is None:
            hint = f"it has {listed}" if listed else "it has none"
            raise UsageError(f"procedure `{name}` has no trigger `{wanted}`", hint=hint)
        return found
    requests = [each for each in triggers if isinstance(each, RequestTrigger)]
    choice: list[Trigger] = [*requests] or [*triggers]
    if len(choice) > 1:
        raise UsageError(
            f"procedure `{name}` has several triggers: {listed}",
            hint="`--trigger` says which one this stands for",
        )
    return choice[0] if choice else None


def _refuse_half(program: Program, by: str | None) -> None:
    organization = program.organization
    if organization is None or by is None or organization.person(by) is not None:
        return
    names = {each.name for role in organization.roles for each in role.holders}
    meant = sorted(each for each in names if folded(by) in folded(each).split())
    if meant:
        raise UsageError(
            f"nobody in the organization file is called `{by}`",
            hint=f"did you mean {' or '.join(f'`{each}`' for each in meant)}",
        )


def _check_role(program: Program, trigger: RequestTrigger, by: str | None, now: datetime) -> None:
    organization = program.organization
    if trigger.by is None or organization is None:
        return
    zone = ZoneInfo(organization.time_zone or "UTC")
    holders = organization.holders(trigger.by, now.astimezone(zone).date())
    if not holders:
        # It is not said who holds it, so nobody can be told from those who do.
        return
    role = organization.role(trigger.by)
    named = role.name if role is not None else trigger.by
    person = organization.person(by) if by else None
    if person is None or person.name not in {each.name for each in holders}:
        who = f"`{by}` does not hold it" if by else "nobody is named"
        listed = ", ".join(each.name for each in holders)
        raise UsageError(
            f"only the role `{named}` may start this procedure, and {who}",
            hint=f"`--by` names who starts it: {listed}",
        )
