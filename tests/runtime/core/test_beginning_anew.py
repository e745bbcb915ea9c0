"""What begins anew, and what goes on as it was: questions, waits, doubts, people's `retry`."""

from runtime.core.run import Run
from sopc_runtime.core.state import Phase


def test_a_question_whether_a_loop_is_over_is_escalated_too() -> None:
    """Its task says so; the time counts from the question, and ends with the answer."""
    run = Run("""
- id: a
  kind: human_task
  title: A
  role: clerk
  loop: {back_to: a, until: {says: it is right}, at_most: 2}
  escalation: [{says: tell, after: P1D, to: boss}]
""")
    run.fire("a:step-rung:0").later(hours=5).decide("a", "done")
    assert run.asked == ["a question"]
    assert (run.state.timers["a:step-rung:0"] - run.now).days == 1
    run.fire("a:step-rung:0")
    assert "boss" in run.task("a").roles
    run.decide("a", "no")
    assert run.asked == ["a work"]
    run.decide("a", "done").decide("a", "yes")
    assert (run.state.status, run.state.timers) == ("done", {})


def test_what_did_not_happen_is_sent_again_though_its_condition_holds_no_more() -> None:
    """Whether a step applies is told when it begins."""
    run = Run(
        """
- {id: s, kind: human_task, title: S, next: [p, q]}
- id: p
  kind: action
  title: P
  role: clerk
  system: crm
  operation: pay
  tier: {level: 1, reason: x}
  when: [{says: it is open, cel: open}]
  next: end
- {id: q, kind: approval, title: Q, may_edit: true, inputs: [{name: open, cel: open}], next: end}
""",
        open=True,
    )
    run.decide("s", "done").doubt("p")
    run.decide("q", "approve", open=False).decide("p", "not-happened")
    assert run.phase("p") is Phase.CALLING
    assert [each.step for each in run.sent] == ["p", "p"]
    assert len({each.key for each in run.sent}) == 1


def test_a_wait_that_is_tried_again_has_its_deadline_again() -> None:
    run = Run("""
- id: w
  kind: wait
  title: W
  event: {id: e, kind: event, says: x, system: crm, event: paid}
  retry: {says: again, on: [timed-out], delay: P1D}
  deadlines: [{says: in a day, within: P1D}]
- {id: h, kind: human_task, title: H, handles: w}
""")
    run.fire("w:deadline:0").fire("w:retry")
    assert run.phase("w") is Phase.WAITING
    assert (run.state.timers["w:deadline:0"] - run.now).days == 1
    run.fire("w:deadline:0")
    assert run.asked == ["h work"]


def test_what_people_let_begin_anew_has_its_rungs_and_its_retries_again() -> None:
    run = Run("""
- id: a
  kind: action
  title: A
  system: crm
  operation: look_up
  retry: {says: once more, times: 1, delay: PT1H}
  escalation: [{says: tell, after: P1D, to: boss}]
""")
    run.fail("a").fire("a:retry").fire("a:step-rung:0").fail("a")
    assert run.asked == ["a trouble"]
    run.later(hours=3).decide("a", "retry")
    assert (run.state.timers["a:step-rung:0"] - run.now).days == 1
    run.fail("a")
    assert run.asked == []
    assert "a:retry" in run.state.timers
