"""Breaks of triggers: family 1."""

from collections.abc import Iterator

from mutation.breaks import Break, appended, breaks, having, steps, triggers, without
from mutation.precise import Data
from sopc.organization import Organization


@breaks("missing-trigger")
def drop_triggers(data: Data, organization: Organization) -> Iterator[Break]:
    called = {step.get("procedure") for _, step in steps(data, "call")}
    for index, procedure in enumerate(data["procedures"]):
        if procedure["id"] not in called:
            place = ("procedures", index)
            yield Break(procedure["id"], without(data, place, "triggers"), (), procedure["id"])


@breaks("unmapped-trigger")
def drop_what_shows_the_event(data: Data, organization: Organization) -> Iterator[Break]:
    for kind, keys in (
        ("event", ("system", "event")),
        ("schedule", ("cron",)),
        ("request", ("by",)),
    ):
        for place, trigger in triggers(data, kind):
            for key in keys:
                yield Break(f"{trigger['id']} {key}", without(data, place, key), (), trigger["id"])


@breaks("schedule-without-time-zone")
def drop_time_zone(data: Data, organization: Organization) -> Iterator[Break]:
    nowhere = organization.model_copy(update={"time_zone": None})
    for place, trigger in triggers(data, "schedule"):
        yield Break(trigger["id"], without(data, place, "time_zone"), (), trigger["id"], nowhere)


@breaks("unfiltered-event")
def start_for_all(data: Data, organization: Organization) -> Iterator[Break]:
    for place, trigger in triggers(data, "event"):
        says = f"{trigger['says']} of more than $500"
        broken = having(without(data, place, "filter"), place, says=says)
        yield Break(trigger["id"], broken, (), trigger["id"])


@breaks("duplicate-trigger")
def start_twice(data: Data, organization: Organization) -> Iterator[Break]:
    for kind in ("event", "schedule"):
        for place, trigger in triggers(data, kind):
            again = {**trigger, "id": f"{trigger['id']}-again"}
            yield Break(trigger["id"], appended(data, place[:-1], again), (), trigger["id"])


@breaks("impossible-schedule")
def start_on_a_day_that_never_comes(data: Data, organization: Organization) -> Iterator[Break]:
    for place, trigger in triggers(data, "schedule"):
        broken = having(data, place, cron="0 9 30 2 *")
        yield Break(trigger["id"], broken, (), trigger["id"])


@breaks("skipped-months")
def start_on_the_31st(data: Data, organization: Organization) -> Iterator[Break]:
    for place, trigger in triggers(data, "schedule"):
        broken = having(data, place, cron="0 9 31 * *")
        yield Break(trigger["id"], broken, (), trigger["id"])
