"""The graph of one document: its procedures and everything they share."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sopc.graph.base import GraphRecord, Slug, Words
from sopc.graph.citation import Citation
from sopc.graph.condition import Condition
from sopc.graph.data import DataField
from sopc.graph.failure import Rung
from sopc.graph.provenance import Made, SignOff, Source, SourcePassage
from sopc.graph.question import Question
from sopc.graph.step import END, Step
from sopc.graph.suppression import Suppression
from sopc.graph.timing import Cadence, Deadline
from sopc.graph.trigger import Trigger

FORMAT: Literal[1] = 1
"""The version of the file format that this release writes."""


def _refuse_duplicates(what: str, field: str, ids: Iterable[str]) -> None:
    """Refuse an id that stands twice; `at` leads whoever reads the error to the second one."""
    seen: set[str] = set()
    for number, identity in enumerate(ids):
        if identity in seen:
            raise PydanticCustomError(
                "id_taken",
                "{what} id `{identity}` stands twice",
                {
                    "what": what,
                    "identity": identity,
                    "at": (field, number, "id"),
                    "hint": f"give one {what} another id",
                },
            )
        seen.add(identity)


class RoleUse(GraphRecord):
    """A role that the procedures speak of, cited where it is first named."""

    id: Slug
    name: Words
    cite: Citation | None = None


class SystemUse(GraphRecord):
    """A system (tool, form, inbox, channel, template) in use, cited where it is first named."""

    id: Slug
    name: Words
    cite: Citation | None = None


class Procedure(GraphRecord):
    """One way through: what starts it, when it applies, its steps in order.

    `scope` holds conditions on the whole of it; `deadlines`, `cadences` and `escalation` bound it
    as a whole.
    """

    id: Slug
    title: Words
    cite: Citation | None = None
    triggers: tuple[Trigger, ...] = ()
    scope: tuple[Condition, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    escalation: tuple[Rung, ...] = ()
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _ids_tell_apart(self) -> Self:
        _refuse_duplicates("trigger", "triggers", (trigger.id for trigger in self.triggers))
        # A step of that id would make `next: end` mean two things.
        for number, step in enumerate(self.steps):
            if step.id == END:
                raise PydanticCustomError(
                    "id_taken",
                    "step id `end` is reserved for the end of the procedure",
                    {"at": ("steps", number, "id"), "hint": "give the step another id"},
                )
        _refuse_duplicates("step", "steps", (step.id for step in self.steps))
        return self


class StepGraph(GraphRecord):
    """All of a document as a typed step graph: the content of `NAME.sop.yaml`."""

    format: Literal[1] = FORMAT
    id: Slug
    title: Words
    owner: Words | None = None
    summary: Words | None = None
    source: Source | None = None
    made: Made | None = None
    inputs: tuple[DataField, ...] = ()
    roles: tuple[RoleUse, ...] = ()
    systems: tuple[SystemUse, ...] = ()
    procedures: Annotated[tuple[Procedure, ...], Field(min_length=1)]
    questions: tuple[Question, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    signoffs: tuple[SignOff, ...] = ()
    passages: tuple[SourcePassage, ...] = ()

    @model_validator(mode="after")
    def _ids_tell_apart(self) -> Self:
        _refuse_duplicates("role", "roles", (role.id for role in self.roles))
        _refuse_duplicates("system", "systems", (system.id for system in self.systems))
        _refuse_duplicates("procedure", "procedures", (each.id for each in self.procedures))
        _refuse_duplicates("question", "questions", (question.id for question in self.questions))
        return self
