"""What the inbox shows: one entry for each task, with all that a person needs to decide it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from sopc.graph import DataField
from sopc_runtime.core.task import Choice, TaskKind


class Shown(BaseModel):
    """Base of what is given out."""

    model_config = ConfigDict(frozen=True)


class Decider(Shown):
    """A person who may decide, with the role that lets them; `delegated` has no role."""

    name: str
    role: str
    email: str | None = None


class Escalated(Shown):
    """A rung of the ladder that was climbed.

    Attributes:
        to: The role's id; None where the graph names nobody.
        says: The rung in the words of the prose.
        why: What led to it.
    """

    at: datetime
    to: str | None
    says: str
    why: str


class Entry(Shown):
    """A task in the inbox.

    Attributes:
        number: What people type.
        run: The id of its run.
        task: Its id in the run.
        name: The deployed procedure.
        roles: The ids of the roles that may decide.
        fields: The values that choices with `gives` have to bring.
        editable: The inputs that may be changed with an approval, with their types.
        shown: The data gathered, the exact act, the failure: as JSON has it.
        inputs: The types of `shown["inputs"]`, where they are known.
        values: The types of `shown["values"]`, where they are known.
        sentence: The words of the prose behind the step.
        source: The prose's path, as the graph names it, and `line` in it.
        then: What happens when nobody decides.
        digest: Of exactly what is shown; a decision that names it is bound to it.
        deciders: The people who may decide.
        anybody: Whether everybody who gives a name may.
        who: The same in words.
        requester: Who started the run.
        escalated: The rungs that were climbed for its step since it was opened.
        overdue: Whether `due` is past.
        zone: The organization's time zone, for showing times.
        status: `open`, `decided` or `closed`.
    """

    number: int
    run: str
    task: str
    kind: TaskKind
    name: str
    step: str
    title: str
    asks: str
    roles: tuple[str, ...]
    choices: tuple[Choice, ...]
    fields: tuple[DataField, ...] = ()
    editable: tuple[DataField, ...] = ()
    shown: dict[str, Any] = {}
    inputs: tuple[DataField, ...] = ()
    values: tuple[DataField, ...] = ()
    conditions: tuple[str, ...] = ()
    sentence: str | None = None
    source: str | None = None
    line: int | None = None
    opened: datetime
    due: datetime | None = None
    then: str | None = None
    digest: str
    deciders: tuple[Decider, ...] = ()
    anybody: bool = False
    who: str
    assignee: str | None = None
    requester: str | None = None
    escalated: tuple[Escalated, ...] = ()
    overdue: bool = False
    zone: str | None = None
    status: str
    choice: str | None = None
    decided_by: str | None = None
    decided: datetime | None = None
    reason: str | None = None
