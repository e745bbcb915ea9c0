"""Which triggers, and which waiting steps, a delivery is for."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from sopc.errors import SopcError
from sopc.graph import DataField, EventTrigger, WaitStep
from sopc.organization import Organization
from sopc.organization.name import folded
from sopc_runtime.core.program import Program
from sopc_runtime.store.documents import program
from sopc_runtime.store.run_start import Version, versions
from sopc_runtime.store.tables import awaited, runs
from sopc_runtime.triggers.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A trigger of a deployed procedure that a delivery is for."""

    version: Version
    program: Program
    trigger: EventTrigger

    @property
    def fields(self) -> tuple[DataField, ...]:
        """What the event may bring: the trigger's payload, and inputs of the graph if it has them.

        An input may come later from elsewhere, so an event need not bring it.
        """
        named = {each.name for each in self.trigger.payload}
        inputs = (
            each.model_copy(update={"required": False})
            for each in self.program.graph.inputs
            if each.name not in named
        )
        return (*self.trigger.payload, *inputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A step of a run that waits for the event of a delivery."""

    run: str
    system: str
    event: str | None
    payload: tuple[DataField, ...]


@dataclass(slots=True)
class Matches:
    """All that a delivery is for, and what stood in the way of finding it."""

    triggers: list[Match]
    waiting: list[Waiting]
    problems: list[str]


def matches(connection: Connection, delivery: Delivery) -> Matches:
    """Find all that a delivery is for.

    Names of systems are compared as the organization file compares them, words of events without
    case and marks. A source that tells no event fits every event of its system, as long as there
    is but one: it is never guessed.
    """
    found = Matches([], [], [])
    systems = {delivery.system} if delivery.system is not None else set()
    for version in versions(connection):
        try:
            known = version.program(connection)
        except SopcError as error:
            if delivery.name in {None, version.name}:
                found.problems.append(f"`{version.name}` cannot be read: {error}")
            continue
        systems |= _ids(delivery, known.organization)
        if delivery.name not in {None, version.name}:
            continue
        for trigger in known.procedure.triggers:
            if isinstance(trigger, EventTrigger) and _fits(delivery, trigger, known.organization):
                found.triggers.append(Match(version=version, program=known, trigger=trigger))
    found.waiting = _waiting(connection, delivery, systems)
    if delivery.event is None:
        events = {each.trigger.event for each in found.triggers}
        events |= {each.event for each in found.waiting}
        stated = sorted({folded(event): event for event in events if event}.values())
        if len(stated) > 1:
            told = ", ".join(f"`{event}`" for event in stated)
            problem = f"it does not tell which event of `{delivery.system}` it is: {told}"
            return Matches([], [], [problem])
    return found


def _fits(delivery: Delivery, trigger: EventTrigger, organization: Organization | None) -> bool:
    return _same_system(delivery, trigger.system, organization) and _same_event(
        delivery, trigger.event
    )


def _same_system(delivery: Delivery, system: str | None, organization: Organization | None) -> bool:
    if system is None or delivery.system is None:
        # Only a source that names its procedure is meant without a system.
        return delivery.name is not None
    if folded(system) == folded(delivery.system):
        return True
    if organization is None:
        return False
    known = organization.system(system)
    return known is not None and known is organization.system(delivery.system)


def _ids(delivery: Delivery, organization: Organization | None) -> set[str]:
    """Give the ids that a delivery's system has in an organization file."""
    if organization is None or delivery.system is None:
        return set()
    known = organization.system(delivery.system)
    return {known.id} if known is not None else set()


def _same_event(delivery: Delivery, event: str | None) -> bool:
    return event is None or delivery.event is None or folded(event) == folded(delivery.event)


def _waiting(connection: Connection, delivery: Delivery, systems: set[str]) -> list[Waiting]:
    """Find waiting steps by the index of systems: there may be very many that wait for others."""
    if not systems:
        return []
    rows = connection.execute(
        select(
            awaited.c.run,
            awaited.c.step,
            awaited.c.system,
            awaited.c.event,
            runs.c.graph,
            runs.c.organization,
            runs.c.procedure,
            runs.c.name,
        )
        .join(runs, runs.c.id == awaited.c.run)
        .where(awaited.c.system.in_(systems), runs.c.status == "running")
        .order_by(awaited.c.run, awaited.c.step)
    )
    found = []
    for row in rows:
        if delivery.name not in {None, row.name} or not _same_event(delivery, row.event):
            continue
        try:
            known = program(connection, row.graph, row.organization, row.procedure)
        except SopcError:
            # The run cannot go on before its documents are back; then the event is sent again.
            continue
        if not _same_system(delivery, row.system, known.organization):
            continue
        step = known.steps.get(row.step.partition("/")[0])
        event = step.event if isinstance(step, WaitStep) else None
        payload = event.payload if event is not None else ()
        found.append(Waiting(run=row.run, system=row.system, event=row.event, payload=payload))
    return found
