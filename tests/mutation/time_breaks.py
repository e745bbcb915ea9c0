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
