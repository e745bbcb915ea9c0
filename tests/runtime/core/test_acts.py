"""What acts alone, what asks, and that nothing is done twice or otherwise than approved."""

import pytest

from runtime.core.run import Run
from sopc.graph import Failure
from sopc_runtime.core.decision import Call, Remark, StartChild, StepBegun
from sopc_runtime.core.event import CallInDoubt, Cancelled
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.task import TaskKind

PAY = """
- id: pay
  kind: action
  title: Pay
  role: clerk
  system: crm
  operation: pay
  tier: {level: 1, reason: small}
  guardrails: [{says: at most 5, limit: amount <= 500, ask: boss}]
  inputs: [{name: amount, cel: amount}]
"""
APPROVED = PAY.replace("level: 1", "level: 2")
RETRY = "  retry: {says: three times, times: 3, delay: PT1H, on: [any]}\n"
GIVES = "  outputs: [{name: receipt, type: string}]\n"


def test_beyond_a_guardrail_only_the_role_that_it_names_approves() -> None:
    """Whoever does the step does not allow himself more than the prose does."""
    run = Run(PAY, amount=600).succeed("pay")
    assert run.task("pay").roles == ("boss",)
    assert not run.sent


def test_every_role_that_guardrails_name_approves() -> None:
    """One role's approval stands for no other's; a change needs them all again."""
    second = "ask: boss}, {says: at most 4, limit: amount <= 400, ask: clerk}]"
    run = Run(PAY.replace("ask: boss}]", second), amount=600).succeed("pay")
    assert run.task("pay").roles == ("boss",)
    run.decide("pay", "approve").succeed("pay")
    assert (run.task("pay").roles, run.sent) == (("clerk",), [])
    run.decide("pay", "approve", amount=700).succeed("pay")
    assert (run.task("pay").roles, run.sent) == (("boss",), [])
    run.decide("pay", "approve").succeed("pay")
    [call] = run.decide("pay", "approve").sent
    assert call.inputs == {"amount": 700}


def test_a_change_beyond_a_limit_is_shown_and_asked_about_anew() -> None:
    """Approving 600 is no approval of 6,000, though both are beyond the same limit."""
    run = Run(PAY, amount=600).succeed("pay").decide("pay", "approve", amount=6000)
    assert not run.sent
    run.succeed("pay")
    assert run.task("pay").shown["inputs"] == {"amount": 6000}
    [call] = run.decide("pay", "approve").sent
    assert call.inputs == {"amount": 6000}


def test_a_change_from_within_a_limit_to_beyond_it_asks_the_role_of_the_limit() -> None:
    """Whoever may approve small amounts cannot make a large one of it."""
    run = Run(APPROVED, amount=100).succeed("pay")
    assert run.task("pay").roles == ("clerk",)
    run.decide("pay", "approve", amount=501).succeed("pay")
    assert run.task("pay").roles == ("boss",)
    assert not run.sent


@pytest.mark.parametrize("amount", ["9", "lots", True, [1]], ids=str)
def test_a_change_of_an_amount_into_something_else_is_refused(amount: object) -> None:
    """What no limit can read is not within it."""
    run = Run(APPROVED, amount=100).succeed("pay").decide("pay", "approve", amount=amount)
    assert run.asked == ["pay act"]
    assert not run.sent


@pytest.mark.parametrize(
    ("inputs", "asks"),
    [
        ("{name: amount, value: 100001}", True),
        ("{name: amount, value: 100000}", False),
        ("{name: amount, value: 100000.5}", True),
        ("{name: amount, value: '100'}", True),
        ("""{name: payment, cel: "{'amount': 100001}"}""", True),
        ("""{name: lines, cel: "[{'total': 5}, {'total': 100001}]"}""", True),
    ],
    ids=["beyond", "within", "part of a cent", "words", "inside", "in a list"],
)
def test_the_organizations_limit_holds_for_amounts_wherever_they_stand(
    inputs: str,
    *,
    asks: bool,
) -> None:
    """What is not certainly within it is asked about."""
    run = Run(f"""
- id: pay
  kind: action
  title: Pay
  system: crm
  operation: pay
  tier: {{level: 1, reason: small}}
  inputs: [{inputs}]
""")
    [call] = run.gave(Call)
    assert call.dry is asks


def test_a_rejection_is_not_asked_about_again_by_a_retry() -> None:
    """A retry is for what may come out otherwise."""
    run = Run(APPROVED + RETRY, amount=100).succeed("pay").decide("pay", "reject")
    assert run.asked == ["pay trouble"]
    assert not run.state.timers


def test_after_a_rejection_a_retry_by_people_is_asked_about_again() -> None:
    """Nobody approved it yet."""
    run = Run(APPROVED, amount=100).succeed("pay").decide("pay", "reject").decide("pay", "retry")
    assert run.succeed("pay").asked == ["pay act"]
    assert not run.sent


def test_what_was_approved_is_sent_again_as_it_was() -> None:
    """Values that changed meanwhile are not in it."""
    run = Run(APPROVED + RETRY, amount=100).succeed("pay").decide("pay", "approve").fail("pay")
    run.state.values["amount"] = 200
    first, second = run.fire("pay:retry").sent
    assert (first.inputs, second.inputs) == ({"amount": 100}, {"amount": 100})
    assert first.key != second.key


def test_one_key_stands_for_one_act() -> None:
    """What may have happened is tried again with the same key, and is the same."""
    run = Run(PAY + RETRY, amount=100).fail("pay", Failure.TIMED_OUT)
    run.state.values["amount"] = 200
    first, second = run.fire("pay:retry").sent
    assert (first.key, first.inputs) == (second.key, second.inputs)


def test_an_act_that_gives_too_little_is_not_done_again() -> None:
    """It was done; a second payment brings no receipt of the first."""
    run = Run(PAY + RETRY + GIVES, amount=100).succeed("pay")
    assert run.asked == ["pay trouble"]
    assert len(run.sent) == 1
    assert run.decide("pay", "done", receipt="R1").state.status == "done"


def test_a_failure_that_was_not_one_is_not_dealt_with() -> None:
    """The step for failures pays once more."""
    handler = "- {id: cheque, kind: human_task, title: Write a cheque, handles: pay}\n"
    run = Run(PAY + GIVES + handler, amount=100).succeed("pay")
    assert run.asked == ["pay trouble"]


def test_a_run_demoted_to_shadow_does_not_send_what_was_approved_before() -> None:
    """Shadow acts on nothing."""
    run = Run(APPROVED + RETRY, amount=100).succeed("pay").decide("pay", "approve").fail("pay")
    run.change(Mode.SHADOW).fire("pay:retry")
    assert run.gave(Call)[-1].dry
    assert len(run.sent) == 1


def test_a_doubt_about_what_was_only_rendered_sends_nothing() -> None:
    """Nothing can have happened, so nobody is asked whether it did."""
    run = Run(PAY, mode=Mode.SHADOW, amount=100).doubt("pay")
    assert run.asked == ["pay trouble"]
    run.decide("pay", "retry")
    assert not run.sent


def test_a_doubt_about_reading_is_a_failure_to_read() -> None:
    """It may be read again without asking."""
    read = PAY.replace("operation: pay", "operation: look_up")
    run = Run(read + RETRY, amount=100).doubt("pay")
    assert not run.asked
    assert len(run.fire("pay:retry").sent) == 2


def test_what_did_not_happen_is_sent_again_with_its_key() -> None:
    """A person found out, so it is sent, and still it is the same act."""
    run = Run(PAY, amount=100).doubt("pay").decide("pay", "not-happened")
    first, second = run.sent
    assert (first.key, first.inputs) == (second.key, second.inputs)


def test_a_doubt_after_the_end_is_told() -> None:
    """Whoever reads the journal of a cancelled run sees what nobody knows."""
    run = Run(PAY, amount=100)
    [call] = run.state.calls
    run.tell(Cancelled(at=run.now, by="Dana"))
    run.tell(CallInDoubt(at=run.now, call=call, message="cut off"))
    assert [type(each) for each in run.last] == [Remark]


@pytest.mark.parametrize("mode", [Mode.ASSIST, Mode.SHADOW])
def test_only_autonomous_acts_alone(mode: Mode) -> None:
    """In assist an act is proposed, in shadow it is compared."""
    run = Run(PAY, mode=mode, amount=100).succeed("pay")
    kinds = {Mode.ASSIST: TaskKind.ACT, Mode.SHADOW: TaskKind.COMPARISON}
    assert [each.kind for each in run.opened] == [kinds[mode]]
    assert not run.sent


def test_a_step_begins_once_for_each_attempt() -> None:
    """Going on with what was approved is no beginning."""
    run = Run(APPROVED, amount=100).succeed("pay").decide("pay", "approve")
    assert len(run.gave(StepBegun)) == 1


def test_a_call_of_a_procedure_beyond_a_guardrail_is_asked_about() -> None:
    """What the other procedure does is not begun before."""
    run = Run(
        """
- id: refund
  kind: call
  title: Refund
  role: clerk
  procedure: p
  guardrails: [{says: at most 5, limit: amount <= 500, ask: boss}]
  inputs: [{name: amount, cel: amount}]
""",
        amount=600,
    )
    assert run.task("refund").roles == ("boss",)
    assert not run.gave(StartChild)
    assert len(run.decide("refund", "approve").gave(StartChild)) == 1


def test_elements_are_asked_about_without_all_the_others() -> None:
    """Tasks of a long list do not each hold the whole list."""
    run = Run(
        "- {id: a, kind: human_task, title: A, for_each: {items: cases, name: n}}",
        cases=[7, 8],
        amount=1,
    )
    assert run.task("a/1").shown["values"] == {"amount": 1, "n": 8}


def test_guardrails_of_one_sentence_ask_each_role_that_it_names() -> None:
    """Two guardrails with the same words are two."""
    second = "ask: boss}, {says: at most 5, limit: amount <= 500, ask: clerk}]"
    run = Run(PAY.replace("ask: boss}]", second), amount=600).succeed("pay")
    assert run.task("pay").roles == ("boss",)
    run.decide("pay", "approve").succeed("pay")
    assert (run.task("pay").roles, run.sent) == (("clerk",), [])
    assert len(run.decide("pay", "approve").sent) == 1


FORKED = """
- {id: fork, kind: human_task, title: Fork, next: [pay, other]}
- id: pay
  kind: action
  title: Pay
  role: clerk
  system: crm
  operation: pay
  tier: {level: 2, reason: small}
"""


def test_who_was_not_asked_by_a_guardrail_does_not_approve_for_its_role() -> None:
    """Another path may bring an act beyond a limit while somebody else looks at it."""
    run = Run(
        FORKED
        + """
  guardrails: [{says: while it is not open, limit: "!open", ask: boss}]
  next: end
- id: other
  kind: approval
  title: Other
  may_edit: true
  inputs: [{name: open, cel: open}]
  next: end
""",
        open=False,
    )
    run.decide("fork", "done").succeed("pay")
    assert run.task("pay").roles == ("clerk",)
    run.decide("other", "approve", open=True).decide("pay", "approve").succeed("pay")
    assert (run.task("pay").roles, run.sent) == (("boss",), [])
    assert len(run.decide("pay", "approve").sent) == 1


def test_what_people_approved_is_not_held_back_again() -> None:
    """A delay counts before the step begins, though its moment may move on afterwards."""
    run = Run(
        FORKED
        + """
  delays: [{says: a day after the last step, wait: P1D, of: the last step}]
  next: end
- {id: other, kind: human_task, title: Other, next: end}
"""
    )
    run.decide("fork", "done").fire("pay:delay").succeed("pay")
    run.later(hours=1).decide("other", "done")
    assert len(run.decide("pay", "approve").sent) == 1
