"""Escalations, deadlines and retries: each once, none forgotten."""

from runtime.core.run import Run
from sopc_runtime.core.decision import DeadlineMissed
from sopc_runtime.core.state import Phase

LADDER = """
- id: a
  kind: action
  title: A
  role: clerk
  system: crm
  operation: pay
  tier: {{level: 1, reason: small}}
  escalation: [{{says: after an hour, after: PT1H, to: boss}}]{more}
"""


def test_a_question_before_a_step_is_escalated_and_the_step_again() -> None:
    """A step that cannot begin because nobody answers is not forgotten."""
    run = Run(LADDER.format(more="\n  when: [{says: if it is needed}]")).fire("a:step-rung:0")
    assert run.escalated == ["boss"]
    assert run.task("a").roles == ("clerk", "boss")
    run.decide("a", "yes").fire("a:step-rung:0")
    assert run.escalated == ["boss", "boss"]


def test_whoever_it_was_escalated_to_may_decide_what_is_asked_later() -> None:
    """The failure comes after the rung was climbed."""
    run = Run(LADDER.format(more="")).fire("a:step-rung:0").fail("a")
    assert run.task("a").roles == ("clerk", "boss")


def test_a_failure_that_every_handler_passes_over_turns_to_people() -> None:
    """Its ladder is climbed, since nobody deals with it."""
    run = Run(
        """
- id: a
  kind: action
  title: A
  system: crm
  operation: pay
  tier: {level: 1, reason: small}
  escalation: [{says: tell the boss, to: boss}]
- {id: b, kind: human_task, title: B, handles: a, when: [{says: open, cel: open}]}
""",
        open=False,
    )
    assert run.fail("a").escalated == ["boss"]


def test_elements_whose_failure_was_dealt_with_are_escalated_no_more() -> None:
    """Their timers go when the step for failures is done."""
    run = Run(
        LADDER.format(
            more="\n  for_each: {{items: cases, name: n}}".replace("{{", "{").replace("}}", "}")
        )
        + "- {id: b, kind: human_task, title: B, handles: a}\n"
        + "- {id: c, kind: human_task, title: C}\n",
        cases=[1, 2],
    )
    run.fail("a/0").succeed("a/1")
    assert list(run.state.timers) == ["a/0:step-rung:0"]
    assert not [each for each in run.decide("b", "done").state.timers if each.startswith("a/")]


def test_a_run_that_misses_two_deadlines_turns_to_people_once() -> None:
    """Both are told; the rung is climbed once."""
    head = (
        "    deadlines:\n      - {says: within a day, within: P1D}\n"
        "      - {says: within two days, within: P2D}\n"
        "    escalation: [{says: tell the boss, to: boss}]\n"
    )
    run = Run("- {id: a, kind: human_task, title: A}", head=head)
    run.fire(":deadline:0").fire(":deadline:1")
    assert len(run.gave(DeadlineMissed)) == 2
    assert run.escalated == ["boss"]


def test_a_retry_that_grows_beyond_all_time_is_no_error() -> None:
    """A large backoff is waited for, however long."""
    run = Run(
        LADDER.format(
            more="\n  retry: {says: again, times: 9, delay: P300D, backoff: 1000, on: [any]}"
        )
    )
    for _ in range(5):
        run.fail("a").fire("a:retry")
    assert run.state.steps["a"].attempt == 6


def test_a_scope_that_cannot_be_told_ends_the_run_as_failed() -> None:
    """It is neither acted upon nor taken for done."""
    head = "    scope: [{says: large ones, cel: amount > 5}]\n"
    run = Run("- {id: a, kind: human_task, title: A}", head=head)
    assert run.state.status == "failed"
    assert "large ones" in (run.state.why or "")


def test_a_division_by_zero_is_no_value() -> None:
    """JSON has no infinity, so a state could not hold it."""
    run = Run(
        "- {id: a, kind: compute, title: A, values: [{name: x, type: number, cel: 1.0 / 0.0}]}"
    )
    assert run.asked == ["a trouble"]


def test_ten_thousand_rounds_leave_no_more_than_a_few() -> None:
    """The state does not grow with the rounds."""
    run = Run("""
- id: a
  kind: compute
  title: A
  values: [{name: x, type: integer, cel: "1"}]
  cadences: [{says: daily, every: P1D}]
- {id: b, kind: human_task, title: B}
""")
    sizes = set()
    for _ in range(300):
        run.fire("a:cadence")
        state = run.state
        sizes.add((len(state.steps), len(state.timers), len(state.late), len(state.fired)))
    assert len(sizes) == 1


def test_whom_a_rung_did_not_turn_to_decides_nothing() -> None:
    """A rung whose condition does not hold makes nobody responsible."""
    run = Run(
        """
- id: look
  kind: action
  title: Look
  role: clerk
  system: crm
  operation: look_up
  escalation: [{says: "if it is open, the boss", to: boss, when: [{says: open, cel: open}]}]
""",
        open=False,
    )
    assert run.fail("look").task("look").roles == ("clerk",)
    assert run.escalated == []


WAIT = """
- id: wait
  kind: wait
  title: Wait
  event: {id: e, kind: event, says: it is paid, system: crm, event: paid}
  retry: {says: once more, on: [timed-out], delay: P1D}
  escalation: [{says: the boss, to: boss}]
"""
LATE = "  deadlines: [{says: within a day, within: P1D}]\n"
HANDLER = "- {id: deal, kind: human_task, title: Deal, handles: wait}\n"


def test_a_wait_that_is_late_and_tried_again_is_late_once() -> None:
    """Nobody is told of the same deadline twice."""
    run = Run(WAIT + LATE + HANDLER).fire("wait:deadline:0")
    assert run.escalated == ["boss"]
    assert list(run.state.timers) == ["wait:retry"]


def test_a_deadline_that_another_graph_has_not_ends_no_wait() -> None:
    """A run that went on under a graph with fewer deadlines takes their timers."""
    run = Run(WAIT + LATE + HANDLER)
    run.program = Run(WAIT + HANDLER).program
    assert run.fire("wait:deadline:0").phase("wait") is Phase.WAITING
