"""An "if" whose other case is spelled out becomes a decision with two ways on."""

from passes.scripted_gateway import compiled
from sopc.graph import END, ActionStep, Condition, DecisionStep, Step, StepGraph
from sopc_compiler.passes.decision import with_decisions

PROSE = (
    "# Desk\n\n1. If the cost is over 150 USD, the manager must approve the request in Asana. "
    "Otherwise, the support lead must pay the invoice in Xero.\n"
    "2. The manager must open the case.\n"
)


def step(chosen: str, *cases: str, following: str | None = None) -> Step:
    """Make an action done in some cases."""
    when = tuple(Condition(says=case) for case in cases)
    return ActionStep(id=chosen, title=chosen, when=when, next=following)


def graph() -> StepGraph:
    """The graph of the prose."""
    return compiled(PROSE).graph


def test_if_and_otherwise_become_one_decision() -> None:
    """The case leads to the first step, all others to the second, and both to the next one."""
    decision, first, second, after = graph().procedures[0].steps
    assert isinstance(decision, DecisionStep)
    assert [(b.when.cel, b.then) for b in decision.branches] == [("cost > 15000", first.id)]
    assert decision.otherwise == second.id
    assert first.next == after.id
    assert (first.when, second.when) == ((), ())
    assert set(decision.citations) == {"title", "otherwise"}


def test_nobody_is_asked_about_a_decision() -> None:
    """A decision has no words of its own; its two steps are asked about."""
    compiled_graph = graph()
    decision = compiled_graph.procedures[0].steps[0]
    abouts = [question.about for question in compiled_graph.questions]
    assert abouts
    assert not any(decision.id in about for about in abouts)


def test_the_last_pair_leads_to_the_end() -> None:
    """Where nothing follows, the first way ends the procedure."""
    _, first, _ = with_decisions([step("a", "if it rains"), step("b", "Otherwise")])
    assert first.next == END


def test_other_cases_of_either_step_stay() -> None:
    """Only the two cases that are opposed move into the decision."""
    _, first, second = with_decisions(
        [step("a", "if it rains", "at night"), step("b", "if not", "by day")]
    )
    assert [case.says for case in first.when] == ["at night"]
    assert [case.says for case in second.when] == ["by day"]


def test_steps_without_an_other_case_stay_as_they_are() -> None:
    """No case, no "otherwise", or a step that goes on elsewhere: nothing to decide."""
    for steps in (
        (),
        (step("a", "if it rains"),),
        (step("a", "if it rains"), step("b", "if it snows")),
        (step("a"), step("b", "otherwise")),
        (step("a", "if it rains", following="c"), step("b", "otherwise"), step("c")),
    ):
        assert with_decisions(steps) == steps
