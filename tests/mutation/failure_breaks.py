"""Breaks of retries and escalation: family 4."""

from collections.abc import Iterator

from mutation.breaks import Break, breaks, having, owner, records, step_at, steps, without
from mutation.precise import Data
from sopc.organization import Organization


@breaks("no-escalation-path")
def drop_escalation(data: Data, organization: Organization) -> Iterator[Break]:
    nobody = organization.model_copy(update={"escalation": None})
    handled = {step.get("handles") for _, step in steps(data)}
    for place, step in steps(data, "action", "approval"):
        if "handles" in step or step["id"] in handled:
            continue
        broken = without(without(data, place, "escalation"), owner(place), "escalation")
        yield Break(step["id"], broken, (step["id"],), "", nobody)


@breaks("escalation-to-nobody")
def drop_whom_to_turn_to(data: Data, organization: Organization) -> Iterator[Break]:
    for place, record in records(data["procedures"], ("procedures",)):
        if len(place) > 1 and place[-2] == "escalation" and "to" in record:
            yield Break(f"{place}", without(data, place, "to"), step_at(data, place))


@breaks("unlimited-retry")
def drop_limit(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        retry = {"says": "again", "delay": "PT1H"}
        yield Break(step["id"], having(data, place, retry=retry), (step["id"],))
