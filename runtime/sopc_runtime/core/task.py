"""Tasks: what a run asks of people, with all that they need to decide."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sopc.graph import DataField


class TaskKind(StrEnum):
    """What a person is asked for."""

    WORK = "work"
    """do a step, and say what came of it"""

    APPROVAL = "approval"
    """a step that is an approval"""

    ACT = "act"
    """approve exactly this act before it is done (tier 2, assist mode, a guardrail)"""

    QUESTION = "question"
    """say what the graph leaves to a person: a condition, a branch, a moment"""

    DOUBT = "doubt"
    """find out whether an act happened"""

    COMPARISON = "comparison"
    """say what people did, beside what the program would have done (shadow)"""

    TROUBLE = "trouble"
    """decide how to go on where a step failed and nothing in the graph deals with it"""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to decide a task.

    Attributes:
        id: As people type it: `approve`, `reject`, `done`, ...
        says: What happens then.
        gives: Whether the task's fields have to be given with it.
    """

    id: str
    says: str
    gives: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that a person decides, exactly as it is shown.

    Attributes:
        id: Unique within the run.
        step: The path of the step's state in the run: its id, with `/0` for an element.
        title: What it is about, in a few words.
        asks: What is asked, as a sentence.
        roles: The ids of the roles that may decide, the step's own first.
        choices: The ways to decide; never empty.
        fields: The values that choices with `gives` have to bring.
        shown: The data gathered for it: inputs, the exact act, the failure, values by name.
        editable: The names in `shown["inputs"]` that the decider may change.
        conditions: Conditions in words that the decider has to mind.
        sentence: The words of the prose behind the step, if it cites any.
        line: The line of the prose that they stand on.
        due: Until when.
        then: What happens when it is not decided by then, in words.
        opened: When it was opened.
    """

    id: str
    kind: TaskKind
    step: str
    title: str
    asks: str
    roles: tuple[str, ...]
    choices: tuple[Choice, ...]
    opened: datetime
    fields: tuple[DataField, ...] = ()
    shown: dict[str, Any] = field(default_factory=dict)
    editable: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    sentence: str | None = None
    line: int | None = None
    due: datetime | None = None
    then: str | None = None
