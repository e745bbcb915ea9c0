"""How single values stand in the file: words are words to every reader, numbers are numbers.

They are read by YAML 1.2's core schema. Other readers follow YAML 1.1 and take more for numbers,
truths and dates (`no`, `09:00`, `012`), so words that either would misread are quoted.
"""

import re

Scalar = str | int | float | bool | None

_NAMED: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

_AMBIGUOUS = re.compile(
    r"(?:~|null|true|false|yes|no|y|n|on|off|<<|=|[-+]?\.inf|\.nan"
    r"|[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+)"
    r"|[-+]?[0-9][0-9_,]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[-+]?(?:\.[0-9_]+|[0-9][0-9_,]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?"
    r"|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[t\s].*)?)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=](?:.*[^\s:])?")
_PLAIN_BREAKERS = re.compile(r": | #|\t")
_FLOW_BREAKERS = re.compile(r"[,\[\]{}:?#]")

# Line ends of YAML 1.1, controls, and marks that change the order of what a reviewer sees.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}

LARGEST = 2**63
"""Integers lie below it in size: 64 bits, as CEL has them."""


def resolve(text: str) -> Scalar:
    """Give the value of a plain (unquoted) scalar.

    Raises:
        ValueError: It is an integer beyond 64 bits.
    """
    if text in _NAMED:
        return _NAMED[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _integer(text: str) -> int:
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    digits = text if base == 10 else text[2:]  # noqa: PLR2004  # ten is the base of plain digits
    number = int(digits, base) if len(digits) < 40 else LARGEST  # noqa: PLR2004  # cheap to convert
    if abs(number) >= LARGEST:
        raise ValueError("a number beyond 64 bits")
    return number


def written(value: Scalar, *, flow: bool = False) -> str:
    """Give the one line that a value is written as, inside a flow collection or outside."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value) if _needs_quotes(value, flow=flow) else value
    if isinstance(value, float):
        return _float(value)
    return str(value)


def is_hidden(text: str) -> bool:
    """Tell whether a text holds characters that are only written as escapes."""
    return _HIDDEN.search(text) is not None


def _needs_quotes(text: str, *, flow: bool) -> bool:
    return (
        _PLAIN.fullmatch(text) is None
        or _PLAIN_BREAKERS.search(text) is not None
        or _AMBIGUOUS.fullmatch(text) is not None
        or is_hidden(text)
        or (flow and _FLOW_BREAKERS.search(text) is not None)
    )


def _quoted(text: str) -> str:
    if ('"' in text or "\\" in text) and not is_hidden(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _HIDDEN.match(character):
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004  # a byte
    return character


def _float(value: float) -> str:
    text = repr(value)
    if text.endswith(("inf", "nan")):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    mantissa, exponent, power = text.partition("e")
    return mantissa + ("" if "." in mantissa else ".0") + exponent + power
