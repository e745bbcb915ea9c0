"""The graph of one document: its procedures and everything they share."""

from typing import Annotated, Literal

from pydantic import Field

from sopc.graph.base import GraphRecord, Slug, Words
from sopc.graph.citation import Citation
from sopc.graph.condition import Condition
from sopc.graph.data import DataField
from sopc.graph.failure import Rung
from sopc.graph.provenance import Made, SignOff, Source, SourcePassage
from sopc.graph.question import Question
from sopc.graph.step import Step
from sopc.graph.timing import Cadence, Deadline
from sopc.graph.trigger import Trigger

FORMAT: Literal[1] = 1
"""The version of the file format that this release writes."""


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
    signoffs: tuple[SignOff, ...] = ()
    passages: tuple[SourcePassage, ...] = ()
