"""Applying people's answers to a freshly compiled graph."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from sopc.errors import UsageError
from sopc.graph import Procedure, Question, SourcePassage, StepGraph
from sopc.organization import Organization
from sopc_compiler.answers.anchors import Anchors, Place
from sopc_compiler.answers.answer import Answer, Answers
from sopc_compiler.answers.edit import (
    Change,
    NoSuchFieldError,
    cited,
    edited_procedure,
    edited_step,
    edited_trigger,
)
from sopc_compiler.answers.field import AnswerField, answer_field
from sopc_compiler.answers.names import Names, used_names
from sopc_compiler.answers.removal import without_step
from sopc_compiler.answers.report import AnswersReport, StaleAnswer, UnusedAnswer
from sopc_compiler.answers.value import allowed, read_value

_SIMILAR = 50.0
"""From this rapidfuzz ratio on (0 to 100), a passage is offered as what a changed one became."""


def apply_answers(
    graph: StepGraph,
    anchors: Anchors,
    answers: Answers,
    *,
    organization: Organization | None = None,
) -> tuple[StepGraph, AnswersReport]:
    """Put people's answers into a graph, cite them there, and drop the answered questions.

    Roles and systems that the graph does not have yet get the organization's ids where it knows
    them.

    Answers whose passage is no longer in the prose, or that speak of what the passage did not
    become, change nothing and are reported.

    Raises:
        UsageError: an answer's value is none that its field can hold.
    """
    editor = _Editor(graph, organization)
    applied: list[Answer] = []
    stale: list[StaleAnswer] = []
    unused: list[UnusedAnswer] = []
    for answer, field in sorted(_with_fields(answers.entries), key=_rank):
        if answer.passage not in anchors.passages:
            stale.append(_stale(answer, anchors))
            continue
        places = anchors.places.get((answer.passage, field.anchor), ())
        try:
            if not places:
                raise NoSuchFieldError(f"the passage has no {field.anchor}")  # noqa: TRY301
            for place in places:
                editor.edit(place, Change(field, _value(answer, field, answers), answer))
            applied.append(answer)
        except NoSuchFieldError as missing:
            unused.append(UnusedAnswer(answer, str(missing)))
        except (ValidationError, ValueError) as invalid:
            raise _refused(answer, field, str(invalid), answers) from None
    report = AnswersReport(
        applied=tuple(answer.id for answer in applied), stale=tuple(stale), unused=tuple(unused)
    )
    return editor.finished(applied, anchors), report


class _Editor:
    """A graph's procedures while answers change them."""

    def __init__(self, graph: StepGraph, organization: Organization | None) -> None:
        self._graph = graph
        self._names = Names(graph, organization)
        self._owner = graph.owner
        self._inputs = {each.name: each for each in graph.inputs}
        self._procedures = {procedure.id: procedure for procedure in graph.procedures}

    def edit(self, place: Place, change: Change) -> None:
        """Set what an answer speaks of; what was removed before stays so."""
        procedure = self._procedures[place.procedure]
        if change.field.subject == "procedure":
            if change.field.name == "owner":
                self._owner = change.value
            elif change.field.name == "inputs":
                given = cited(change.value or (), change.cite)
                self._inputs |= {each.name: each for each in given}
            else:
                procedure = edited_procedure(procedure, change, self._names)
        elif change.field.subject == "step":
            procedure = self._with_step(procedure, place.node, change)
        else:
            procedure = self._with_trigger(procedure, place.node, change)
        self._procedures[place.procedure] = procedure

    def _with_step(self, procedure: Procedure, node: str | None, change: Change) -> Procedure:
        ids = {step.id for step in procedure.steps}
        if node not in ids:
            return procedure
        if change.field.name == "remove":
            return without_step(procedure, node) if change.value else procedure
        steps = tuple(
            edited_step(step, change, self._names, ids) if step.id == node else step
            for step in procedure.steps
        )
        return procedure.model_copy(update={"steps": steps})

    def _with_trigger(self, procedure: Procedure, node: str | None, change: Change) -> Procedure:
        removes = change.field.name == "remove" and change.value
        triggers = tuple(
            edited_trigger(one, change, self._names) if one.id == node else one
            for one in procedure.triggers
            if not (removes and one.id == node)
        )
        return procedure.model_copy(update={"triggers": triggers})

    def finished(self, applied: list[Answer], anchors: Anchors) -> StepGraph:
        """Return the graph, without names that only the replaced facts used."""
        procedures = tuple(self._procedures.values())
        roles, systems = (
            before - after
            for before, after in zip(
                used_names(self._graph.procedures), used_names(procedures), strict=True
            )
        )
        changes = {
            "owner": self._owner,
            "inputs": tuple(self._inputs.values()),
            "procedures": procedures,
            "roles": tuple(role for role in self._names.roles if role.id not in roles),
            "systems": tuple(one for one in self._names.systems if one.id not in systems),
            "questions": tuple(_open(self._graph.questions, applied)),
            "passages": tuple(_left_out(self._graph.passages, anchors, applied)),
        }
        had = {name: getattr(self._graph, name) for name in StepGraph.model_fields}
        return StepGraph.model_validate(had | changes)


def _with_fields(entries: Iterable[Answer]) -> Iterable[tuple[Answer, AnswerField]]:
    return ((answer, answer_field(answer.field)) for answer in entries)


def _rank(pair: tuple[Answer, AnswerField]) -> int:
    """Kinds first, because they decide which fields there are; removals last."""
    return {"kind": 0, "remove": 2}.get(pair[1].name, 1)


def _value(answer: Answer, field: AnswerField, answers: Answers) -> Any:
    if answer.unstated:
        return None
    try:
        return read_value(field, answer.value)
    except ValueError as invalid:
        raise _refused(answer, field, str(invalid), answers) from None


def _refused(answer: Answer, field: AnswerField, reason: str, answers: Answers) -> UsageError:
    where = f"{answers.path}: " if answers.path else ""
    return UsageError(
        f"{where}answer `{answer.id}`, `{answer.field}`: {reason}",
        hint=f"`value` holds {allowed(field)}",
    )


def _stale(answer: Answer, anchors: Anchors) -> StaleAnswer:
    from rapidfuzz import fuzz, process

    if answer.words is None:
        return StaleAnswer(answer)
    found = process.extractOne(
        answer.words, anchors.passages, scorer=fuzz.token_sort_ratio, score_cutoff=_SIMILAR
    )
    return StaleAnswer(answer) if found is None else StaleAnswer(answer, found[0], found[2])


def _left_out(
    passages: Iterable[SourcePassage], anchors: Anchors, applied: list[Answer]
) -> Iterable[SourcePassage]:
    """Say of passages which answer took out all that they became, so that nobody misses it."""
    left = {(passage, anchor) for passage, anchor in anchors.places if anchor != "procedure"}
    removing: dict[str, str] = {}
    for answer in applied:
        if answer.field.endswith(" remove") and answer.value:
            left.discard((answer.passage, answer.field.removesuffix(" remove")))
            removing[answer.passage] = answer.id
    kept = {passage for passage, _ in left}
    for passage in passages:
        answer_id = None if passage.hash in kept else removing.get(passage.hash)
        yield passage.model_copy(update={"left_out": answer_id}) if answer_id else passage


def _open(questions: Iterable[Question], applied: list[Answer]) -> Iterable[Question]:
    answered = {(answer.passage, answer.field) for answer in applied}
    removed = {
        (answer.passage, answer.field.removesuffix("remove"))
        for answer in applied
        if answer.field.endswith(" remove") and answer.value
    }
    for question in questions:
        field = " ".join(question.field.split())
        gone = any(
            question.passage == passage and field.startswith(subject)
            for passage, subject in removed
        )
        if not gone and (question.passage, field) not in answered:
            yield question
