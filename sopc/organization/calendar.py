"""Working time: when the organization is at work, and when it is not."""

from datetime import date, time
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from sopc.graph.base import GraphRecord, Slug, Words


def is_time_zone(name: str) -> bool:
    """Tell whether a name is one of the IANA time zones, as `Europe/Berlin`."""
    return name in available_timezones()


def _known_zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError(f"`{name}` is no IANA time zone; write one as `Europe/Berlin`")
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA time zone, as `America/New_York`."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WORKING_WEEK: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


class BusinessHours(GraphRecord):
    """The days and the hours of a working week, in the organization's time zone."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WORKING_WEEK
    opens: time = Field(default=time(9), alias="from")
    closes: time = Field(default=time(17), alias="to")

    @model_validator(mode="after")
    def _hours_in_order(self) -> "BusinessHours":
        if self.closes <= self.opens:
            raise ValueError("business hours end `to` a time that is not later than `from`")
        return self


class Holidays(GraphRecord):
    """Days off: the public ones of a country (ISO 3166) and its subdivision, and further dates."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    subdivision: Words | None = None
    dates: tuple[date, ...] = ()


class Calendar(GraphRecord):
    """A calendar of its own, for a site or a team; what it leaves out is the organization's."""

    id: Slug
    name: Words
    time_zone: TimeZone | None = None
    business_hours: BusinessHours | None = None
    holidays: Holidays | None = None
