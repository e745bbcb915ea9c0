"""Applying answers: the field is set and cited, the question closed, nothing else touched."""

from pathlib import Path
from typing import Any

import pytest

from sopc.errors import UsageError
from sopc.graph import (
    ActionStep,
    AnswerCitation,
    Branch,
    Condition,
    Deadline,
    DecisionStep,
    EventTrigger,
    HumanTaskStep,
    Loop,
    Procedure,
    Question,
    RoleUse,
    Rung,
    StepGraph,
    SystemUse,
)
from sopc.organization import Organization, Role
from sopc_compiler.answers import Anchors, Answer, Answers, AnswersReport, Place, apply_answers

HASH = "a1b2c3d4e5f6"
OTHER = "0123456789ab"
WORDS = "Send the welcome email promptly."
BY_ANA = AnswerCitation(answer="given", by="Ana Ruiz")


def _graph() -> StepGraph:
    return StepGraph(
        id="onboarding",
        title="Onboarding",
        roles=(RoleUse(id="account-manager", name="Account manager"),),
        systems=(SystemUse(id="fax", name="Fax"),),
        procedures=(
            Procedure(
                id="main",
                title="Onboarding",
                triggers=(EventTrigger(id="deal-won", says="when a deal is won"),),
                steps=(
                    ActionStep(
                        id="send",
                        title="Send the welcome email",
                        system="fax",
                        when=(Condition(says="for large deals"),),
                        deadlines=(
                            Deadline(
                                says="promptly", vague=True, when=(Condition(says="if urgent"),)
                            ),
                        ),
                        escalation=(Rung(says="escalate", if_says="if it fails"),),
                    ),
                    HumanTaskStep(id="file", title="File the contract", next="end"),
                ),
            ),
        ),
        questions=(
            _question("step 1 system"),
            _question("step 1 deadline"),
            _question("step 2 role"),
        ),
    )


def _question(field: str) -> Question:
    return Question(id=field.replace(" ", "-"), about="x", asks="?", passage=HASH, field=field)


ANCHORS = Anchors(
    passages={HASH: WORDS, OTHER: "Something else entirely"},
    places={
        (HASH, "step 1"): (Place("main", "send"),),
        (HASH, "step 2"): (Place("main", "file"),),
        (HASH, "trigger 1"): (Place("main", "deal-won"),),
        (HASH, "procedure"): (Place("main"),),
    },
)


def _answer(field: str, value: Any = None, **more: Any) -> Answer:
    unstated = value is None
    given = {"id": "given", "passage": HASH, "words": WORDS, "by": "Ana Ruiz"} | more
    return Answer(field=field, value=value, unstated=unstated, **given)


def _applied(field: str, value: Any = None) -> StepGraph:
    graph, report = apply_answers(_graph(), ANCHORS, Answers((_answer(field, value),)))
    assert report.applied == ("given",)
    return graph


def _first(graph: StepGraph) -> Any:
    return graph.procedures[0].steps[0]


def test_no_answers_change_nothing() -> None:
    """Without answers the graph comes back equal."""
    graph, report = apply_answers(_graph(), ANCHORS, Answers())
    assert graph == _graph()
    assert report == AnswersReport()


def test_a_new_system_is_added_cited_and_the_question_closed() -> None:
    """A named system enters the graph; the one it replaces goes where nothing else uses it."""
    graph = _applied("step 1 system", "Gmail")
    assert graph.systems == (SystemUse(id="gmail", name="Gmail", cite=BY_ANA),)
    assert _first(graph).system == "gmail"
    assert _first(graph).citations == {"system": BY_ANA}
    assert [question.field for question in graph.questions] == ["step 1 deadline", "step 2 role"]


def test_a_known_role_is_used_whatever_its_case() -> None:
    """`the Account Manager` is the role that the graph has already."""
    graph = _applied("step 2 role", "the Account Manager")
    assert graph.procedures[0].steps[1].role == "account-manager"
    assert len(graph.roles) == 1


def test_a_new_name_gets_the_organizations_id() -> None:
    """An alias that the organization file knows becomes its role, not a second one."""
    role = Role(id="ops", name="Operations manager", aliases=("ops lead",))
    organization = Organization(name="Example", roles=(role,))
    answers = Answers((_answer("step 2 role", "Ops lead"),))
    graph, _ = apply_answers(_graph(), ANCHORS, answers, organization=organization)
    assert graph.roles[-1] == RoleUse(id="ops", name="Operations manager", cite=BY_ANA)
    assert graph.procedures[0].steps[1].role == "ops"


def test_a_deadline_replaces_the_vague_one_and_keeps_its_case() -> None:
    """`promptly, if urgent` becomes a length of time for the same case."""
    deadlines = _first(_applied("step 1 deadline", "4 hours")).deadlines
    assert [(one.within, one.vague, one.cite) for one in deadlines] == [("PT4H", False, BY_ANA)]
    assert deadlines[0].when[0].says == "if urgent"


def test_naming_whom_to_turn_to_keeps_the_case_of_the_rung() -> None:
    """An escalation that named nobody gets its role and keeps the prose's words."""
    graph = _applied("step 1 escalation", "after 4 hours to Operations manager via Slack")
    rung = _first(graph).escalation[0]
    assert (rung.if_says, rung.to, rung.after, rung.via) == (
        "if it fails",
        "operations-manager",
        "PT4H",
        "slack",
    )


def test_a_whole_ladder_replaces_the_old_one() -> None:
    """A list of rungs is taken as the ladder."""
    ladder = [{"to": "Team lead", "after": "PT4H"}, {"to": "Director", "after": "2 business days"}]
    rungs = _first(_applied("step 1 escalation", ladder)).escalation
    assert [(rung.to, rung.after) for rung in rungs] == [
        ("team-lead", "PT4H"),
        ("director", "2 business days"),
    ]


def test_a_condition_gets_its_expression() -> None:
    """`when 1 cel` makes the first condition exact and leaves its words."""
    condition = _first(_applied("step 1 when 1 cel", "amount > 50000")).when[0]
    assert (condition.says, condition.cel) == ("for large deals", "amount > 50000")


def test_a_kind_keeps_what_both_kinds_have() -> None:
    """An action that is an approval in truth keeps its bounds and its conditions."""
    step = _first(_applied("step 1 kind", "approval"))
    before = _first(_graph())
    assert step.kind == "approval"
    assert (step.deadlines, step.when, step.system) == (before.deadlines, before.when, "fax")


def test_a_rejection_leads_where_an_answer_says() -> None:
    """Of an approval; any other step has nothing to reject."""
    entries = (_answer("step 1 kind", "approval", id="kind"), _answer("step 1 on_reject", "file"))
    graph, report = apply_answers(_graph(), ANCHORS, Answers(entries))
    step = _first(graph)
    assert (step.kind, step.on_reject) == ("approval", "file")
    assert not report.unused
    _, told = apply_answers(_graph(), ANCHORS, Answers((_answer("step 1 on_reject", "file"),)))
    assert "has no `on_reject`" in str(told.unused[0])


def test_a_tier_carries_who_said_so() -> None:
    """The reason of a stated tier names the person."""
    tier = _first(_applied("step 1 tier", 2)).tier
    assert (tier.level, tier.reason) == (2, "stated by Ana Ruiz")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("step 1 retry", "2 times every 30 minutes", {"times": 2, "delay": "PT30M"}),
        ("step 1 reversible", False, None),
        ("step 1 template", "client-welcome", None),
        ("step 1 operation", "send email", None),
        ("step 1 next", "file", None),
    ],
)
def test_plain_fields_are_set(field: str, value: Any, expected: Any) -> None:
    """Each field of a step takes its value, and is cited."""
    step = _first(_applied(field, value))
    name = field.rpartition(" ")[2]
    got = getattr(step, name)
    if expected is None:
        assert got == value
    else:
        assert {key: getattr(got, key) for key in expected} == expected
    assert step.citations[name] == BY_ANA


def test_a_trigger_becomes_a_schedule() -> None:
    """A kind and a cron answer together make a schedule, in whichever order they stand."""
    answers = Answers(
        (_answer("trigger 1 cron", "0 9 * * 1"), _answer("trigger 1 kind", "schedule", id="kind"))
    )
    graph, report = apply_answers(_graph(), ANCHORS, answers)
    trigger = graph.procedures[0].triggers[0]
    assert (trigger.kind, getattr(trigger, "cron", None)) == ("schedule", "0 9 * * 1")
    assert set(report.applied) == {"given", "kind"}


def test_a_missing_trigger_is_added_to_the_procedure() -> None:
    """What starts a procedure can be said where the prose does not."""
    graph = _applied("procedure trigger", "request by Account manager")
    added = graph.procedures[0].triggers[-1]
    assert (added.kind, getattr(added, "by", None)) == ("request", "account-manager")
    assert added.cite == BY_ANA


def test_the_owner_of_the_document_is_set() -> None:
    """The owner belongs to the graph."""
    assert _applied("procedure owner", "Ops manager").owner == "Ops manager"


def test_accepting_that_it_is_unstated_closes_the_question() -> None:
    """`unstated` empties the field, cites who accepted it, and keeps vague words."""
    graph = _applied("step 1 deadline")
    assert [one.says for one in _first(graph).deadlines] == ["promptly"]
    assert _first(graph).citations == {"deadline": BY_ANA}
    assert "step 1 deadline" not in {question.field for question in graph.questions}


def test_removing_a_step_leads_the_flow_past_it() -> None:
    """Branches, loops and forks that led to a removed step lead to what follows it."""
    yes = Condition(says="yes")
    steps = (
        DecisionStep(id="choose", title="Choose", branches=(Branch(when=yes, then="send"),)),
        HumanTaskStep(id="fork", title="Fork", next=("send", "file")),
        ActionStep(id="send", title="Send", system="fax"),
        HumanTaskStep(id="file", title="File", loop=Loop(back_to="send")),
    )
    procedure = Procedure(id="main", title="Main", steps=steps)
    graph = StepGraph(
        id="g", title="G", systems=(SystemUse(id="fax", name="Fax"),), procedures=(procedure,)
    )
    removed, _ = apply_answers(graph, ANCHORS, Answers((_answer("step 1 remove", True),)))
    choose, fork, file = removed.procedures[0].steps
    assert isinstance(choose, DecisionStep)
    assert (choose.branches[0].then, fork.next, file.loop) == ("file", "file", None)
    assert removed.systems == ()


def test_removing_a_step_takes_what_handles_its_failure_along() -> None:
    """A step that runs only where another one fails is pointless without it."""
    steps = (
        ActionStep(id="send", title="Send"),
        HumanTaskStep(id="call", title="Call instead", handles="send"),
        HumanTaskStep(id="file", title="File"),
    )
    procedure = Procedure(id="main", title="Main", steps=steps)
    graph = StepGraph(id="g", title="G", procedures=(procedure,))
    removed, _ = apply_answers(graph, ANCHORS, Answers((_answer("step 1 remove", True),)))
    assert [step.id for step in removed.procedures[0].steps] == ["file"]


def test_removing_a_step_closes_its_questions() -> None:
    """Nothing is asked about a step that is gone."""
    assert [one.field for one in _applied("step 1 remove", True).questions] == ["step 2 role"]


def test_the_same_words_twice_are_answered_twice() -> None:
    """A passage that stands twice in a document has its answer in both places."""
    places = (Place("main", "send"), Place("main", "file"))
    anchors = Anchors(ANCHORS.passages, {(HASH, "step 1"): places})
    graph, _ = apply_answers(_graph(), anchors, Answers((_answer("step 1 role", "Clerk"),)))
    assert [step.role for step in graph.procedures[0].steps] == ["clerk", "clerk"]


def test_an_answer_to_changed_prose_is_stale_with_the_nearest_passage() -> None:
    """The report offers the passage that the old words probably became."""
    anchors = Anchors({OTHER: "Send the warm welcome email promptly.", HASH: "File it."})
    stale = _answer("step 1 system", "Gmail", passage="ffffffffffff")
    graph, report = apply_answers(_graph(), anchors, Answers((stale,)))
    assert graph == _graph()
    assert [(one.answer, one.nearest_hash) for one in report.stale] == [(stale, OTHER)]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("step 3 system", "Gmail", "the passage has no step 3"),
        ("step 1 when 2 cel", "a > 1", "the step has 1 condition"),
        ("trigger 1 cron", "0 9 * * 1", "a trigger of kind `event` has no `cron`"),
    ],
)
def test_an_answer_to_what_is_not_there_is_unused(field: str, value: str, reason: str) -> None:
    """What the passage did not become is reported, not invented."""
    graph, report = apply_answers(_graph(), ANCHORS, Answers((_answer(field, value),)))
    assert graph == _graph()
    assert [one.reason for one in report.unused] == [reason]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("step 1 deadline", "soon", "`soon` is no deadline"),
        ("step 1 tier", 4, "input should be 1, 2 or 3"),
        ("step 1 next", "nowhere", "there is no step `nowhere` in the procedure"),
        ("step 1 deadline", {"witin": "PT4H"}, "extra inputs are not permitted"),
        ("procedure trigger", {"kind": "request", "cron": "0 9 * * 1"}, "has no `cron`"),
    ],
)
def test_a_value_that_cannot_be_names_file_entry_and_field(
    field: str, value: Any, message: str
) -> None:
    """A bad value is wrong usage; the hint says what the field holds."""
    answers = Answers((_answer(field, value),), Path("x.answers.yaml"))
    with pytest.raises(UsageError) as raised:
        apply_answers(_graph(), ANCHORS, answers)
    assert str(raised.value).startswith(f"x.answers.yaml: answer `given`, `{field}`: ")
    assert message in str(raised.value)
    assert raised.value.hint is not None
    assert raised.value.hint.startswith("`value` holds ")
