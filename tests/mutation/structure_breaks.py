"""Breaks of triggers, references, time, failure and flow: families 1 to 5."""

import copy
from collections.abc import Iterator

from mutation.breaks import (
    Break,
    at,
    breaks,
    flipped,
    having,
    misspelt,
    owner,
    records,
    step_at,
    steps,
    triggers,
    without,
)
from mutation.precise import Data


@breaks("missing-trigger")
def drop_triggers(data: Data) -> Iterator[Break]:
    called = {step.get("procedure") for _, step in steps(data, "call")}
    for index, procedure in enumerate(data["procedures"]):
        if procedure["id"] not in called:
            place = ("procedures", index)
            yield Break(procedure["id"], without(data, place, "triggers"), (), procedure["id"])


@breaks("unmapped-trigger")
def drop_what_shows_the_event(data: Data) -> Iterator[Break]:
    for kind, keys in (
        ("event", ("system", "event")),
        ("schedule", ("cron",)),
        ("request", ("by",)),
    ):
        for place, trigger in triggers(data, kind):
            for key in keys:
                yield Break(f"{trigger['id']} {key}", without(data, place, key), (), trigger["id"])


@breaks("schedule-without-time-zone")
def drop_time_zone(data: Data) -> Iterator[Break]:
    for place, trigger in triggers(data, "schedule"):
        broken = without(data, place, "time_zone")
        yield Break(trigger["id"], broken, (), trigger["id"], {"time_zone": None})


@breaks("action-without-system")
def drop_system(data: Data) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        yield Break(step["id"], without(data, place, "system"), (step["id"],))


@breaks("unknown-system")
def misspell_system(data: Data) -> Iterator[Break]:
    for key in ("system", "via"):
        for place, record in records(data["procedures"], ("procedures",)):
            if isinstance(record.get(key), str) and place[-1] != "citations":
                name = misspelt(record[key])
                broken = having(data, place, **{key: name})
                yield Break(f"{place} {key}", broken, step_at(data, place), name)


@breaks("unknown-role")
def misspell_role(data: Data) -> Iterator[Break]:
    for key in ("role", "to", "ask"):
        for place, record in records(data["procedures"], ("procedures",)):
            if isinstance(record.get(key), str) and place[-1] != "citations":
                name = misspelt(record[key])
                broken = having(data, place, **{key: name})
                yield Break(f"{place} {key}", broken, step_at(data, place), name)


@breaks("unknown-step")
def misspell_next(data: Data) -> Iterator[Break]:
    for place, step in steps(data):
        if step["kind"] != "decision":
            name = misspelt(step["id"])
            yield Break(step["id"], having(data, place, next=name), (step["id"],), name)
        for number in range(len(step.get("branches", ()))):
            branch = (*place, "branches", number)
            name = misspelt("end")
            yield Break(f"{branch}", having(data, branch, then=name), (step["id"],), name)


@breaks("unknown-procedure")
def misspell_procedure(data: Data) -> Iterator[Break]:
    for place, step in steps(data, "call"):
        name = misspelt(step["procedure"])
        yield Break(step["id"], having(data, place, procedure=name), (step["id"],), name)


@breaks("missing-deadline")
def drop_time_bounds(data: Data) -> Iterator[Break]:
    for place, step in steps(data, "action", "human_task", "approval"):
        if "handles" in step:
            continue
        broken = without(data, place, "deadlines", "cadences", "delays")
        broken = without(broken, owner(place), "deadlines", "cadences")
        yield Break(step["id"], broken, (step["id"],))


@breaks("vague-time")
def say_promptly(data: Data) -> Iterator[Break]:
    for place, step in steps(data):
        broken = having(data, place, deadlines=[{"says": "promptly", "vague": True}])
        yield Break(step["id"], broken, (step["id"],), "promptly")


@breaks("no-escalation-path")
def drop_escalation(data: Data) -> Iterator[Break]:
    handled = {step.get("handles") for _, step in steps(data)}
    for place, step in steps(data, "action", "approval"):
        if "handles" in step or step["id"] in handled:
            continue
        broken = without(without(data, place, "escalation"), owner(place), "escalation")
        yield Break(step["id"], broken, (step["id"],), "", {"escalation": None})


@breaks("escalation-to-nobody")
def drop_whom_to_turn_to(data: Data) -> Iterator[Break]:
    for place, record in records(data["procedures"], ("procedures",)):
        if len(place) > 1 and place[-2] == "escalation" and "to" in record:
            yield Break(f"{place}", without(data, place, "to"), step_at(data, place))


@breaks("unlimited-retry")
def drop_limit(data: Data) -> Iterator[Break]:
    for place, step in steps(data, "action"):
        retry = {"says": "again", "delay": "PT1H"}
        yield Break(step["id"], having(data, place, retry=retry), (step["id"],))


@breaks("unreachable-step")
def end_before(data: Data) -> Iterator[Break]:
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
def go_round(data: Data) -> Iterator[Break]:
    for place, step in steps(data):
        if step["kind"] != "decision":
            loop = {"back_to": step["id"]}
            yield Break(step["id"], having(data, place, loop=loop), (step["id"],))


@breaks("incomplete-decision")
def open_by_one_value(data: Data) -> Iterator[Break]:
    for place, step in steps(data, "decision"):
        for number, branch in enumerate(step["branches"]):
            cel = flipped(branch["when"].get("cel", ""))
            if cel is not None and "otherwise" not in step:
                when = (*place, "branches", number, "when")
                yield Break(cel, having(data, when, cel=cel), (step["id"],), "exactly")


@breaks("incomplete-decision")
def drop_a_branch(data: Data) -> Iterator[Break]:
    for place, step in steps(data, "decision"):
        for number in range(len(step["branches"])):
            broken = copy.deepcopy(data)
            del at(broken, (*place, "branches"))[number]
            if step["branches"][1:] and "otherwise" not in step:
                yield Break(f"{step['id']} {number}", broken, (step["id"],))
