"""Breaks of what may run without a person: family 6."""

from collections.abc import Iterator

from mutation.breaks import Break, at, breaks, having, inserted, owner, steps, with_amount, without
from mutation.precise import Data
from sopc.organization import Organization


@breaks("judgment-words")
def ask_for_judgment(data: Data, organization: Organization) -> Iterator[Break]:
    alone = {"level": 1, "reason": "one operation of one system"}
    for place, step in steps(data, "action"):
        broken = having(data, place, tier=alone, vague=[{"says": "as appropriate"}])
        yield Break(step["id"], broken, (step["id"],), "as appropriate")


_ALONE = {"level": 1, "reason": "one operation of one system"}


@breaks("unguarded-irreversible-action")
def pay_with_nobody_asked(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        if any(each["kind"] == "approval" for each in at(data, place[:-1])):
            continue
        broken = having(data, place, tier=_ALONE, reversible=False)
        broken = without(broken, place, "guardrails", "when")
        yield Break(step["id"], broken, (step["id"],))


@breaks("self-approval")
def approve_ones_own_work(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action", "human_task"):
        if "role" not in step:
            continue
        approval = {
            "id": "approve-it",
            "kind": "approval",
            "title": f"Approve it: {step['title']}",
            "role": step["role"],
            "inputs": [{"name": "draft", "cel": "a_draft"}],
        }
        given = [{"name": "a_draft", "type": "string"}]
        broken = inserted(data, (*place[:-1], int(place[3]) + 1), approval)
        broken = having(without(broken, place, "next"), place, outputs=given)
        yield Break(step["id"], broken, ("approve-it",))


@breaks("money-without-limit")
def pay_any_amount(data: Data, organization: Organization) -> Iterator[Break]:
    limitless = organization.model_copy(update={"limits": ()})
    amount = [{"name": "sum", "cel": "an_amount"}]
    called = {step.get("procedure") for _, step in steps(data, "call")}
    for place, step in steps(data, "action"):
        if at(data, owner(place))["id"] in called:
            continue  # whoever calls it may have asked somebody
        if any(each["kind"] in {"approval", "decision"} for each in at(data, place[:-1])):
            continue
        guarded = [{"says": "only on working days"}]
        broken = having(
            with_amount(data), place, tier=_ALONE, title=f"Pay the sum: {step['title']}"
        )
        broken = having(broken, place, inputs=amount, guardrails=guarded, reversible=False)
        broken = without(broken, place, "when", "operation")
        yield Break(step["id"], broken, (step["id"],), "", limitless)


@breaks("tier-too-low")
def let_it_approve_itself(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "approval", "human_task"):
        yield Break(step["id"], having(data, place, tier=_ALONE), (step["id"],))


@breaks("rejection-ignored")
def go_on_after_a_rejection(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "approval"):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        if after and "when" not in after[0] and after[0]["kind"] != "decision":
            broken = having(without(data, place, "next"), place, on_reject=after[0]["id"])
            yield Break(step["id"], broken, (step["id"],))
