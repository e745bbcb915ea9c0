"""The language of templates: Jinja in a sandbox, in which values are shown and never executed."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateRuntimeError,
    Undefined,
    UndefinedError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sopc.graph.currency import decimals_of

LARGEST = 1_000_000
"""How many characters a filled in text may have."""

_STRETCHING = frozenset({"center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"})
"""Methods of texts that make something huge out of a number."""


class TooLargeError(TemplateRuntimeError):
    """A text would be larger than any message or document ought to be."""


class _Missing(StrictUndefined):
    """A value that a template names and a run does not have."""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = None,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        super().__init__(hint or f"`{name}` is missing", obj, name, exc)


class TemplateLanguage(ImmutableSandboxedEnvironment):
    """Compiles templates; those of a folder may include each other.

    A value that is null counts as missing, and of an object, fields come before methods. Times are
    shown as the clocks of `zone` show them.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, folder: Path, *, html: bool, zone: str | None = None) -> None:
        super().__init__(
            loader=FileSystemLoader(folder),
            undefined=_Missing,
            autoescape=html,
            finalize=_shown,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.globals.pop("lipsum")
        for stretching in ("center", "format", "indent"):
            self.filters.pop(stretching)
        self.filters |= {"money": _money, "date": partial(_date, ZoneInfo(zone) if zone else None)}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may use an attribute."""
        if isinstance(obj, str) and attr in _STRETCHING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give what `obj.attribute` stands for."""
        if isinstance(obj, dict):
            value = obj.get(attribute)
            return self.undefined(obj=obj, name=attribute) if value is None else value
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give what `obj[argument]` stands for."""
        found = super().getitem(obj, argument)
        return self.undefined(obj=obj, name=str(argument)) if found is None else found

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Work out what could make something huge, unless it does."""
        if isinstance(left, str) and operator == "%":
            raise TooLargeError("texts are joined with `~`, not formatted with `%`")
        for one, other in ((left, right), (right, left)):
            if isinstance(one, str | list | tuple) and isinstance(other, int):
                if len(one) * other > LARGEST:
                    raise TooLargeError(f"it would have more than {LARGEST:,} characters")
                break
        else:
            if operator == "**" and (abs(left) > LARGEST or abs(right) > 100):  # noqa: PLR2004
                raise TooLargeError("a power in it is too large")
        return super().call_binop(context, operator, left, right)


def filled_in(template: Template, values: dict[str, Any]) -> str:
    """Fill in a template.

    Raises:
        TooLargeError: The text becomes too large.
        TemplateError: A value is missing, or the template is wrong.
    """
    known = {name: value for name, value in values.items() if value is not None}
    return "".join(_within_bounds(template.generate(known)))


def _within_bounds(pieces: Iterator[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > LARGEST:
            raise TooLargeError(f"it has more than {LARGEST:,} characters")
        yield piece


def _shown(value: Any) -> Any:
    """Give what stands in the text for a value; null stands for nothing that is known."""
    if value is None:
        raise TemplateRuntimeError("a value that it shows is null")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _money(amount: Any, currency: str) -> Any:
    """Give minor units as people write an amount: `150000 | money("USD")` is `1,500.00 USD`."""
    if isinstance(amount, Undefined):
        return amount
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise TemplateRuntimeError("an amount of money is no whole number of minor units")
    decimals = decimals_of(currency)
    return f"{Decimal(amount).scaleb(-decimals):,.{decimals}f} {currency}"


def _date(zone: ZoneInfo | None, moment: Any, form: str = "%d %B %Y") -> Any:
    """Give a date or a time in the form of `strftime`: `start | date("%A, %d %B")`."""
    if isinstance(moment, Undefined):
        return moment
    try:
        read = datetime.fromisoformat(moment)
        if zone is not None and read.tzinfo is not None:
            read = read.astimezone(zone)
    except (TypeError, ValueError, OverflowError):
        raise TemplateRuntimeError("a date or time in it is not in ISO 8601") from None
    return (read if "T" in moment else date(read.year, read.month, read.day)).strftime(form)
