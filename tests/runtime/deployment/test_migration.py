"""When a run may go on under another version, and why not."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.modes.refund import NOW, ORGANIZATION
from sopc.graph.file import loads_graph
from sopc.organization import loads_organization
from sopc_runtime.core.decision import OpenTask
from sopc_runtime.core.event import CallSucceeded, Moved, Started, TaskDecided
from sopc_runtime.core.interpreter import advance, start
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.program import Program
from sopc_runtime.core.state import Phase, RunState
from sopc_runtime.deployment.migration import left_as_set, obstacles

STEPS = """\
format: 1
id: refunds
title: Refunds
procedures:
  - id: refunds
    title: Refunds
    triggers:
      - kind: request
        id: asked
        says: when asked
        payload: [{name: amount, type: money, currency: USD}]
    steps:
      - id: note
        kind: human_task
        title: Note it
        role: support-manager
        outputs: [{name: noted, type: string}]
      - id: sort
        kind: decision
        title: Sort it
        branches: [{when: {says: large, cel: amount > 1000}, then: approve}]
        otherwise: pay-back
      - id: approve
        kind: approval
        title: Approve it
        role: finance-manager
      - id: pay-back
        kind: action
        title: Pay it back
        system: stripe
        operation: refund
        inputs: [{name: amount, cel: amount}]
        deadlines: [{says: within a day, within: P1D}]
      - id: file
        kind: human_task
        title: File it
        role: support-manager
"""


def program(text: str, organization: str = ORGANIZATION) -> Program:
    return Program(loads_graph(text).graph, loads_organization(organization))


def at_step(name: str) -> RunState:
    """Give the state of a run of the steps above that has come to one of them."""
    old = program(STEPS)
    amount = 2000 if name == "approve" else 500
    begun = Started(at=NOW, run="r", mode=Mode.ASSIST, trigger="asked", values={"amount": amount})
    state, decisions = start(old, begun)
    while name not in state.steps:
        task = next(each.task for each in reversed(decisions) if isinstance(each, OpenTask))
        choice = "approve" if task.kind in {"approval", "act"} else "done"
        values = {"noted": "yes"} if task.step == "note" else {}
        told = TaskDecided(at=NOW, task=task.id, choice=choice, by="Ana", values=values)
        state, decisions = advance(old, state, told)
        call = next((at.call for at in state.steps.values() if at.call), None)
        if call is not None and name != "pay-back":
            done = CallSucceeded(at=NOW, call=call, rendered={})
            state, decisions = advance(old, state, done)
            if state.steps["pay-back"].phase is Phase.CALLING:
                call = state.steps["pay-back"].call or ""
                done = CallSucceeded(at=NOW, call=call)
                state, decisions = advance(old, state, done)
    return state


def edited(old: str, new: str) -> str:
    assert STEPS.count(old) == 1, old
    return STEPS.replace(old, new)


def told(at: str, text: str, organization: str = ORGANIZATION) -> list[str]:
    return [
        str(each) for each in obstacles(program(STEPS), program(text, organization), at_step(at))
    ]


NEW_STEP = """\
      - id: look
        kind: human_task
        title: Look at it
"""


@pytest.mark.parametrize(
    ("at", "old", "new"),
    [
        ("note", "title: Refunds\n    triggers", "title: Paying back\n    triggers"),
        ("note", "      - id: file\n", NEW_STEP + "      - id: file\n"),
        ("note", "operation: refund", "operation: message"),
        ("approve", "otherwise: pay-back", "otherwise: pay-back\n        escalation: []"),
        ("approve", "amount > 1000", "amount > 900"),
        (
            "approve",
            "      - id: pay-back\n",
            NEW_STEP + "      - id: pay-back\n        when: []\n",
        ),
        ("pay-back", "within: P1D", "within: P2D"),
        ("file", "operation: refund", "operation: message"),
        ("file", "title: File it", "title: File it well"),
    ],
)
def test_what_lies_ahead_may_change(at: str, old: str, new: str) -> None:
    if at == "approve" and "look" in new:
        old, new = "otherwise: pay-back", "otherwise: pay-back"
    assert told(at, edited(old, new)) == []


@pytest.mark.parametrize(
    ("at", "old", "new", "reasons"),
    [
        (
            "note",
            "role: support-manager\n        outputs",
            "role: finance-manager\n        outputs",
            ["step `note`, `role`: it changed, and the step is with a person"],
        ),
        (
            "note",
            "[{name: noted, type: string}]",
            "[{name: noted, type: integer}]",
            ["step `note`, `outputs`: it changed, and the step is with a person"],
        ),
        (
            "sort",
            "      - id: sort\n",
            NEW_STEP + "      - id: sort\n",
            ["step `note`, `next`: it led to `sort` when the run passed it, and leads to `look`"],
        ),
        (
            "approve",
            "otherwise: pay-back",
            "otherwise: file",
            [
                (
                    "step `sort`, `branches`: it led to `approve`, `pay-back` when the run passed "
                    "it, and leads to `approve`, `file`"
                )
            ],
        ),
        (
            "approve",
            "        kind: approval\n",
            "        kind: human_task\n",
            ["step `approve`, `kind`: it was `approval`, and is `human_task`"],
        ),
        (
            "approve",
            "title: Approve it\n",
            "title: Approve it\n        next: note\n",
            [
                "step `approve`, `next`: it leads back to `note`, which is over",
                "step `approve`, `next`: it leads back to `sort`, which is over",
            ],
        ),
        (
            "approve",
            "title: Approve it\n",
            "title: Approve it\n        loop: {back_to: note, at_most: 2}\n",
            ["step `approve`, `loop`: it goes back to `note`, which is over"],
        ),
        (
            "pay-back",
            "operation: refund",
            "operation: message",
            [
                "step `pay-back`, `operation`: it changed, and the step is with its system",
            ],
        ),
        (
            "pay-back",
            "{name: amount, type: money, currency: USD}",
            "{name: amount, type: money, currency: EUR}",
            ["`outputs`: `amount` was of type `money`, and is `money` or made otherwise"],
        ),
        (
            "pay-back",
            "[{name: amount, type: money, currency: USD}]",
            "[{name: amount, type: money, currency: USD}, {name: ticket, type: string}]",
            ["`inputs`: `ticket` is required, and the run began without it"],
        ),
        (
            "pay-back",
            "        deadlines: [{says: within a day, within: P1D}]\n",
            "",
            ["step `pay-back`, `deadlines`: a timer is set for number 1 of them, which is gone"],
        ),
        (
            "file",
            "[{name: noted, type: string}]",
            "[{name: noted, type: string}, {name: why, type: string}]",
            ["step `note`, `outputs`: it is over, and did not give `why`"],
        ),
        (
            "file",
            "id: note\n",
            "id: jot\n",
            [
                "`steps`: the flow begins with `jot`, and the run began with `note`",
                "step `note`, `id`: the run has come to it, and it is gone",
            ],
        ),
    ],
)
def test_each_reason_is_named_by_step_and_field(
    at: str, old: str, new: str, reasons: list[str]
) -> None:
    assert told(at, edited(old, new)) == reasons


def test_a_system_that_is_asked_has_to_stay_as_it_is_bound() -> None:
    """While it is at it, it has to be one system; afterwards it may be another."""
    other = ORGANIZATION.replace("127.0.0.1:9", "127.0.0.1:10")
    unbound = "\n".join(line for line in ORGANIZATION.splitlines() if "binding" not in line)
    assert told("pay-back", STEPS, other) == [
        "step `pay-back`, `system`: `stripe` is bound otherwise, and is asked"
    ]
    assert told("pay-back", STEPS, unbound) == [
        "step `pay-back`, `operation`: no system does it any more, and the step is with its system"
    ]
    assert told("note", STEPS, unbound) == []
    assert told("file", STEPS, other) == []


def test_an_operation_that_is_asked_has_to_stay_what_it_is() -> None:
    other = ORGANIZATION.replace("effect: pay}", "effect: pay, idempotent: true}")
    assert told("pay-back", STEPS, other) == [
        "step `pay-back`, `operation`: `refund` is not what it was, and is asked"
    ]
    assert told("file", STEPS, other) == []


def test_a_role_that_may_decide_has_to_be_there() -> None:
    gone = ORGANIZATION.replace("support-manager", "lead").replace("support manager", "lead")
    assert told("note", STEPS, gone) == [
        "step `note`, `role`: `support-manager` may decide an open task, and is no role any more"
    ]


def test_what_a_finished_step_need_not_give_is_not_counted_on_later() -> None:
    """Later steps would fail for lack of it."""
    given = "outputs: [{name: noted, type: string}"
    old = edited(given, f"{given}, {{name: seen, type: string, required: false}}")
    new = edited(given, f"{given}, {{name: seen, type: string}}")
    state = at_step("pay-back")
    assert [str(each) for each in obstacles(program(old), program(new), state)] == [
        "step `note`, `outputs`: it is over, and did not give `seen`"
    ]
    assert obstacles(program(old), program(old), state) == []
    state.values["seen"] = "yes"
    assert obstacles(program(old), program(new), state) == []


def test_a_deadline_that_comes_too_late_to_be_set_is_said() -> None:
    """The step has begun; those ahead are set as the new version has them."""
    later = "title: File it\n        deadlines: [{says: within 4 hours, within: PT4H}]"
    new = program(edited("title: File it", later))
    assert left_as_set(program(STEPS), new, at_step("pay-back")) == []
    assert left_as_set(program(STEPS), new, at_step("file")) == [
        "step `file`: its `deadlines` changed; what is set stays as it was set"
    ]
    whole = "title: Refunds\n    deadlines: [{says: within a week, within: P7D}]\n    triggers"
    new = program(edited("title: Refunds\n    triggers", whole))
    assert left_as_set(program(STEPS), new, at_step("note")) == [
        "the procedure: its `deadlines` changed; what is set stays as it was set"
    ]


def test_a_deadline_that_is_set_stays_as_it_was_set() -> None:
    """Nobody is made late by a change, nor early; it is said."""
    state = at_step("pay-back")
    before = dict(state.timers)
    new = program(edited("within: P1D", "within: P2D"))
    assert left_as_set(program(STEPS), new, state) == [
        "step `pay-back`: its `deadlines` changed; what is set stays as it was set"
    ]
    moved = Moved(at=NOW, graph=new.graph_hash, organization="", by="Ana")
    state, _ = advance(new, state, moved)
    assert state.timers == before


def _without(step: str) -> Callable[[list[dict[str, Any]]], None]:
    return lambda steps: steps.remove(next(each for each in steps if each["id"] == step))


def _retitled(number: int) -> Callable[[list[dict[str, Any]]], None]:
    return lambda steps: steps[number % len(steps)].update(title="Otherwise")


def _inserted(number: int) -> Callable[[list[dict[str, Any]]], None]:
    new = {"id": f"new-{number}", "kind": "human_task", "title": "New"}
    return lambda steps: steps.insert(number % (len(steps) + 1), new)


def _swapped(number: int) -> Callable[[list[dict[str, Any]]], None]:
    return lambda steps: steps.insert(0, steps.pop(number % len(steps)))


def _ended(number: int) -> Callable[[list[dict[str, Any]]], None]:
    def change(steps: list[dict[str, Any]]) -> None:
        step = steps[number % len(steps)]
        if step["kind"] != "decision":
            step["next"] = "end"

    return change


EDITS = st.lists(
    st.one_of(
        st.integers(0, 9).flatmap(
            lambda number: st.sampled_from(
                [_retitled(number), _inserted(number), _swapped(number), _ended(number)]
            )
        ),
        st.sampled_from([_without("file"), _without("approve"), _without("note")]),
    ),
    max_size=2,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS, at=st.sampled_from(["note", "approve", "pay-back", "file"]))
def test_a_run_that_is_moved_does_nothing_twice_and_comes_to_its_end(
    edits: list[Callable[[list[dict[str, Any]]], None]], at: str
) -> None:
    """Whatever the edits: a move that is allowed goes to the end, and repeats no finished step."""
    old = program(STEPS)
    data = old.graph.model_dump(mode="json", exclude_none=True, by_alias=True)
    steps = data["procedures"][0]["steps"]
    for edit in edits:
        try:
            edit(steps)
        except StopIteration:
            continue
    ids = [each["id"] for each in steps]
    if len(set(ids)) != len(ids) or not {"approve", "pay-back"} <= set(ids):
        return
    new = Program(type(old.graph).model_validate(data), old.organization)
    state = at_step(at)
    if obstacles(old, new, state):
        return
    ended = {path: each.ended for path, each in state.steps.items() if each.final}
    state, decisions = advance(
        new, state, Moved(at=NOW, graph=new.graph_hash, organization="", by="Ana")
    )
    for _ in range(40):
        if state.over:
            break
        call = next((each.call for each in state.steps.values() if each.call), None)
        if call is not None:
            state, decisions = advance(new, state, CallSucceeded(at=NOW, call=call, rendered={}))
            continue
        task = next(iter(state.tasks.values()))
        choice = next(each.id for each in task.choices)
        values = {each.name: "yes" for each in task.fields}
        answer = TaskDecided(at=NOW, task=task.id, choice=choice, by="Ana", values=values)
        state, decisions = advance(new, state, answer)
        begun = [each.step for each in decisions if each.kind == "step-begun"]
        assert not set(begun) & ended.keys()
    assert state.status == "done"
    assert all(state.steps[path].ended == at_ for path, at_ in ended.items())


# moving real runs
