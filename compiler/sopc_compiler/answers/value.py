"""The values that answers may hold: a closed set for each field, as text or as a mapping."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from sopc.graph.base import Cel, GraphRecord, Slug, Words
from sopc.graph.data import DataField
from sopc.graph.duration import Duration
from sopc.graph.failure import Failure
from sopc.graph.step import ForEach
from sopc.graph.timing import Relation
from sopc_compiler.answers import spoken, spoken_data
from sopc_compiler.answers.field import AnswerField
from sopc_compiler.answers.given_data import GivenBinding, GivenInputs


def _from_text(read: Callable[[str], Any]) -> BeforeValidator:
    def before(value: object) -> object:
        return read(value) if isinstance(value, str) else value

    return BeforeValidator(before, json_schema_input_type=str | dict[str, Any])


_Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Schedule = Annotated[Words, AfterValidator(spoken.cron)]
_TimeZone = Annotated[Words, AfterValidator(spoken.time_zone)]
_Length = Annotated[Duration, BeforeValidator(spoken.duration)]


class GivenDeadline(GraphRecord):
    """A deadline: `within` a length of time, or `by` a point in time."""

    says: Words | None = None
    within: _Length | None = None
    by: Words | None = None
    relation: Relation = Relation.AFTER
    of: Words | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> "GivenDeadline":
        if (self.within is None) == (self.by is None):
            raise ValueError("a deadline needs either `within` or `by`")
        return self


class GivenDelay(GraphRecord):
    """A delay: `wait` a length of time, or `until` a point in time."""

    says: Words | None = None
    wait: _Length | None = None
    until: Words | None = None
    relation: Relation = Relation.AFTER
    of: Words | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> "GivenDelay":
        if (self.wait is None) == (self.until is None):
            raise ValueError("a delay needs either `wait` or `until`")
        return self


class GivenCadence(GraphRecord):
    """A cadence: `times` per `every`, or a cron `schedule`."""

    says: Words | None = None
    every: _Length | None = None
    times: Annotated[int, Field(ge=1)] = 1
    schedule: _Schedule | None = None

    @model_validator(mode="after")
    def _one_rhythm(self) -> "GivenCadence":
        if (self.every is None) == (self.schedule is None):
            raise ValueError("a cadence needs either `every` or `schedule`")
        return self


class GivenRetry(GraphRecord):
    """Doing it again: `times` more attempts, `delay` apart."""

    says: Words | None = None
    times: Annotated[int, Field(ge=1)]
    delay: _Length | None = None
    backoff: Annotated[float, Field(ge=1)] = 1.0
    on: tuple[Failure, ...] = (Failure.ANY,)


class GivenRung(GraphRecord):
    """A rung of the escalation ladder; `to` is a role and `via` a system, by name or id."""

    says: Words | None = None
    after: _Length | None = None
    on: tuple[Failure, ...] = ()
    if_says: Words | None = None
    to: Words
    via: Words | None = None


class GivenGuardrail(GraphRecord):
    """A limit within which a step acts alone, and the role that is asked beyond it."""

    says: Words | None = None
    limit: Cel
    ask: Words | None = None


class GivenTrigger(GraphRecord):
    """A trigger that the prose does not state."""

    kind: Literal["event", "schedule", "request"]
    says: Words | None = None
    system: Words | None = None
    event: Words | None = None
    filter: Cel | None = None
    cron: _Schedule | None = None
    time_zone: _TimeZone | None = None
    by: Words | None = None

    @model_validator(mode="after")
    def _fields_of_its_kind(self) -> "GivenTrigger":
        own = _TRIGGER_FIELDS[self.kind]
        for name in self.model_fields_set - {"kind", "says", *own}:
            if getattr(self, name) is not None:
                raise ValueError(f"a trigger of kind `{self.kind}` has no `{name}`")
        return self


_TRIGGER_FIELDS = {
    "event": ("system", "event", "filter"),
    "schedule": ("cron", "time_zone"),
    "request": ("by",),
}


def _retry(value: object) -> object:
    return spoken.retry(str(value)) if type(value) is int else value


def _list_of(
    record: Any, read: Callable[[str], Any], split: Callable[[str], list[str]] | None = None
) -> Any:
    def several_of(value: object) -> object:
        if isinstance(value, str) and split is not None:
            return split(value)
        return value if isinstance(value, list) else [value]

    one = Annotated[record, _from_text(read)]
    several = Annotated[list[one], Field(min_length=1)]
    return Annotated[several, BeforeValidator(several_of, json_schema_input_type=one | several)]


_VALUES: dict[str, Any] = {
    "title": _Named,
    "kind": Literal["action", "human_task", "approval", "wait", "call"],
    "role": _Named,
    "system": _Named,
    "operation": _Named,
    "binding": Annotated[GivenBinding, _from_text(spoken_data.binding)],
    "inputs": GivenInputs,
    "fields": _list_of(DataField, spoken_data.field, spoken_data.fields),
    "template": _Named,
    "tier": Literal[1, 2, 3],
    "deadline": _list_of(GivenDeadline, spoken.deadline),
    "delay": _list_of(GivenDelay, spoken.delay),
    "cadence": _list_of(GivenCadence, spoken.cadence),
    "retry": Annotated[GivenRetry, _from_text(spoken.retry), BeforeValidator(_retry)],
    "escalation": _list_of(GivenRung, spoken.rung),
    "guardrail": _list_of(GivenGuardrail, spoken_data.guardrail),
    "for_each": Annotated[ForEach, _from_text(spoken_data.for_each)],
    "when": Cel,
    "reversible": bool,
    "next": Slug | Annotated[list[Slug], Field(min_length=1)],
    "remove": Literal[True],
    "event": _Named,
    "filter": Cel,
    "cron": _Schedule,
    "time_zone": _TimeZone,
    "by": _Named,
    "owner": _Named,
    "trigger": Annotated[GivenTrigger, _from_text(spoken.trigger)],
    "trigger kind": Literal["event", "schedule", "request"],
}

_EXAMPLES = {
    "title": "a few words, as `Send the welcome email`",
    "role": "a role's name, as `account manager`",
    "system": "a system's name, as `Gmail`",
    "operation": "what the system does, as `send email`",
    "binding": "what is called with what, as `create_record(name = client_name, stage = "
    '"won")`, an operation alone, or `none`',
    "inputs": 'values by name, as `name = client_name, stage = "won"`',
    "fields": "names and types, as `client_name string, fee money USD, note string optional`",
    "template": "a template's name",
    "kind": "`action`, `human_task`, `approval`, `wait` or `call`",
    "tier": "`1` (autonomous), `2` (prepared, then approved) or `3` (human-led)",
    "deadline": "a length of time, as `4 hours` or `2 business days before the start`, or by when, "
    "as `17:00` or `end of week`",
    "delay": "how long to hold back, as `3 days`, or `until 09:00`",
    "cadence": "`every 2 days`, `every monday at 9:00`, or cron, as `0 9 * * 1`",
    "retry": "how often, as `2 times every 30 minutes`",
    "escalation": "whom to turn to, as `operations manager after 4 hours via Slack`",
    "guardrail": "within which it acts alone, and who is asked beyond, as `amount <= 50000, else "
    "finance manager`",
    "for_each": "a name for each element of a list, as `client in clients`",
    "when": "a CEL expression, as `amount > 50000`",
    "reversible": "`true` or `false`",
    "next": "the id of a step, a list of ids, or `end`",
    "remove": "`true`",
    "event": "what happens, as `deal moves to Closed Won`",
    "filter": "a CEL expression, as `amount > 50000`",
    "cron": "`every monday at 9:00`, or cron, as `0 9 * * 1`",
    "time_zone": "an IANA time zone, as `Europe/Madrid`",
    "by": "a role's name, as `account manager`",
    "owner": "a name or role",
    "trigger": "an event in words, `every monday at 9:00 Europe/Madrid`, or `request by clerk`",
    "trigger kind": "`event`, `schedule` or `request`",
}


def allowed(field: AnswerField) -> str:
    """Say in words what a field's value may be."""
    return _EXAMPLES[field.grammar]


def read_value(field: AnswerField, value: object) -> Any:
    """Read an answer's value as what its field holds.

    Raises:
        ValueError: it is none of the allowed values; the message says what is.
    """
    try:
        return _adapter(field.grammar).validate_python(value)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        reason = first["msg"].removeprefix("Value error, ")
        place = ".".join(part for part in first["loc"] if isinstance(part, str))
        raise ValueError(
            f"{f'`{place}`: ' if place else ''}{reason[:1].lower()}{reason[1:]}"
        ) from None


def typed(field: AnswerField, text: str) -> str | int | bool:
    """Return what a person types for a field: a number or a truth where it holds one."""
    if field.name in {"reversible", "remove"}:
        truths = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
        return truths.get(text.casefold(), text)
    return int(text) if field.name == "tier" and text.isdecimal() else text


def value_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a field's value."""
    schema = _adapter(name).json_schema(mode="validation", ref_template="#/$defs/{model}")
    return {"description": _EXAMPLES[name], **schema}


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_VALUES[name])
