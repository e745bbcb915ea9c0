"""Public holidays, as the `holidays` library knows them; it is imported only where they count."""

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sopc.organization.calendar import Holidays

_LISTED = 12


def country_problem(country: str) -> tuple[str, str] | None:
    """Say what is wrong with the code of a country, and the change; None if it is known."""
    import holidays

    if _code_of(country) == country:
        return None
    message = f"no public holidays are known for a country `{country}`"
    # The library has its countries under their names and other codes, too.
    words = re.findall(r"\w+", country)
    called = ("".join(words).upper(), "".join(word.title() for word in words))
    code = next(filter(None, map(_code_of, called)), None)
    if code is not None:
        return message, f"its code is `{code}`"
    codes = [code for code in holidays.list_supported_countries() if _code_of(code) == code]
    near = difflib.get_close_matches(country, codes, n=5, cutoff=0.5)
    listed = f"codes that look like it are {_all(near)}; " if near else ""
    return message, listed + "write two letters of ISO 3166, or leave it out and list `dates`"


def _code_of(name: str) -> str | None:
    import holidays

    code = getattr(getattr(holidays, name, None), "country", None)
    return code if isinstance(code, str) else None


def subdivision_problem(country: str, subdivision: str) -> tuple[str, str] | None:
    """Say what is wrong with a part of a known country, and the change; None if it is known."""
    import holidays

    entity: Any = getattr(holidays, country)
    named: Mapping[str, str] = entity.subdivisions_aliases
    choices = [*entity.subdivisions, *named]
    if subdivision in choices:
        return None
    message = f"`{country}` has no subdivision `{subdivision}`"
    if not choices:
        return message, "leave `subdivision` out; the country's holidays hold everywhere"
    by_fold = {choice.casefold(): choice for choice in choices}
    near = difflib.get_close_matches(subdivision.casefold(), by_fold, n=3)
    if near:
        return message, f"the nearest are {_all([by_fold[each] for each in near])}"
    if len(entity.subdivisions) <= _LISTED:
        return message, f"its subdivisions are {_all(sorted(entity.subdivisions))}"
    return message, f"write its code of ISO 3166-2, as `{min(entity.subdivisions, key=_plainness)}`"


def _plainness(code: str) -> tuple[int, str]:
    return len(code), code


def holiday_name(off: Holidays | None, day: date) -> str | None:
    """Give what a day off is called; None if it is no day off."""
    if off is None:
        return None
    name = _public(off.country, off.subdivision).get(day) if off.country else None
    return name or ("day off" if day in off.dates else None)


def next_holidays(off: Holidays, after: date) -> Iterator[tuple[date, str]]:
    """Give the days off from a day on, that day included, to the end of the next year."""
    years = (after.year, min(after.year + 1, date.max.year))
    found = dict.fromkeys(off.dates, "day off")
    if off.country:
        public = _public(off.country, off.subdivision)
        for year in years:
            public.get(date(year, 1, 1))
        found |= public
    yield from sorted(
        (day, name) for day, name in found.items() if day >= after and day.year in years
    )


@lru_cache(maxsize=64)
def _public(country: str, subdivision: str | None) -> "Mapping[date, str]":
    """Give a country's holidays; the mapping fills itself with a year when that is asked for."""
    import holidays

    # Without a language, the names would be in that of the machine.
    return holidays.country_holidays(country, subdiv=subdivision, language="en_US")


def _all(choices: list[str]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices)
