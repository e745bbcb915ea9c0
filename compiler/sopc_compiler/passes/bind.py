"""Bind: the operation of a known system that each action calls, and what it is given.

Rules first: an operation that alone has the step's verb in its name, a value that is called as the
input is. What they leave open, a model chooses from closed lists, or quotes from the passage. The
result is a proposal: until a person confirms it in the answers file it stands as a question, and
the step's tier is such that a person approves each act.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sopc.graph import (
    ActionStep,
    AnswerCitation,
    Argument,
    Procedure,
    ProseCitation,
    Question,
    Step,
    StepGraph,
    Tier,
    TierProposal,
)
from sopc.graph.slug import slug
from sopc.organization import Operation, Organization, System
from sopc_compiler.answers import spoken_data
from sopc_compiler.answers.anchors import Anchors, Place
from sopc_compiler.llm.gateway import Gateway
from sopc_compiler.passes.choice import (
    NONE,
    QUOTED,
    ask_input,
    ask_operation,
    chosen,
    literal,
)
from sopc_compiler.passes.operation import is_described, operations_of_verb
from sopc_compiler.passes.scope import Value, fits, values_before
from sopc_compiler.prompt import load_prompt

UNCONFIRMED = "its binding is not confirmed"
_FILLED = frozenset({"subject", "body", "text", "html", "message", "content", "template"})
"""Inputs that a step's template gives."""


@dataclass(slots=True)
class _Call:
    """What an action calls, as far as it is known."""

    place: Place
    step: ActionStep
    system: System
    passage: str
    key: tuple[str, str]
    scope: dict[str, Value]
    operation: Operation | None = None
    given: dict[str, Argument] = field(default_factory=dict)

    @property
    def stated(self) -> bool:
        """Whether an answer says which operation it is, and only its inputs are open."""
        return _answered(self.step, "operation")

    @property
    def missing(self) -> list[str]:
        """The inputs that the operation cannot do without and that nothing gives yet."""
        if self.operation is None:
            return []
        return [name for name in _required(self.operation, self.step) if name not in self.given]

    @property
    def unclear(self) -> list[str]:
        """The inputs that a model is asked about: those, and those without a type."""
        if self.operation is None:
            return []
        required = {*_required(self.operation, self.step)}
        return [
            name
            for name in self.operation.input_names
            if name not in self.given
            and (name in required or self.operation.input(name) is None)
            and not _is_filled(self.step, name)
        ]


def bind(
    graph: StepGraph, anchors: Anchors, organization: Organization | None, gateway: Gateway
) -> StepGraph:
    """Propose the calls of a graph's actions, each with a question that a person confirms it by.

    Only systems that are bound, or say what their inputs are, are proposed to be called.

    Raises:
        WorkError: The model could not be asked.
    """
    if organization is None:
        return graph
    known = {system.id: system for system in organization.systems if system.operations}
    calls = list(_calls(graph, anchors, known))
    asked = _choose_operations(calls, gateway)
    asked |= _choose_inputs(calls, gateway)
    by_place = {call.place: call for call in calls}
    procedures = tuple(
        procedure.model_copy(
            update={
                "steps": tuple(
                    _bound(step, by_place.get(Place(procedure.id, step.id)))
                    for step in procedure.steps
                )
            }
        )
        for procedure in graph.procedures
    )
    changes: dict[str, object] = {
        "procedures": procedures,
        "questions": (*graph.questions, *_questions(calls, graph)),
    }
    if asked and graph.made is not None:
        prompts = graph.made.prompts | {"bind": load_prompt("bind").hash}
        changes["made"] = graph.made.model_copy(update={"prompts": prompts})
    return graph.model_copy(update=changes)


def _calls(graph: StepGraph, anchors: Anchors, known: dict[str, System]) -> Iterator[_Call]:
    """Give the actions whose call is open, with what the rules say about it."""
    subjects = anchors.subjects()
    for procedure in graph.procedures:
        for step in procedure.steps:
            system = known.get(step.system or "") if isinstance(step, ActionStep) else None
            if not isinstance(step, ActionStep) or system is None or not is_described(system):
                continue
            place = Place(procedure.id, step.id)
            key = subjects.get(place)
            if key is not None and not _is_settled(step, system):
                yield _call(graph, procedure, step, system, key=key, text=anchors.passages[key[0]])


def _call(
    graph: StepGraph,
    procedure: Procedure,
    step: ActionStep,
    system: System,
    *,
    key: tuple[str, str],
    text: str,
) -> _Call:
    place, scope = Place(procedure.id, step.id), values_before(graph, procedure, step.id)
    call = _Call(place, step, system, text, key, scope)
    if call.stated:
        call.operation = system.operation(step.operation or "")
    else:
        named = operations_of_verb(step, system)
        call.operation = named[0] if len(named) == 1 else None
    return call


def _is_settled(step: ActionStep, system: System) -> bool:
    """Tell whether people said all that there is to say about a step's call."""
    if not _answered(step, "operation"):
        return False
    operation = system.operation(step.operation or "")
    if operation is None or _answered(step, "inputs"):
        return True
    return not _required(operation, step)


def _answered(step: Step, name: str) -> bool:
    return isinstance(step.citations.get(name), AnswerCitation)


def _required(operation: Operation, step: ActionStep) -> list[str]:
    return [name for name in operation.required_inputs if not _is_filled(step, name)]


def _is_filled(step: ActionStep, name: str) -> bool:
    return step.template is not None and name in _FILLED


def _choose_operations(calls: Sequence[_Call], gateway: Gateway) -> bool:
    """Let the model choose where no name tells; give whether it was asked."""
    unclear = [call for call in calls if call.operation is None and not call.stated]
    requests = [
        ask_operation(
            call.step.title,
            call.passage,
            {each.name: each.description for each in call.system.operations},
        )
        for call in unclear
    ]
    for call, reply in zip(unclear, gateway.ask(requests) if requests else (), strict=True):
        call.operation = call.system.operation(chosen(reply).name)
    return bool(requests)


def _choose_inputs(calls: Sequence[_Call], gateway: Gateway) -> bool:
    """Give inputs the values of their names, and let the model choose where there is none."""
    for call in calls:
        if call.operation is None:
            continue
        for name in call.operation.input_names:
            value = call.scope.get(name)
            if value is not None and fits(value, call.operation.input(name)):
                call.given[name] = Argument(name=name, cel=name)
    unclear = [
        (call, call.operation, name) for call in calls if call.operation for name in call.unclear
    ]
    requests = [
        ask_input(
            call.step.title,
            call.passage,
            operation=operation.name,
            name=name,
            wanted=operation.input(name),
            values={
                each: value
                for each, value in call.scope.items()
                if fits(value, operation.input(name))
            },
        )
        for call, operation, name in unclear
    ]
    replies = gateway.ask(requests) if requests else ()
    for (call, operation, name), reply in zip(unclear, replies, strict=True):
        choice = chosen(reply)
        if choice.name in call.scope:
            call.given[name] = Argument(name=name, cel=choice.name)
        elif choice.name == QUOTED:
            found = literal(choice.quote, call.passage, operation.input(name))
            if found is not None:
                call.given[name] = Argument(name=name, value=found)
    return bool(requests)


def _bound(step: Step, call: _Call | None) -> Step:
    """Put a proposal into its step, held back until somebody confirms it."""
    if call is None:
        return step
    operation = call.operation.name if call.operation else None
    changes: dict[str, object] = {"operation": operation, "inputs": _ordered(call)}
    if operation is not None and step.tier is not None and step.tier.level is Tier.AUTONOMOUS:
        changes["tier"] = TierProposal(level=Tier.PREPARED, reason=UNCONFIRMED)
        changes["citations"] = {
            name: cite for name, cite in step.citations.items() if name != "tier"
        }
    return step.model_copy(update=changes)


def _ordered(call: _Call) -> tuple[Argument, ...]:
    names = call.operation.input_names if call.operation else ()
    return tuple(call.given[name] for name in names if name in call.given)


def _questions(calls: Sequence[_Call], graph: StepGraph) -> Iterator[Question]:
    taken = {question.id for question in graph.questions}
    for call in calls:
        passage, anchor = call.key
        title = call.step.title
        others = [each.name for each in call.system.operations if each is not call.operation]
        name, options, word = call.system.name, (*others, NONE), "binding"
        if call.operation is None:
            asks = f"Which operation of {name} does this: “{title}”?"
        elif call.stated:
            word, options = "inputs", (spoken_data.assigned(_ordered(call)),)
            asks = f"What is `{call.operation.name}` of {name} given, for “{title}”?"
            options = options if options[0] else ()
        else:
            shown = spoken_data.call(call.operation.name, _ordered(call))
            options = (shown, *options)
            asks = f"Is this how {name} does “{title}”: `{shown}`?"
        if call.missing:
            asks += f" Nothing gives {', '.join(f'`{each}`' for each in call.missing)} yet."
        chosen_id = slug(f"{call.step.id} {word}", taken)
        taken.add(chosen_id)
        cited = call.step.citations.get("title")
        yield Question(
            id=chosen_id,
            about=f"steps.{call.step.id}.{word}",
            asks=asks,
            passage=passage,
            field=f"{anchor} {word}",
            options=options,
            cite=cited if isinstance(cited, ProseCitation) else None,
        )
