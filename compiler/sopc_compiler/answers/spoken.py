"""Short texts that people write into answers: durations, bounds, rungs, triggers.

Each function turns a text into the fields that the mapping form has, or raises a `ValueError` that
says what can be written.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError
from pydantic import TypeAdapter, ValidationError

from sopc.graph.duration import Duration
from sopc.organization import is_time_zone

_DURATION: TypeAdapter[str] = TypeAdapter(Duration)
_LENGTH = re.compile(
    r"^(?P<count>an?|one|[1-9][0-9]{0,3}) (?P<business>(?:business|working) )?"
    r"(?P<unit>minute|hour|day|week|month|year)s?$",
    re.IGNORECASE,
)
_ISO = {
    "minute": "PT{}M",
    "hour": "PT{}H",
    "day": "P{}D",
    "week": "P{}W",
    "month": "P{}M",
    "year": "P{}Y",
}
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_CLOCK = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_POINT = re.compile(
    rf"^(?:{_CLOCK}|{_WEEKDAY}(?: {_CLOCK})?"
    r"|(?:end|start) of (?:(?:business )?day|week|month|quarter|year)"
    r"|day [1-9][0-9]? of the (?:week|month|quarter|year)|[0-9]{4}-[0-9]{2}-[0-9]{2})$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"^(?P<length>.+?) (?P<relation>before|after|of|from) (?P<of>.+)$")
_RUNG = re.compile(
    r"^(?:after (?P<after>.+?),? to |to )?(?P<to>.+?)(?:,? via (?P<via>.+))?$", re.IGNORECASE
)
_RUNG_FIRST = re.compile(
    r"^(?:to )?(?P<to>.+?)(?:,? via (?P<via>.+?))?,? after (?P<after>.+?)(?:,? via (?P<by>.+))?$",
    re.IGNORECASE,
)
_RETRY = re.compile(r"^(?P<times>[1-9][0-9]*)(?: times?)?(?:,? (?:every|after) (?P<delay>.+))?$")
_CRON = re.compile(r"^(?:[0-9*/,\-?L#A-Z]+ ){4}[0-9*/,\-?L#A-Z]+$")
_ASKED = re.compile(r"^request(?: by (?P<by>.+))?$", re.IGNORECASE)
_LENGTHS = "`4 hours`, `2 business days` or `PT4H`"
_POINTS = "`17:00`, `friday 12:00`, `end of business day`, `day 20 of the month` or `2026-12-31`"


def duration(text: str) -> str:
    """Read a length of time: ISO 8601, business time, or as `4 hours`."""
    words = " ".join(text.split())
    said = _LENGTH.match(words)
    if said:
        count = "1" if said["count"].lower() in {"a", "an", "one"} else said["count"]
        unit = said["unit"].lower()
        words = f"{count} business {unit}" if said["business"] else _ISO[unit].format(count)
    try:
        return _DURATION.validate_python(words)
    except ValidationError:
        raise ValueError(f"`{text}` is no length of time; write {_LENGTHS}") from None


def deadline(text: str) -> dict[str, object]:
    """Read `4 hours`, `2 business days before the start date`, `by 17:00`, `end of week`."""
    words = " ".join(text.split())
    point = words.removeprefix("by ")
    if _POINT.match(point):
        return {"says": f"by {point}", "by": point.lower()}
    counted = _counted(words.removeprefix("within "))
    if counted is None:
        raise ValueError(f"`{text}` is no deadline; write {_LENGTHS}, or by when: {_POINTS}")
    length, rest = counted
    says = words if rest or words.startswith("within ") else f"within {words}"
    return {"says": says, "within": length, **rest}


def delay(text: str) -> dict[str, object]:
    """Read `3 days`, `1 hour after the call`, `until 09:00`."""
    words = " ".join(text.split())
    point = words.removeprefix("until ")
    if _POINT.match(point):
        return {"says": words, "until": point.lower()}
    counted = _counted(words)
    if counted is None:
        raise ValueError(f"`{text}` is no delay; write {_LENGTHS}, or until when: {_POINTS}")
    length, rest = counted
    return {"says": words, "wait": length, **rest}


def cadence(text: str) -> dict[str, object]:
    """Read `every 2 days`, `every Monday at 9:00` or cron."""
    words = " ".join(text.split())
    try:
        return {"says": words, "every": duration(words.removeprefix("every "))}
    except ValueError:
        with suppress(ValueError):
            return {"says": words, "schedule": cron(words)}
    raise ValueError(
        f"`{text}` is no cadence; write `every 2 days`, `every monday at 9:00` or cron"
    )


def retry(text: str) -> dict[str, object]:
    """Read `2 times every 30 minutes`."""
    words = " ".join(text.split())
    said = _RETRY.match(words)
    if said is None:
        raise ValueError(f"`{text}` is no retry; write for example `2 times every 30 minutes`")
    found: dict[str, object] = {"says": words, "times": int(said["times"])}
    return found | ({"delay": duration(said["delay"])} if said["delay"] else {})


def rung(text: str) -> dict[str, object]:
    """Read `operations manager`, `after 4 hours to the director via Slack`, `X after 4 hours`."""
    words = " ".join(text.split())
    first = None if words.lower().startswith("after ") else _RUNG_FIRST.match(words)
    said = first or _RUNG.match(words)
    if said is None:
        raise ValueError("an escalation names whom to turn to, as `after 4 hours to the manager`")
    found: dict[str, object] = {"says": words, "to": said["to"]}
    if said["after"]:
        found["after"] = duration(said["after"])
    via = said["via"] or (first["by"] if first else None)
    return found | ({"via": via} if via else {})


def cron(text: str) -> str:
    """Read five cron fields, or a schedule with its time of day, as `every Monday at 9:00`."""
    words = " ".join(text.split())
    fields: str | None = words
    if not _CRON.match(words):
        from sopc_compiler.language.time_value import cron as read_schedule

        fields = read_schedule(words)
    try:
        CronSim(fields or "", datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError:
        raise ValueError(
            f"`{text}` is no schedule; write `every monday at 9:00`, or cron, as `0 9 * * 1`"
        ) from None
    return fields or ""


def time_zone(text: str) -> str:
    """Read the name of a time zone."""
    if is_time_zone(text.strip()):
        return text.strip()
    raise ValueError(f"`{text}` is no IANA time zone; write one as `Europe/Berlin`")


def trigger(text: str) -> dict[str, object]:
    """Read `request by ROLE`, `every Monday at 9:00 Europe/Madrid`, or an event in words."""
    words = " ".join(text.split())
    if asked := _ASKED.match(words):
        return {"says": words, "kind": "request", "by": asked["by"]}
    schedule, _, zone = words.rpartition(" ")
    zoned = is_time_zone(zone)
    with suppress(ValueError):
        fields = cron(schedule if zoned else words)
        found: dict[str, object] = {"says": words, "kind": "schedule", "cron": fields}
        return found | ({"time_zone": zone} if zoned else {})
    return {"says": words, "kind": "event", "event": words}


def _counted(words: str) -> tuple[str, dict[str, object]] | None:
    said = _COUNTED.match(words)
    try:
        if said is None:
            return duration(words), {}
        rest: dict[str, object] = {"of": said["of"]}
        if said["relation"] == "before":
            rest["relation"] = "before"
        return duration(said["length"]), rest
    except ValueError:
        return None
