"""Questions: each gap that matters, asked in words that an ops writer can answer."""

from collections.abc import Iterator, Sequence

from sopc.graph import (
    ActionStep,
    ApprovalStep,
    DecisionStep,
    EventTrigger,
    HumanTaskStep,
    Procedure,
    ProseCitation,
    Question,
    RequestTrigger,
    ScheduleTrigger,
    Step,
    StepGraph,
    Trigger,
    WaitStep,
)
from sopc.graph.slug import slug
from sopc.organization import Organization
from sopc_compiler.answers.anchors import Anchors, Place

_MESSAGE_VERBS = ("send", "email", "e-mail", "mail")
_Gap = tuple[str, str, str, tuple[str, ...]]  # about, asks, field, options


def questions(
    graph: StepGraph, anchors: Anchors, organization: Organization | None
) -> tuple[Question, ...]:
    """List the questions that a graph leaves open, in the order of the prose."""
    keys = anchors.subjects()
    found: list[Question] = []
    taken: set[str] = set()
    for procedure in graph.procedures:
        for place, cite, gap in _gaps(procedure, graph, organization):
            passage, anchor = keys[place]
            about, asks, field, options = gap
            chosen = slug(f"{place.node or procedure.id} {field}", taken)
            taken.add(chosen)
            found.append(
                Question(
                    id=chosen,
                    about=about,
                    asks=asks,
                    passage=passage,
                    field=f"{anchor} {field}",
                    options=options,
                    cite=cite,
                )
            )
    return tuple(found)


def _gaps(
    procedure: Procedure, graph: StepGraph, organization: Organization | None
) -> Iterator[tuple[Place, ProseCitation | None, _Gap]]:
    whole = Place(procedure.id)
    title = procedure.cite if isinstance(procedure.cite, ProseCitation) else None
    if not procedure.triggers and procedure.steps:
        asks = (
            f"What starts “{procedure.title}”: which event in which system, which schedule, "
            "or whose request?"
        )
        yield whole, title, (f"procedures.{procedure.id}.trigger", asks, "trigger", ())
    for trigger in procedure.triggers:
        cite = trigger.cite if isinstance(trigger.cite, ProseCitation) else None
        for gap in _trigger_gaps(trigger, graph, organization):
            yield Place(procedure.id, trigger.id), cite, gap
    ladder = bool(procedure.escalation) or bool(organization and organization.escalation)
    for step in procedure.steps:
        if isinstance(step, DecisionStep):
            continue  # it only parts two steps of the prose, which are asked about themselves
        place = Place(procedure.id, step.id)
        cited = step.citations.get("title")
        cite = cited if isinstance(cited, ProseCitation) else None
        bounded = bool(procedure.deadlines)
        for gap in _step_gaps(step, graph, organization, bounded=bounded, ladder=ladder):
            yield place, cite, gap


def _trigger_gaps(
    trigger: Trigger, graph: StepGraph, organization: Organization | None
) -> Iterator[_Gap]:
    about = f"triggers.{trigger.id}"
    says = trigger.says
    match trigger:
        case EventTrigger(system=None):
            asks = f"Which system tells that this happened: “{says}”?"
            yield f"{about}.system", asks, "system", _systems(graph, organization)
            yield f"{about}.event", f"Which event of that system is “{says}”?", "event", ()
        case EventTrigger(event=None):
            yield f"{about}.event", f"Which event of the system is “{says}”?", "event", ()
        case ScheduleTrigger(cron=None):
            yield f"{about}.cron", f"On which days and at what time is “{says}”?", "cron", ()
        case RequestTrigger(by=None):
            yield f"{about}.by", f"Who may start it: “{says}”?", "by", _roles(graph)
    zoned = organization is not None and organization.time_zone is not None
    if isinstance(trigger, ScheduleTrigger) and trigger.time_zone is None and not zoned:
        yield f"{about}.time_zone", f"In which time zone is “{says}”?", "time_zone", ()


def _step_gaps(
    step: Step,
    graph: StepGraph,
    organization: Organization | None,
    *,
    bounded: bool,
    ladder: bool,
) -> Iterator[_Gap]:
    about = f"steps.{step.id}"
    title = step.title
    if isinstance(step, ActionStep) and step.system is None:
        options = _systems(graph, organization)
        yield f"{about}.system", f"In which system is this done: “{title}”?", "system", options
    if isinstance(step, ActionStep) and step.template is None and _sends(step):
        yield (
            f"{about}.template",
            f"Which template and sender: “{title}”?",
            "template",
            _templates(organization),
        )
    if step.role is None and not isinstance(step, WaitStep):
        yield f"{about}.role", f"Who does this: “{title}”?", "role", _roles(graph)
    if not (step.deadlines or step.cadences or step.delays or bounded) and not isinstance(
        step, WaitStep
    ):
        yield f"{about}.deadline", f"By when is this done: “{title}”?", "deadline", ()
    for vague in step.deadlines:
        if vague.vague:
            asks = f"How long is “{vague.says}” at the most, for “{title}”?"
            yield f"{about}.deadline", asks, "deadline", ()
            break
    for cadence in step.cadences:
        if cadence.vague:
            yield (
                f"{about}.cadence",
                f"How often is “{cadence.says}”, for “{title}”?",
                "cadence",
                (),
            )
            break
    if _can_fail(step) and not (step.escalation or step.retry or ladder):
        asks = f"If this fails or is late, who is told, and after how long: “{title}”?"
        yield f"{about}.escalation", asks, "escalation", ()


def _sends(step: ActionStep) -> bool:
    return step.title.lower().startswith(_MESSAGE_VERBS)


def _can_fail(step: Step) -> bool:
    if isinstance(step, ActionStep | ApprovalStep):
        return step.handles is None
    return isinstance(step, HumanTaskStep) and step.system is not None and step.handles is None


def _systems(graph: StepGraph, organization: Organization | None) -> tuple[str, ...]:
    known = [system.name for system in organization.systems] if organization else []
    return _unique([*known, *(system.name for system in graph.systems)])


def _roles(graph: StepGraph) -> tuple[str, ...]:
    return _unique([role.name for role in graph.roles])


def _templates(organization: Organization | None) -> tuple[str, ...]:
    return _unique([template.name for template in organization.templates]) if organization else ()


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
