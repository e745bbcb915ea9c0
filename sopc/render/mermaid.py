"""A graph as the text of a Mermaid flowchart: one box a procedure, the same text every time."""

from collections.abc import Iterator

from sopc.graph import END, ApprovalStep, CallStep, Procedure, Step, StepGraph, Trigger
from sopc.graph.network import START, Flow, FlowKind, flows
from sopc.render.wording import Wording, cases, loop_words

_SHAPES = {
    "action": ("[", "]"),
    "human_task": ("(", ")"),
    "approval": ("{{", "}}"),
    "decision": ("{", "}"),
    "compute": ("[/", "/]"),
    "wait": (">", "]"),
    "call": ("[[", "]]"),
}
_LONGEST = 60
# Everything that Mermaid could take for its own syntax, or a browser for HTML.
_ESCAPES = str.maketrans(
    {
        "#": "#35;",
        '"': "#quot;",
        "<": "#lt;",
        ">": "#gt;",
        "&": "#amp;",
        "`": "#96;",
        "%": "#37;",
        "\\": "#92;",
    }
)
_TIERS = (
    "  classDef tier1 fill:#e6f4ea,stroke:#34a853,color:#202124",
    "  classDef tier2 fill:#fef7e0,stroke:#f9ab00,color:#202124",
    "  classDef tier3 fill:#fce8e6,stroke:#ea4335,color:#202124",
)


def mermaid(graph: StepGraph, *, procedure: str | None = None) -> str:
    """Draw all procedures of a graph, or one of them by its id.

    Decisions are rhombi, approvals hexagons, triggers and ends rounded; loops lead back dotted.
    """
    wording = Wording(graph)
    shown = [one for one in graph.procedures if procedure in {None, one.id}]
    lines = ["flowchart TD"]
    for one in shown:
        lines += _box(one, wording)
    ids = {one.id for one in shown}
    for one in shown:
        for step in one.steps:
            if isinstance(step, CallStep) and step.procedure in ids:
                lines.append(f"  {_node(one, step.id)} -.-> {_box_id(step.procedure)}")
    return "\n".join([*lines, *_TIERS]) + "\n"


def _box(procedure: Procedure, wording: Wording) -> Iterator[str]:
    yield f'  subgraph {_box_id(procedure.id)}["{_text(procedure.title)}"]'
    first = procedure.steps[0].id if procedure.steps else END
    for trigger in procedure.triggers:
        yield f'    {_start(procedure, trigger)}(["{_text(wording.trigger(trigger))}"])'
    for step in procedure.steps:
        yield f"    {_node(procedure, step.id)}{_shape(step, procedure, wording)}"
    ways = flows(procedure)
    if any(way.target == END for way in ways):
        yield f'    {_node(procedure, END)}(["end"])'
    for trigger in procedure.triggers:
        yield f"    {_start(procedure, trigger)} --> {_node(procedure, first)}"
    steps = {step.id: step for step in procedure.steps}
    for way in ways:
        if way.step != START:
            yield f"    {_way(way, procedure, steps[way.step])}"
    yield "  end"


def _shape(step: Step, procedure: Procedure, wording: Wording) -> str:
    opening, closing = _SHAPES[step.kind]
    lines = [_text(step.title)]
    lines += [_text(case) for case in cases(step, procedure)]
    details = [*wording.who_and_where(step), *wording.bounds(step)]
    if details:
        lines.append(_text(" · ".join(details), longest=2 * _LONGEST))
    lines += [_text(wording.rung(rung)) for rung in step.escalation]
    tier = f":::tier{step.tier.level.value}" if step.tier else ""
    return f'{opening}"{"<br/>".join(lines)}"{closing}{tier}'


def _way(way: Flow, procedure: Procedure, step: Step) -> str:
    arrow = "-.->" if way.kind is FlowKind.LOOP else "-->"
    label = _label(way, step)
    shown = f'|"{_text(label)}"|' if label else ""
    return f"{_node(procedure, way.step)} {arrow}{shown} {_node(procedure, way.target)}"


def _label(way: Flow, step: Step) -> str:
    if way.kind is FlowKind.LOOP and step.loop:
        return loop_words(step.loop)
    if isinstance(step, ApprovalStep) and step.on_reject:
        return "rejected" if way.kind is FlowKind.REJECT else "approved"
    if way.kind is FlowKind.OTHERWISE:
        return "else"
    return way.condition.says if way.condition else ""


def _node(procedure: Procedure, wanted: str) -> str:
    return f"n_{procedure.id}__{wanted}".replace("-", "_")


def _start(procedure: Procedure, trigger: Trigger) -> str:
    return f"t_{procedure.id}__{trigger.id}".replace("-", "_")


def _box_id(procedure: str) -> str:
    return f"p_{procedure}".replace("-", "_")


def _text(words: str, longest: int = _LONGEST) -> str:
    plain = " ".join(words.split())
    if len(plain) > longest:
        plain = plain[: longest - 1].rstrip() + "…"
    return plain.translate(_ESCAPES)
