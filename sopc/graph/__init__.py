"""The typed step graph: its model, its file, its schema and its view as a network."""

from sopc.graph.citation import AnswerCitation, Citation, Match, ProseCitation
from sopc.graph.condition import Condition
from sopc.graph.data import Argument, ComputedValue, DataField, DataType
from sopc.graph.failure import Failure, Guardrail, Retry, Rung
from sopc.graph.procedure import FORMAT, Procedure, RoleUse, StepGraph, SystemUse
from sopc.graph.provenance import Made, SignOff, Source, SourcePassage
from sopc.graph.question import Question
from sopc.graph.step import (
    END,
    ActionStep,
    ApprovalStep,
    Branch,
    CallStep,
    ComputeStep,
    DecisionStep,
    ForEach,
    HumanTaskStep,
    Join,
    Loop,
    Reference,
    Step,
    Tier,
    TierProposal,
    VagueWord,
    WaitStep,
)
from sopc.graph.suppression import Suppression
from sopc.graph.timing import Cadence, Deadline, Delay, Relation
from sopc.graph.trigger import EventTrigger, RequestTrigger, ScheduleTrigger, Trigger

__all__ = [
    "END",
    "FORMAT",
    "ActionStep",
    "AnswerCitation",
    "ApprovalStep",
    "Argument",
    "Branch",
    "Cadence",
    "CallStep",
    "Citation",
    "ComputeStep",
    "ComputedValue",
    "Condition",
    "DataField",
    "DataType",
    "Deadline",
    "DecisionStep",
    "Delay",
    "EventTrigger",
    "Failure",
    "ForEach",
    "Guardrail",
    "HumanTaskStep",
    "Join",
    "Loop",
    "Made",
    "Match",
    "Procedure",
    "ProseCitation",
    "Question",
    "Reference",
    "Relation",
    "RequestTrigger",
    "Retry",
    "RoleUse",
    "Rung",
    "ScheduleTrigger",
    "SignOff",
    "Source",
    "SourcePassage",
    "Step",
    "StepGraph",
    "Suppression",
    "SystemUse",
    "Tier",
    "TierProposal",
    "Trigger",
    "VagueWord",
    "WaitStep",
]
