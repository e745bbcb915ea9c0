"""Breaks of deadlines, delays and cadences: family 3."""

from collections.abc import Iterator

from mutation.breaks import Break, breaks, having, owner, steps, without
from mutation.precise import Data
from sopc.organization import Organization


@breaks("missing-deadline")
def drop_time_bounds(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action", "human_task", "approval"):
        if "handles" in step:
            continue
        broken = without(data, place, "deadlines", "cadences", "delays")
        broken = without(broken, owner(place), "deadlines", "cadences")
        yield Break(step["id"], broken, (step["id"],))


@breaks("vague-time")
def say_promptly(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        broken = having(data, place, deadlines=[{"says": "promptly", "vague": True}])
        yield Break(step["id"], broken, (step["id"],), "promptly")


@breaks("impossible-deadline")
def wait_longer_than_the_deadline(data: Data, organization: Organization) -> Iterator[Break]:
    short = [{"says": "within 2 hours", "within": "PT2H"}]
    retry = {"says": "three times, every hour", "times": 3, "delay": "PT1H"}
    for place, step in steps(data, "action"):
        broken = having(data, place, deadlines=short, retry=retry)
        yield Break(step["id"], broken, (step["id"],))


@breaks("deadline-beyond-procedure")
def take_longer_than_the_procedure(data: Data, organization: Organization) -> Iterator[Break]:
    long = [{"says": "within 3 days", "within": "P3D"}]
    bound = [{"says": "within 2 days", "within": "P2D"}]
    for place, step in steps(data, "action", "human_task", "approval"):
        broken = having(data, owner(place), deadlines=bound)
        yield Break(step["id"], having(broken, place, deadlines=long), (step["id"],))


@breaks("past-date")
def name_a_day_that_is_over(data: Data, organization: Organization) -> Iterator[Break]:
    over = [{"says": "by December 31, 2025", "by": "December 31, 2025"}]
    for place, step in steps(data, "action", "human_task", "approval"):
        yield Break(step["id"], having(data, place, deadlines=over), (step["id"],))


@breaks("endless-cadence")
def go_on_for_ever(data: Data, organization: Organization) -> Iterator[Break]:
    every = [{"says": "every 3 days", "every": "P3D"}]
    for index, procedure in enumerate(data["procedures"]):
        kinds = {trigger["kind"] for trigger in procedure.get("triggers", ())}
        if not kinds & {"event", "request"}:
            continue
        whole = having(data, ("procedures", index), cadences=every)
        whole = without(whole, ("procedures", index), "deadlines")
        yield Break(procedure["id"], whole)


@breaks("business-time-without-calendar")
def count_on_no_calendar(data: Data, organization: Organization) -> Iterator[Break]:
    nowhere = organization.model_copy(update={"business_hours": None, "time_zone": None})
    in_business_time = [{"says": "within 2 business days", "within": "2 business days"}]
    for place, step in steps(data, "action", "human_task", "approval"):
        broken = having(data, place, deadlines=in_business_time)
        yield Break(step["id"], broken, organization=nowhere)
