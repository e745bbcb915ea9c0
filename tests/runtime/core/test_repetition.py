"""Rounds of steps that are repeated: when they are due, and what they hold up."""

import pytest

from runtime.core.run import NOW, Run
from sopc_runtime.core.event import EventArrived
from sopc_runtime.core.state import Phase


def test_a_round_that_is_passed_over_is_followed_by_one_a_period_later() -> None:
    """Nothing goes round and round at one instant."""
    run = Run(
        """
- id: a
  kind: human_task
  title: A
  when: [{says: it is open, cel: open}]
  cadences: [{says: daily, every: P1D}]
- {id: b, kind: human_task, title: B}
""",
        open=True,
    )
    run.decide("a", "done")
    run.state.values["open"] = False
    days = [(run.fire("a:cadence").now - NOW).days for _ in range(3)]
    assert days == [1, 2, 3]


def test_elements_of_a_later_round_hold_nothing_up() -> None:
    """A step that is repeated beside the flow is beside it with all its elements."""
    run = Run(
        """
- id: a
  kind: human_task
  title: A
  for_each: {items: cases, name: n}
  cadences: [{says: daily, every: P1D}]
- {id: b, kind: human_task, title: B}
""",
        cases=[1],
    )
    run.decide("a/0", "done").fire("a:cadence")
    assert run.asked == ["a/0 work", "b work"]
    assert run.decide("b", "done").state.status == "done"


@pytest.mark.parametrize(
    ("cadences", "status"),
    [
        ("{says: soon, vague: true, until: {says: o, cel: open}}, {says: d, every: P1D}", "done"),
        (
            "{says: soon, vague: true}, {says: d, every: P1D, until: {says: o, cel: open}}",
            "running",
        ),
    ],
    ids=["beside the flow", "before it goes on"],
)
def test_the_cadence_that_a_step_is_repeated_by_tells_what_waits_for_it(
    cadences: str, status: str
) -> None:
    """One that no clock can read says nothing about the end."""
    steps = f"- {{id: a, kind: human_task, title: A, cadences: [{cadences}]}}"
    run = Run(steps, open=False).decide("a", "done")
    assert run.state.status == status


def test_each_element_waits_for_its_own_event() -> None:
    """A filter may name the element."""
    run = Run(
        """
- id: w
  kind: wait
  title: W
  for_each: {items: cases, name: case}
  event:
    {id: e, kind: event, says: it is paid, system: crm, event: paid, filter: number == case,
     payload: [{name: number, type: integer}]}
""",
        cases=[1, 2],
    )
    run.tell(EventArrived(at=run.now, system="crm", event="paid", values={"number": 2}))
    assert (run.phase("w/0"), run.phase("w/1")) == (Phase.WAITING, Phase.DONE)
