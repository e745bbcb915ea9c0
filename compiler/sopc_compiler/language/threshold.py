"""Thresholds in conditions: amounts of money and numbers of days, as CEL over a named value."""

import re
from dataclasses import dataclass

from sopc.graph import DataField, DataType

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_MONEY = (
    r"(?:(?P<sign>[$€£¥])\s*(?P<a>\d[\d,]*(?:\.\d{1,2})?)(?P<k>k\b)?"
    r"|(?P<b>\d[\d,]*(?:\.\d{1,2})?)\s*(?P<code>(?:US\s+)?dollars|euros?\b|pounds|USD|EUR\b|GBP|CAD|AUD|CHF|JPY))"
)
_MONEY_PLAIN = (
    r"(?:[$€£¥]\s*\d[\d,.]*k?|\d[\d,.]*\s*(?:USD|euros?|EUR|GBP|CAD|AUD|CHF|JPY|dollars|pounds))"
)
_COMPARE = (
    (">", r"over|above|more\s+than|greater\s+than|in\s+excess\s+of|exceed(?:s|ing)?|higher\s+than"),
    (">=", r"at\s+least|no\s+less\s+than|from|minimum\s+of"),
    ("<=", r"up\s+to|at\s+most|no\s+more\s+than|not\s+more\s+than|maximum\s+of"),
    ("<", r"under|below|less\s+than|lower\s+than|smaller\s+than"),
)
_OPERATORS = "|".join(f"(?P<o{rank}>{words})" for rank, (_, words) in enumerate(_COMPARE))
_PHRASE = re.compile(
    rf"(?P<subject>(?:[\w'’-]+\s+){{0,6}}?)(?:(?:is|are|was|costs?|totals?|of)\s+)?(?:{_OPERATORS})\s+{_MONEY}",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    rf"(?P<subject>(?:[\w'’-]+\s+){{0,6}}?)(?:of\s+)?{_MONEY}\s+or\s+(?P<dir>more|less|above|below|over|under)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"^(?P<first>.*?{_MONEY_PLAIN})\s+(?:and|but)\s+(?P<second>.*{_MONEY_PLAIN})$", re.IGNORECASE
)
_OVERDUE = re.compile(
    rf"(?:(?:{_OPERATORS})\s+)(?P<days>\d+)\s+(?P<unit>days?|hours?|weeks?|months?)\s+(?P<state>overdue|past\s+due|late|old)",
    re.IGNORECASE,
)
_FILLER = frozenset(
    """
    if when unless for all any the a an of is are with which that whose and or where your their its
    this requires required purchasing purchase only it in on to each every has have been
    """.split()
)
_ANOTHER = re.compile(r"\b(?:or|but|then|not|n['’]t)\b", re.IGNORECASE)
"""Words that show another condition before the figures."""
_JOINED = re.compile(r"\band\s+(?:the|a|an|its|their|your|if|it|they|is|are)\b", re.IGNORECASE)
_NEGATED = re.compile(r"^\s*unless\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison as CEL, and the value that it reads; money is in minor units."""

    cel: str
    field: DataField


def threshold(words: str) -> Threshold | None:
    """Read the comparison that a condition states in figures, else None.

    The value's name is made of the condition's own words: "the refund amount is over $500" reads
    `refund_amount > 50000`.
    """
    words = words.strip(" .,;:")
    negated = _NEGATED.match(words) is not None
    found = _comparison(_NEGATED.sub("", words).strip())
    return Threshold(f"!({found.cel})", found.field) if found and negated else found


def _comparison(words: str) -> Threshold | None:
    both = _RANGE.match(words)
    if both is None:
        return _single(words)
    low, high = _single(both["first"]), _single(both["second"])
    if low is None or high is None or low.field.currency != high.field.currency:
        return None
    second = high.cel.replace(high.field.name, low.field.name, 1)
    return Threshold(f"{low.cel} && {second}", low.field)


def _single(words: str) -> Threshold | None:
    """Read one comparison, provided that the words hold nothing else."""
    late = _OVERDUE.search(words)
    if late and late.end() == len(words):
        unit = late["unit"].lower().rstrip("s") + "s"
        name = f"{unit}_{late['state'].lower().replace(' ', '_')}"
        return _compared(name, _operator(late), int(late["days"]), None)
    match = _PHRASE.search(words) or _OR_MORE.search(words)
    if match is not None and _another(match["subject"] or ""):
        return None
    if match is None or match.end() < len(words) or not _only_filler(words[: match.start()]):
        return None
    value, currency = _minor_units(match)
    direction = match.groupdict().get("dir")
    if direction is None:
        operator = _operator(match)
    else:
        operator = ">=" if direction.lower() in {"more", "above", "over"} else "<="
    return _compared(_name(match["subject"] or ""), operator, value, currency)


def _another(subject: str) -> bool:
    """Tell whether the words before the figures hold a condition of their own.

    "taxes and shipping costs" is one thing; "the client agrees and the order is" is two.
    """
    return _ANOTHER.search(subject) is not None or _JOINED.search(subject) is not None


def _only_filler(words: str) -> bool:
    return all(word in _FILLER for word in re.findall(r"[a-z]+", words.lower()))


def _operator(match: re.Match[str]) -> str:
    return next(sign for rank, (sign, _) in enumerate(_COMPARE) if match[f"o{rank}"])


def _compared(name: str, operator: str, value: int, currency: str | None) -> Threshold:
    cel = f"{name} {operator} {value}"
    kind = DataType.INTEGER if currency is None else DataType.MONEY
    return Threshold(cel, DataField(name=name, type=kind, currency=currency))


def _minor_units(match: re.Match[str]) -> tuple[int, str]:
    if match["sign"]:
        currency, figure = _SIGNS[match["sign"]], match["a"]
    else:
        code = match["code"].upper().split()[-1]
        currency = {"DOLLARS": "USD", "EUROS": "EUR", "EURO": "EUR", "POUNDS": "GBP"}.get(
            code, code
        )
        figure = match["b"]
    amount = float(figure.replace(",", "").rstrip(".")) * (1000 if match["k"] else 1)
    return round(amount * (1 if currency == "JPY" else 100)), currency


def _name(subject: str) -> str:
    kept = [word for word in re.findall(r"[a-z]+", subject.lower()) if word not in _FILLER]
    return "_".join(kept[-3:]) or "amount"
