"""Breaks of retries and escalation: family 4."""

from collections.abc import Iterator
from datetime import date

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


def _ladder(*rungs: tuple[str, str]) -> list[Data]:
    return [{"says": f"after {after} to {to}", "after": after, "to": to} for after, to in rungs]


def _strangers(data: Data, *known: str) -> list[str]:
    return [role["id"] for role in data["roles"] if role["id"] not in known]


@breaks("retry-without-delay")
def try_again_at_once(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        retry = {"says": "try twice more", "times": 2}
        yield Break(step["id"], having(data, place, retry=retry), (step["id"],))


@breaks("escalation-to-same-role")
def escalate_to_oneself(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action", "approval"):
        if "role" in step:
            ladder = _ladder(("P2D", step["role"]))
            yield Break(step["id"], having(data, place, escalation=ladder), (step["id"],))


@breaks("escalation-to-unheld-role")
def let_everybody_leave(data: Data, organization: Organization) -> Iterator[Break]:
    ladders = [
        each["to"]
        for owned in (*data["procedures"], *(step for _, step in steps(data)))
        for each in owned.get("escalation", ())
        if "to" in each
    ]
    for name in dict.fromkeys(ladders):
        known = organization.role(name)
        if known is None or not known.holders:
            continue
        gone = tuple(each.model_copy(update={"last": date(2026, 1, 31)}) for each in known.holders)
        left = known.model_copy(update={"holders": gone})
        others = tuple(left if each is known else each for each in organization.roles)
        changed = organization.model_copy(update={"roles": others})
        yield Break(name, data, (), known.name, changed)


@breaks("backward-ladder")
def climb_down(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action", "approval"):
        first, second = _strangers(data, step.get("role", ""))[:2]
        ladder = _ladder(("P6D", first), ("P2D", second))
        yield Break(step["id"], having(data, place, escalation=ladder), (step["id"],))


@breaks("circular-escalation")
def climb_round(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action", "approval"):
        first, second = _strangers(data, step.get("role", ""))[:2]
        ladder = _ladder(("P2D", first), ("P4D", second), ("P6D", first))
        yield Break(step["id"], having(data, place, escalation=ladder), (step["id"],))


@breaks("endless-wait")
def bound_some_cases_only(data: Data, organization: Organization) -> Iterator[Break]:
    when = [{"says": "if it is urgent"}]
    some = [{"says": "within 2 days", "within": "P2D", "when": when}]
    refused = [{"says": "if it is refused, tell the owner", "on": ["refused"]}]
    for place, step in steps(data, "approval"):
        rung = {**refused[0], "to": _strangers(data, step.get("role", ""))[0]}
        broken = having(data, place, deadlines=some, escalation=[rung])
        broken = without(broken, owner(place), "deadlines", "cadences", "escalation")
        yield Break(step["id"], broken, (step["id"],))
