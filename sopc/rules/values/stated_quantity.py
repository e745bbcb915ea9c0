"""Amounts of money and spans of time as people write them in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_DOLLARS = frozenset(
    "AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD LRD MXN NAD NZD SGD TTD TWD USD XCD".split()  # noqa: SIM905  # codes read best as words
)
_SIGNS = {
    "$": _DOLLARS,
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "GIP", "SHP", "FKP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "dollar": _DOLLARS,
    "euro": frozenset({"EUR"}),
    "pound": frozenset({"GBP", "EGP", "GIP", "SHP", "FKP"}),
    "yen": frozenset({"JPY"}),
}
_CODES = "AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|INR|JPY|KRW|MXN|NOK|NZD|PLN|SEK|SGD|USD|ZAR"
_TIMES = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
_NUMBER = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_MONEY = re.compile(
    rf"""
    (?:(?P<sign>[$€£¥₹])|\b(?P<code>{_CODES}))\s?(?P<number>{_NUMBER})
      (?:\s?(?P<times>k|m|thousand|million|billion)\b)?
    | (?<![\w.,])(?P<number2>{_NUMBER})(?:\s?(?P<times2>k|m|thousand|million|billion)\b)?
      \s?(?:(?P<sign2>[€£¥₹])|(?P<code2>{_CODES})\b|(?P<name>dollar|euro|pound|yen)s?\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
        1,
    )
}
_SPAN = re.compile(
    rf"(?<![\w.,])(?P<number>\d+(?:\.\d+)?|{'|'.join(_WORDS)})[\s-]"
    r"(?:(?:business|working|calendar|full)\s)?"
    r"(?P<unit>second|minute|hour|day|week|month|quarter|year)s?\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w.,$€£¥₹#%/:+-])(?<![$€£¥₹#%]\s)(?:\d{1,3}(?:,\d{3})+|\d+)"
    r"(?=\s*(?:$|[;)!?]|[.,](?!\d)|(?:and|or|but)\b))",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")


@dataclass(frozen=True, slots=True)
class Stated:
    """A quantity in words.

    Attributes:
        words: As it is written.
        number: The number that is written, without its unit.
        values: What it comes to in major units or in `unit`; two where a point may stand for
            thousands.
        currencies: Those that it may be in; none where it is no money.
        unit: The unit of time; empty where it is money.
    """

    words: str
    number: Decimal
    values: tuple[Decimal, ...]
    currencies: frozenset[str] = frozenset()
    unit: str = ""


def stated_money(words: str) -> Iterator[Stated]:
    """Give the amounts of money that words name."""
    for match in _MONEY.finditer(words):
        written = match["number"] or match["number2"]
        sign = match["sign"] or match["sign2"] or (match["name"] or "").lower()
        code = (match["code"] or match["code2"] or "").upper()
        times = _TIMES.get((match["times"] or match["times2"] or "").lower(), 1)
        number = Decimal(re.sub(r"[^\d.]", "", written))
        values = [number * times]
        if _THOUSANDS.fullmatch(written):
            values.append(Decimal(written.replace(".", "")) * times)
        currencies = frozenset({code}) if code else _SIGNS[sign]
        yield Stated(match[0].strip(), number, tuple(values), currencies)


def stated_numbers(words: str) -> Iterator[Stated]:
    """Give the numbers that nothing follows which they could be of, as in "over 500"."""
    for match in _BARE.finditer(words):
        number = Decimal(match[0].replace(",", ""))
        yield Stated(match[0], number, (number,))


def stated_spans(words: str) -> Iterator[Stated]:
    """Give the spans of time that words name, each in its own unit."""
    for match in _SPAN.finditer(words):
        written = match["number"].lower()
        number = Decimal(_WORDS.get(written, 0) or written)
        yield Stated(match[0], number, (number,), unit=match["unit"].lower())
