"""Scenario files, `NAME.scenario.yaml`: what is given, and what a procedure has to make of it."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import GenerateJsonSchema

from sopc.graph import Failure
from sopc.graph.base import GraphRecord, Slug, Words
from sopc.graph.duration import Duration
from sopc.graph.step import Next
from sopc_runtime.core.mode import Mode
from sopc_runtime.core.task import TaskKind
from sopc_runtime.simulation.instant import checked_instant

FORMAT: Literal[1] = 1
"""The version of scenario files that this release reads."""

When = Annotated[str, AfterValidator(checked_instant)]
"""An instant: `2026-03-02 09:00` where the organization is, or `+PT4H` after the run began."""


def _checked_path(text: str) -> str:
    if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[0-9]+)?", text) is None:
        raise ValueError(f"`{text}` is no step's id, nor an element of one as `remind/0`")
    return text


Path = Annotated[str, AfterValidator(_checked_path)]
"""A step's id, or one element of a for-each as `remind/0`."""


class ScenarioRecord(GraphRecord):
    """A part of a scenario file; the texts under its fields describe them to editors."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Beginning(ScenarioRecord):
    """What starts the run."""

    at: When
    """when: `2026-03-02 09:00` where the organization is, or with a zone, `2026-03-02T09:00:00Z`"""

    trigger: Slug | None = None
    """which of the procedure's triggers; the first unless said"""

    occurred: When | None = None
    """when that happened which started it, where that is not `at`"""

    by: Words | None = None
    """the person who started it"""

    values: dict[str, Any] = Field(default_factory=dict)
    """what the trigger brings, by name"""


class SystemReply(ScenarioRecord):
    """What a system answers once."""

    gives: dict[str, Any] | None = None
    """the values that it gives back; samples unless said"""

    fails: Failure | None = None
    """the kind of failure"""

    says: Words | None = None
    """its message, where it fails"""

    in_doubt: bool = False
    """nobody can tell whether it was done"""

    silent: bool = False
    """it never answers"""

    after: Duration | None = None
    """how long it takes; no time unless said"""


class SystemGiven(SystemReply):
    """What a system answers to a step's calls, or to all of an operation's."""

    step: Path | None = None
    """only calls of this step"""

    system: Slug | None = None
    """only calls to this system"""

    operation: Words | None = None
    """only calls of this operation"""

    in_turn: tuple[SystemReply, ...] = ()
    """what it answers to the first call, the second, ...; the last one goes on"""


class PersonReply(ScenarioRecord):
    """What somebody decides once."""

    chooses: Words | None = None
    """the choice, as `approve` or `branch-2`; the first unless said"""

    gives: dict[str, Any] | None = None
    """the values that go with it; samples unless said"""

    after: Duration | None = None
    """how long that takes; no time unless said"""

    by: Words | None = None
    """who decides; whoever holds the role unless said"""

    because: Words | None = None
    """the reason given"""

    silent: bool = False
    """nobody decides"""


class PersonGiven(PersonReply):
    """What somebody decides of tasks. Nobody decides of a task that no such entry is for."""

    step: Path | None = None
    """only tasks of this step"""

    role: Slug | None = None
    """only tasks that this role may decide, from when it may"""

    kind: TaskKind | None = None
    """only tasks of this kind"""

    in_turn: tuple[PersonReply, ...] = ()
    """what is decided of the first task, the second, ...; the last one goes on"""


class Occurrence(ScenarioRecord):
    """Something that happens while the run goes on: one of an event, a cancelling, a new mode."""

    at: When
    """when"""

    system: Slug | None = None
    """the system in which an event happens"""

    event: Words | None = None
    """what happens there"""

    values: dict[str, Any] = Field(default_factory=dict)
    """what the event brings"""

    cancelled_by: Words | None = None
    """the person who cancels the run"""

    mode: Mode | None = None
    """the mode that the procedure is promoted or demoted to"""

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Occurrence":
        said = [self.system is not None, self.cancelled_by is not None, self.mode is not None]
        if sum(said) != 1:
            raise ValueError("say one of `system` with `event`, `cancelled_by` and `mode`")
        return self


class Given(ScenarioRecord):
    """The world around the run. The first entry that is for a call or task counts."""

    systems: tuple[SystemGiven, ...] = ()
    """what systems answer; one that nothing is said of does what it is asked, at once"""

    people: tuple[PersonGiven, ...] = ()
    """what people decide; of tasks that nothing is said of, nobody decides"""

    later: tuple[Occurrence, ...] = ()
    """what happens while the run goes on"""


class Statement(ScenarioRecord):
    """One thing that happens in the run."""

    started: Path | None = None
    """this step begins"""

    calls: Path | None = None
    """this step asks its system"""

    asks: Path | None = None
    """this step asks people"""

    waits: Path | None = None
    """this step waits, is held back, or is tried again later"""

    escalates: Path | None = None
    """this step, or `run` as a whole, is escalated"""

    late: Path | None = None
    """this step, or `run` as a whole, misses a deadline"""

    done: Path | None = None
    """this step is done"""

    skipped: Path | None = None
    """this step is passed over"""

    failed: Path | None = None
    """this step fails once"""

    decides: Path | None = None
    """this decision goes a way"""

    ends: Literal["done", "failed", "cancelled"] | None = None
    """the run ends"""

    at: When | None = None
    """when it happens, to the second"""

    of: Slug | None = None
    """with `asks`: a role that may decide"""

    kind: TaskKind | None = None
    """with `asks`: what is asked for"""

    due: When | None = None
    """with `asks`: until when"""

    until: When | None = None
    """with `waits`: until when"""

    to: Next | None = None
    """with `escalates`: the role; with `decides`: the step or steps"""

    via: Slug | None = None
    """with `escalates`: the system"""

    operation: Words | None = None
    """with `calls`: the operation"""

    inputs: dict[str, Any] | None = None
    """with `calls` and `asks`: inputs among those that are given or shown"""

    shown_only: bool | None = None
    """with `calls`: whether nothing is really sent"""

    failure: Failure | None = None
    """with `failed`: the kind of failure"""

    because: Words | None = None
    """words that its reason contains"""

    values: dict[str, Any] | None = None
    """with `done` and `ends`: values among those that there are then"""

    within: Slug | None = None
    """the procedure, where a called one is meant"""

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> "Statement":
        said = [each for each in STATEMENTS if getattr(self, each) is not None]
        if len(said) != 1:
            known = ", ".join(f"`{each}`" for each in STATEMENTS)
            found = " and ".join(f"`{each}`" for each in said) or "none of them"
            raise ValueError(f"say what happens by one of {known}; found {found}")
        for name, fitting in _DETAILS.items():
            if getattr(self, name) is not None and said[0] not in fitting:
                listed = " and ".join(f"`{each}`" for each in fitting)
                raise ValueError(f"`{name}` says nothing about `{said[0]}`; it goes with {listed}")
        return self

    @property
    def verb(self) -> str:
        """Which of the things that happen it is about."""
        return next(each for each in STATEMENTS if getattr(self, each) is not None)


STATEMENTS = (
    "started",
    "calls",
    "asks",
    "waits",
    "escalates",
    "late",
    "done",
    "skipped",
    "failed",
    "decides",
    "ends",
)
"""What statements are about."""

_DETAILS = {
    "of": ("asks",),
    "kind": ("asks",),
    "due": ("asks",),
    "until": ("waits",),
    "to": ("escalates", "decides"),
    "via": ("escalates",),
    "operation": ("calls",),
    "inputs": ("calls", "asks"),
    "shown_only": ("calls",),
    "failure": ("failed",),
    "values": ("done", "ends"),
}


class Scenario(ScenarioRecord):
    """One case, and what the procedure has to make of it."""

    name: Words
    """what it shows, as a sentence"""

    procedure: Slug | None = None
    """the procedure of the graph; the first unless said"""

    mode: Mode = Mode.AUTONOMOUS
    """how far the procedure acts"""

    when: Beginning
    """what starts the run"""

    given: Given = Given()
    """what systems answer and people decide"""

    stop: When | None = None
    """when to look no further; otherwise when nothing can happen any more, or after ten years"""

    expect: tuple[Statement, ...] = ()
    """what has to happen, in this order; other things may happen in between"""

    also: tuple[Statement, ...] = ()
    """what has to happen, in any order"""

    never: tuple[Statement, ...] = ()
    """what must not happen"""

    @model_validator(mode="after")
    def _expects_something(self) -> "Scenario":
        if not (self.expect or self.also or self.never):
            raise ValueError(f"`{self.name}` needs `expect`, `also` or `never`")
        return self


class ScenarioFile(ScenarioRecord):
    """The content of `NAME.scenario.yaml`."""

    format: Literal[1] = FORMAT
    """the format's version, 1"""

    graph: Words | None = None
    """the graph file, relative to this one; `NAME.sop.yaml` unless said"""

    values: dict[str, Any] = Field(default_factory=dict)
    """what triggers bring in all cases that do not say otherwise, by name"""

    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    """the cases"""


class _WithoutFieldTitles(GenerateJsonSchema):
    """Leaves out titles that only repeat the keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's hook
        return False


def scenario_schema() -> dict[str, Any]:
    """Give the JSON Schema of scenario files, for editors."""
    schema = ScenarioFile.model_json_schema(schema_generator=_WithoutFieldTitles)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **schema,
        "title": "sopc scenario file",
    }
