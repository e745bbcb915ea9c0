"""Working time: when the organization is at work, and when it is not."""

import difflib
from datetime import time
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from sopc.graph.base import Slug, Words
from sopc.organization.record import Day, OrganizationRecord, TimeOfDay


@cache  # it is read from the disk each time
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_time_zone(name: str) -> bool:
    """Tell whether a name is one of the IANA time zones, as `Europe/Berlin`."""
    return name in _zones()


def _known_zone(name: str) -> str:
    if is_time_zone(name):
        return name
    near = difflib.get_close_matches(name, sorted(_zones()), n=1, cutoff=0.75)
    raise ValueError(
        f"`{name}` is no IANA time zone; "
        + (f"the nearest is `{near[0]}`" if near else "write one as `Europe/Berlin`")
    )


TimeZone = Annotated[str, AfterValidator(_known_zone)]
"""An IANA time zone, as `America/New_York`."""

Country = Annotated[Words, Field(json_schema_extra={"pattern": "^[A-Z]{2}$"})]
"""A country by its code of ISO 3166, as `US`; `sopc.organization.holiday` knows which there are."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
"""The days in the order in which `date.weekday()` counts them."""

WORKING_WEEK = WEEK[:5]


class BusinessHours(OrganizationRecord):
    """The days and the hours of a working week, in the organization's time zone."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WORKING_WEEK
    """the days of work; Monday to Friday unless said"""

    opens: TimeOfDay = Field(default=time(9), alias="from")
    """when work begins; 09:00 unless said"""

    closes: TimeOfDay = Field(default=time(17), alias="to")
    """when work ends; 17:00 unless said"""

    @model_validator(mode="after")
    def _hours_in_order(self) -> "BusinessHours":
        if self.closes <= self.opens:
            raise ValueError("business hours end `to` a time that is not later than `from`")
        return self


class Holidays(OrganizationRecord):
    """Days off: the public ones of a country (ISO 3166) and its subdivision, and further dates."""

    country: Country | None = None
    """the country whose public holidays are days off: two letters of ISO 3166, as `US`"""

    subdivision: Words | None = None
    """the state, region or province whose holidays are days off too, by code or name, as `CA`"""

    dates: tuple[Day, ...] = ()
    """further days off"""


class Calendar(OrganizationRecord):
    """A calendar of its own, for a site or a team; what it leaves out is the organization's."""

    id: Slug
    """what graphs call it"""

    name: Words
    """what prose calls it"""

    aliases: tuple[Words, ...] = ()
    """what else prose calls it"""

    time_zone: TimeZone | None = None
    """its IANA time zone"""

    business_hours: BusinessHours | None = None
    """its days and hours of work"""

    holidays: Holidays | None = None
    """its days off, instead of the organization's"""
