"""What every part of the organization file is made of: records, days and times of the day."""

import re
from datetime import date, time
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, WithJsonSchema

from sopc.graph.base import GraphRecord

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{1,2}:\d{2}")


class OrganizationRecord(GraphRecord):
    """A part of the organization file; the texts under its fields describe them to editors."""

    model_config = ConfigDict(use_attribute_docstrings=True)


# Numbers would else be taken for seconds, so that `from: 9` meant nine seconds past midnight.
def _as_day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise ValueError(f"`{value}` is no day; write it as `2026-01-31`")


def _as_time(value: object) -> object:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and _TIME.fullmatch(value.strip()):
        return value.strip().rjust(5, "0")
    raise ValueError(f"`{value}` is no time of the day; write it as `09:00`")


Day = Annotated[date, BeforeValidator(_as_day)]
"""A day, as `2026-01-31`."""

# The format `time` of JSON Schema has seconds and a zone, which editors would ask for.
TimeOfDay = Annotated[
    time,
    BeforeValidator(_as_time),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}$"}),
]
"""A time of the day by the clock on the wall, as `09:00`."""
