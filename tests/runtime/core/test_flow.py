"""Where the flow goes: forks, joins, ways back, loops, for-each."""

import pytest

from runtime.core.run import Run
from sopc_runtime.core.decision import BranchTaken, CancelChild, Remark
from sopc_runtime.core.event import ChildEnded
from sopc_runtime.core.state import Phase

FORK = """
- {{id: a, kind: human_task, title: A, next: [b, c]}}
- {{id: b, kind: human_task, title: B, next: j}}
- {{id: c, kind: human_task, title: C, next: j}}
- {{id: j, kind: human_task, title: J{join}}}
"""


@pytest.mark.parametrize(
    ("join", "asked"),
    [
        (", join: all", ["c work"]),
        ("", ["c work"]),
        (", join: any", ["c work", "j work"]),
    ],
    ids=["all", "not said", "any"],
)
def test_paths_that_meet_are_waited_for_unless_any_is_enough(join: str, asked: list[str]) -> None:
    """Where nothing is said, nothing is done before its paths are through."""
    run = Run(FORK.format(join=join)).decide("a", "done").decide("b", "done")
    assert run.asked == asked


def test_a_step_that_any_path_is_enough_for_is_done_once_wherever_it_stands() -> None:
    """It is no way back only because the file has it earlier."""
    run = Run("""
- {id: a, kind: human_task, title: A, next: [b, c]}
- {id: j, kind: human_task, title: J, join: any, next: end}
- {id: b, kind: human_task, title: B, next: j}
- {id: c, kind: human_task, title: C, next: j}
""")
    run.decide("a", "done").decide("b", "done").decide("j", "done").decide("c", "done")
    assert [each.step for each in run.opened] == ["a", "b", "c", "j"]
    assert run.state.status == "done"


def test_a_path_that_ends_is_not_waited_for() -> None:
    """A fork of which one path ends lets the others go on."""
    run = Run("""
- {id: a, kind: human_task, title: A, next: [b, c]}
- {id: b, kind: human_task, title: B, next: end}
- {id: c, kind: human_task, title: C}
- {id: j, kind: human_task, title: J, join: all}
""")
    run.decide("a", "done").decide("c", "done")
    assert run.asked == ["b work", "j work"]
    run.decide("j", "done")
    assert not run.state.over
    assert run.decide("b", "done").state.status == "done"


def test_a_way_back_to_a_later_step_of_the_file_is_taken() -> None:
    """A round is one by what leads where, not by the order of the list."""
    run = Run("""
- {id: first, kind: compute, title: First, values: [{name: x, type: integer, cel: "1"}], next: ask}
- {id: mend, kind: human_task, title: Mend, next: ask}
- {id: ask, kind: approval, title: Ask, on_reject: mend, next: end}
""")
    run.decide("ask", "reject").decide("mend", "done")
    assert run.asked == ["ask approval"]


def test_what_was_rejected_by_two_is_done_again_by_both() -> None:
    """The second rejection is no approval only because the first has led back already."""
    run = Run("""
- {id: a, kind: human_task, title: A, next: [b, c]}
- {id: b, kind: approval, title: B, on_reject: a, next: j}
- {id: c, kind: approval, title: C, on_reject: a, next: j}
- {id: j, kind: human_task, title: J, join: all}
""")
    run.decide("a", "done").decide("b", "reject").decide("c", "reject").decide("a", "done")
    assert run.asked == ["b approval", "c approval"]
    assert run.decide("b", "approve").asked == ["c approval"]
    assert run.decide("c", "approve").asked == ["j work"]


def test_a_rejection_leads_back_to_a_step_that_is_repeated_beside_the_flow() -> None:
    """That the step is active does not lose the flow."""
    run = Run("""
- {id: a, kind: human_task, title: A, cadences: [{says: daily, every: P1D}]}
- {id: b, kind: approval, title: B, on_reject: a}
""")
    run.decide("a", "done").decide("b", "reject")
    assert run.asked == ["a work"]
    assert run.decide("a", "done").asked == ["b approval"]


def test_a_loop_within_a_loop_has_all_its_rounds_each_time() -> None:
    """What an outer loop does again begins anew, its inner loops too."""
    run = Run("""
- {id: a, kind: compute, title: A, values: [{name: x, type: integer, cel: "1"}]}
- {id: b, kind: human_task, title: B, loop: {back_to: b, at_most: 2}}
- {id: c, kind: human_task, title: C, loop: {back_to: a, at_most: 1}}
""")
    for step in "bbbcbbbc":
        run.decide(step, "done")
    assert run.state.status == "done"


def test_after_the_last_round_people_who_retry_are_asked_again_whether_it_is_over() -> None:
    """A further round does not end the loop by itself."""
    run = Run(
        """
- id: a
  kind: human_task
  title: A
  loop: {back_to: a, at_most: 1, until: {says: paid, cel: "open == false"}}
""",
        open=True,
    )
    run.decide("a", "done").decide("a", "done").decide("a", "retry").decide("a", "done")
    assert run.asked == ["a trouble"]


def test_a_decision_for_each_element_leads_where_each_says_and_the_run_ends() -> None:
    """Each way is taken once."""
    run = Run(
        """
- id: d
  kind: decision
  title: D
  for_each: {items: cases, name: n}
  branches:
    - {when: {says: big, cel: n > 5}, then: big}
  otherwise: small
- {id: big, kind: human_task, title: Big, next: end}
- {id: small, kind: human_task, title: Small}
""",
        cases=[1, 9, 8],
    )
    assert [each.to for each in run.gave(BranchTaken)] == [("small",), ("big",), ("big",)]
    assert run.asked == ["big work", "small work"]
    assert run.decide("big", "done").decide("small", "done").state.status == "done"


def test_a_for_each_that_is_repeated_forgets_the_elements_of_the_round_before() -> None:
    """A shorter list gives a shorter result."""
    run = Run(
        """
- id: a
  kind: compute
  title: A
  for_each: {items: cases, name: n}
  values: [{name: twice, type: integer, cel: n * 2}]
  cadences: [{says: daily, every: P1D}]
- {id: b, kind: human_task, title: B}
""",
        cases=[1, 2, 3],
    )
    assert run.state.values["twice"] == [2, 4, 6]
    run.state.values["cases"] = [5]
    assert run.fire("a:cadence").state.values["twice"] == [10]


def test_a_run_that_a_forgotten_step_called_is_ended() -> None:
    """Going back leaves no run behind that nobody waits for."""
    run = Run("""
- {id: a, kind: human_task, title: A, next: [b, c]}
- {id: b, kind: human_task, title: B, next: [d, e]}
- {id: c, kind: human_task, title: C, next: end}
- {id: d, kind: call, title: D, procedure: p, next: f}
- {id: e, kind: human_task, title: E, next: f}
- {id: f, kind: approval, title: F, join: any, on_reject: b}
""")
    run.decide("a", "done").decide("b", "done").decide("e", "done")
    child = run.state.steps["d"].child
    assert child is not None
    run.decide("f", "reject")
    assert [each.child for each in run.gave(CancelChild)] == [child]
    run.tell(ChildEnded(at=run.now, child=child, status="cancelled")).decide("b", "done")
    assert run.phase("d") is Phase.CALLED


def test_a_repeated_step_passes_over_a_round_in_which_it_does_not_apply() -> None:
    """One Monday without cases does not end the repetition."""
    run = Run(
        """
- id: a
  kind: human_task
  title: A
  when: [{says: there are cases, cel: size(cases) > 0}]
  cadences: [{says: daily, every: P1D}]
- {id: b, kind: human_task, title: B}
""",
        cases=[1],
    )
    run.decide("a", "done")
    run.state.values["cases"] = []
    run.fire("a:cadence")
    assert run.asked == ["b work"]
    run.state.values["cases"] = [1]
    assert run.fire("a:cadence").asked == ["a work", "b work"]


def test_people_are_asked_anew_in_each_round() -> None:
    """What they said of one week says nothing of the next."""
    run = Run("""
- id: a
  kind: compute
  title: A
  values: [{name: x, type: integer, cel: "1"}]
  when: [{says: if it is needed}]
  cadences: [{says: daily, every: P1D}]
- {id: b, kind: human_task, title: B}
""")
    run.decide("a", "yes")
    assert run.fire("a:cadence").asked == ["a question", "b work"]


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        ("loop: {back_to: z, at_most: 2}", "the flow leads back to `z`, which is no step"),
        (
            "cadences: [{says: on Mondays, schedule: on Mondays}]",
            "`on Mondays` is no schedule, so it is not repeated: Wrong number of fields",
        ),
    ],
    ids=["loop", "cadence"],
)
def test_what_leads_nowhere_is_remarked_and_the_flow_goes_on(odd: str, says: str) -> None:
    """The check refuses it; a run that has it all the same is not to stop."""
    run = Run(f"""
- {{id: a, kind: human_task, title: A, {odd}}}
- {{id: b, kind: human_task, title: B}}
""")
    run.decide("a", "done")
    assert [each.says for each in run.gave(Remark)] == [says]
    assert run.asked == ["b work"]


def test_computed_money_without_a_currency_is_a_whole_number() -> None:
    """The check refuses it; a run that has it all the same is not to stop."""
    run = Run("""
- id: a
  kind: compute
  title: A
  values: [{name: fee, type: money, cel: '250'}, {name: twice, type: integer, cel: fee * 2}]
- {id: b, kind: human_task, title: B}
""")
    assert run.state.values == {"fee": 250, "twice": 500}
    assert run.asked == ["b work"]


def test_who_rejects_one_element_rejects_the_step_for_what_deals_with_it() -> None:
    """Nobody is asked about the other elements any more."""
    run = Run(
        """
- {id: a, kind: approval, title: A, for_each: {items: cases, name: n}}
- {id: deal, kind: human_task, title: Deal, handles: a}
""",
        cases=[1, 2, 3],
    )
    run.decide("a/0", "approve").decide("a/1", "reject")
    assert run.asked == ["deal work"]
    assert run.decide("deal", "done").state.status == "done"
