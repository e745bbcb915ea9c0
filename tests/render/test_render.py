"""Pictures of a graph: a step with all it has, and no words of the prose taken as syntax."""

from io import StringIO

from rich.console import Console

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    Branch,
    CallStep,
    Condition,
    Deadline,
    DecisionStep,
    EventTrigger,
    ForEach,
    Guardrail,
    HumanTaskStep,
    Loop,
    Procedure,
    ProseCitation,
    Question,
    RoleUse,
    Rung,
    StepGraph,
    SystemUse,
    Tier,
    TierProposal,
    WaitStep,
)
from sopc.render import graph_tree, mermaid

GRAPH = StepGraph(
    id="refunds",
    title="Refunds",
    roles=(RoleUse(id="clerk", name="Clerk"), RoleUse(id="lead", name="Team lead")),
    systems=(SystemUse(id="zendesk", name="Zendesk"),),
    procedures=(
        Procedure(
            id="refund",
            title="Refund",
            triggers=(
                EventTrigger(id="asked", says="a client asks", system="zendesk", event="ticket"),
            ),
            steps=(
                ActionStep(
                    id="read",
                    title='Read the "reason"',
                    role="clerk",
                    system="zendesk",
                    tier=TierProposal(level=Tier.AUTONOMOUS, reason="by rule"),
                    deadlines=(Deadline(says="within 4 hours", within="PT4H"),),
                    escalation=(Rung(says="escalate to the lead", after="PT8H", to="lead"),),
                    citations={
                        "title": ProseCitation(line=3, column=4, length=15, quote="Read the reason")
                    },
                ),
                DecisionStep(
                    id="large",
                    title="Large?",
                    branches=(Branch(when=Condition(says="over $500"), then=("approve", "call")),),
                    otherwise="end",
                ),
                ApprovalStep(id="approve", title="Approve", on_reject="read"),
                CallStep(id="call", title="Pay", procedure="pay", handles="read", next="end"),
            ),
        ),
        Procedure(
            id="pay",
            title="Pay <out>",
            steps=(
                HumanTaskStep(
                    id="pay",
                    title="Pay",
                    when=(Condition(says="if `cash`"),),
                    loop=Loop(back_to="pay", until=Condition(says="it is paid"), at_most=3),
                ),
            ),
        ),
    ),
    questions=(
        Question(
            id="q",
            about="procedures.refund.steps.approve.role",
            asks="who approves it",
            passage="0123456789ab",
            field="step 2 role",
        ),
    ),
)

CHART = """\
flowchart TD
  subgraph p_refund["Refund"]
    t_refund__asked(["ticket in Zendesk"])
    n_refund__read["Read the #quot;reason#quot;<br/>Clerk · Zendesk · tier 1 · within PT4H\
<br/>after PT8H, escalate to Team lead"]:::tier1
    n_refund__large{"Large?"}
    n_refund__approve{{"Approve"}}
    n_refund__call[["Pay<br/>if step 1 fails"]]
    n_refund__end(["end"])
    t_refund__asked --> n_refund__read
    n_refund__read --> n_refund__large
    n_refund__large -->|"over $500"| n_refund__approve
    n_refund__large -->|"over $500"| n_refund__call
    n_refund__large -->|"else"| n_refund__end
    n_refund__approve -->|"approved"| n_refund__call
    n_refund__approve -->|"rejected"| n_refund__read
    n_refund__call --> n_refund__end
  end
  subgraph p_pay["Pay #lt;out#gt;"]
    n_pay__pay("Pay<br/>if #96;cash#96;")
    n_pay__end(["end"])
    n_pay__pay --> n_pay__end
    n_pay__pay -.->|"until it is paid, at most 3 times"| n_pay__pay
  end
  n_refund__call -.-> p_pay
  classDef tier1 fill:#e6f4ea,stroke:#34a853,color:#202124
  classDef tier2 fill:#fef7e0,stroke:#f9ab00,color:#202124
  classDef tier3 fill:#fce8e6,stroke:#ea4335,color:#202124
"""

TREE = """\
Refunds
└── Refund  refund
    ├── event: ticket in Zendesk
    ├── 1 Read the "reason"  read
    │   ├── action · Clerk · Zendesk · tier 1 · within PT4H
    │   ├── after PT8H, escalate to Team lead
    │   └── 3 │ Read the reason
    ├── 2 Large?  large
    │   ├── decision
    │   ├── over $500: approve, call
    │   └── else: end
    ├── 3 Approve  approve
    │   ├── approval
    │   ├── rejected: read
    │   └── ? who approves it
    └── 4 Pay  call
        ├── call
        ├── if step 1 fails
        └── then end
"""


def _drawn(graph: StepGraph, procedure: str | None = None) -> str:
    out = StringIO()
    Console(file=out, width=90, markup=False).print(graph_tree(graph, procedure=procedure))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def test_the_chart_holds_every_way() -> None:
    """Decisions, approvals, forks, loops and calls are drawn, with their labels escaped."""
    assert mermaid(GRAPH) == CHART


def test_one_procedure_can_be_drawn_alone() -> None:
    """A chart of one procedure leaves the others, and the ways to them, out."""
    chart = mermaid(GRAPH, procedure="refund")
    assert "p_pay" not in chart
    assert "n_refund__call" in chart


def test_no_words_of_the_prose_are_mermaid_syntax() -> None:
    """A title that holds a directive, a quote or a comment stays a title."""
    title = '%%{init: {"securityLevel": "loose"}}%% "] --> x["<img src=x>'
    step = HumanTaskStep(id="a", title=title)
    graph = StepGraph(id="g", title="G", procedures=(Procedure(id="p", title="P", steps=(step,)),))
    chart = mermaid(graph)
    assert "%%{" not in chart
    assert "<img" not in chart
    assert chart.count('"] --> x') == 0


def test_the_tree_shows_steps_with_bounds_source_and_questions() -> None:
    """What a reviewer needs stands under each step."""
    assert _drawn(GRAPH, procedure="refund") == TREE


def test_what_is_signed_is_seen_whole() -> None:
    """How long a wait is, what a step is done for, its limits, and which failures lead where."""
    steps = (
        WaitStep(id="wait", title="Wait", duration="PT4H"),
        ActionStep(
            id="pay",
            title="Pay",
            for_each=ForEach(items="bags", name="bag"),
            guardrails=(Guardrail(says="up to 9", limit="amount <= 900", ask="lead"),),
            escalation=(Rung(says="tell the lead", on=("refused",), to="lead"),),
        ),
    )
    only = Procedure(id="refund", title="Refund", steps=steps)
    drawn = _drawn(GRAPH.model_copy(update={"procedures": (only,), "questions": ()}))
    assert "wait · for PT4H" in drawn
    assert "for each bag of bags · beyond amount <= 900 ask Team lead" in drawn
    assert "when it fails (refused), escalate to Team lead" in drawn


def test_the_terminal_gets_no_control_characters() -> None:
    """Prose cannot move the cursor or hide its end."""
    step = HumanTaskStep(id="a", title="Send \x1b[2J the email\u202e")
    graph = StepGraph(id="g", title="G", procedures=(Procedure(id="p", title="P", steps=(step,)),))
    drawn = _drawn(graph)
    assert "\x1b" not in drawn
    assert "\u202e" not in drawn
