"""Lengths of time: ISO 8601 durations, and business time on the organization's calendar."""

import re
from typing import Annotated

import isodate
from pydantic import AfterValidator

_BUSINESS = re.compile(r"^(?P<count>[1-9][0-9]{0,3}) business (?P<unit>minute|hour|day|week)s?$")


def _checked(text: str) -> str:
    business = _BUSINESS.match(text)
    if business:
        plural = "" if business["count"] == "1" else "s"
        return f"{business['count']} business {business['unit']}{plural}"
    try:
        isodate.parse_duration(text)
    except (isodate.ISO8601Error, ValueError, OverflowError, TypeError):
        raise ValueError(
            f"`{text}` is no duration; write ISO 8601, as `PT4H` or `P2D`, "
            "or business time, as `5 business days`"
        ) from None
    return text


Duration = Annotated[str, AfterValidator(_checked)]
"""`PT4H`, `P2D`, `P1M` (ISO 8601) or `5 business days`, `1 business hour`."""


def is_business(duration: str) -> bool:
    """Tell whether a duration counts on the organization's calendar rather than on the clock."""
    return _BUSINESS.match(duration) is not None
