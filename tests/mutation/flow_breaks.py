"""Breaks of flow and decisions: family 5."""

import copy
from collections.abc import Iterator

from mutation.breaks import (
    Break,
    at,
    breaks,
    flipped,
    having,
    inserted,
    steps,
    with_amount,
    without,
)
from mutation.precise import Data
from sopc.organization import Organization


@breaks("unreachable-step")
def end_before(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        index = int(place[3])
        sequence = at(data, place[:3])
        if index + 1 == len(sequence) or "next" in step or step["kind"] == "decision":
            continue
        after = sequence[index + 1]["id"]
        named = [target for each in sequence for target in _targets(each)]
        if after not in named:
            yield Break(step["id"], having(data, place, next="end"), (after,))


def _targets(step: Data) -> Iterator[str]:
    ways = [step.get("next"), step.get("otherwise"), step.get("on_reject")]
    ways += [branch["then"] for branch in step.get("branches", ())]
    for way in ways:
        yield from [way] if isinstance(way, str) else way or ()


@breaks("endless-loop")
def go_round(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        if step["kind"] != "decision":
            loop = {"back_to": step["id"]}
            yield Break(step["id"], having(data, place, loop=loop), (step["id"],))


@breaks("incomplete-decision")
def open_by_one_value(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "decision"):
        for number, branch in enumerate(step["branches"]):
            cel = flipped(branch["when"].get("cel", ""))
            if cel is not None and "otherwise" not in step:
                when = (*place, "branches", number, "when")
                yield Break(cel, having(data, when, cel=cel), (step["id"],), "exactly")


@breaks("incomplete-decision")
def drop_a_branch(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "decision"):
        for number in range(len(step["branches"])):
            broken = copy.deepcopy(data)
            del at(broken, (*place, "branches"))[number]
            if step["branches"][1:] and "otherwise" not in step:
                yield Break(f"{step['id']} {number}", broken, (step["id"],))


def _decided(data: Data, place: tuple[str | int, ...], first: str, second: str) -> Data:
    """Give the graph with a decision before a step, which both of its branches lead to."""
    step = at(data, place)
    sequence = at(data, place[:-1])
    others = [each["id"] for each in sequence[int(place[3]) + 1 :]]
    decision = {
        "id": "decide",
        "kind": "decision",
        "title": "Look at the amount",
        "branches": [
            {"when": {"says": "the one case", "cel": first}, "then": step["id"]},
            {"when": {"says": "the other case", "cel": second}, "then": (others or ["end"])[-1]},
        ],
    }
    return with_amount(inserted(data, place, decision))


@breaks("incomplete-decision")
def decide_and_forget_one_value(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        broken = _decided(data, place, "an_amount > 50000", "an_amount < 50000")
        yield Break(step["id"], broken, ("decide",), "exactly 500")


@breaks("overlapping-branches")
def decide_twice(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        broken = _decided(data, place, "an_amount >= 50000", "an_amount <= 50000")
        yield Break(step["id"], broken, ("decide",))


@breaks("decision-without-effect")
def decide_nothing(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        broken = _decided(data, place, "an_amount > 50000", "an_amount <= 50000")
        for branch in at(broken, place)["branches"]:
            branch["then"] = step["id"]
        yield Break(step["id"], broken, ("decide",))


@breaks("constant-condition")
def hold_always(data: Data, organization: Organization) -> Iterator[Break]:
    when = [{"says": "in every case", "cel": "an_amount > 100 || an_amount <= 5000"}]
    for place, step in steps(data):
        yield Break(step["id"], with_amount(having(data, place, when=when)), (step["id"],))


@breaks("dead-end")
def fork_into_the_end(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action", "human_task"):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        if after and "next" not in step:
            broken = having(data, place, next=[after[0]["id"], "end"])
            yield Break(step["id"], broken, (step["id"],))


@breaks("fork-never-joined")
def meet_unasked(data: Data, organization: Organization) -> Iterator[Break]:
    for place, joined in steps(data):
        if joined.get("join") == "all":
            yield Break(joined["id"], without(data, place, "join"), (joined["id"],))
    for place, step in steps(data, "action", "human_task"):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        plain = all("next" not in each and each["kind"] != "decision" for each in after[:2])
        if len(after) > 1 and "next" not in step and plain:
            broken = having(data, place, next=[each["id"] for each in after[:2]])
            yield Break(step["id"], broken, (after[1]["id"],))


@breaks("impossible-join")
def wait_for_both_branches(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        if after and step["kind"] != "decision" and "next" not in step:
            broken = _decided(data, place, "an_amount > 50000", "an_amount <= 50000")
            at(broken, place)["branches"][1]["then"] = after[0]["id"]
            index = int(place[3]) + 2
            broken = having(broken, (*place[:3], index), join="all")
            yield Break(step["id"], broken, (after[0]["id"],))


@breaks("lost-handler")
def handle_what_comes_later(data: Data, organization: Organization) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        after = at(data, place[:-1])[int(place[3]) + 1 :]
        if after and after[0]["kind"] == "action":
            broken = having(data, place, handles=after[0]["id"])
            yield Break(step["id"], broken, (step["id"],))
