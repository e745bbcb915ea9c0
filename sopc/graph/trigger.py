"""Triggers: what starts a procedure."""

from typing import Annotated, Literal

from pydantic import Field

from sopc.graph.base import Cel, GraphRecord, Key, Slug, Words
from sopc.graph.citation import Citation
from sopc.graph.data import DataField


class _Trigger(GraphRecord):
    """`says` is the clause of the prose; `citations` holds places of single fields."""

    id: Slug
    says: Words
    cite: Citation | None = None
    citations: dict[Key, Citation] = Field(default_factory=dict)


class EventTrigger(_Trigger):
    """Something happens in a system: `event` of `system`, its `payload` passing `filter`.

    `system`, `event` and `filter` are None where the prose does not state them.
    """

    kind: Literal["event"] = "event"
    system: Slug | None = None
    event: Words | None = None
    filter: Cel | None = None
    payload: tuple[DataField, ...] = ()


class ScheduleTrigger(_Trigger):
    """The clock: a five-field `cron` expression in an IANA `time_zone`."""

    kind: Literal["schedule"] = "schedule"
    cron: Words | None = None
    time_zone: Words | None = None


class RequestTrigger(_Trigger):
    """A person asks: `by` is the role that may start it."""

    kind: Literal["request"] = "request"
    by: Slug | None = None
    payload: tuple[DataField, ...] = ()


Trigger = Annotated[EventTrigger | ScheduleTrigger | RequestTrigger, Field(discriminator="kind")]
"""One of the three kinds, told apart by `kind`."""
