"""Markers that people type before list items: bullets, numbers, letters, "Step 3:"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PATTERN = re.compile(
    r"""
      (?P<bullet>[•‣\u2043▪▫◦●○■□☐☑✓✔➢➤·])\s*
    | (?P<step>[Ss]tep|STEP)\s+(?P<count>\d{1,3})\s?[.:)\u2013\u2014-]\s+
    | (?P<number>\d{1,3}(?:\.\d{1,3})+[.)]?|\d{1,3}[.)])\s+
    | (?P<letter>[A-Za-z]|[ivx]{2,5}|[IVX]{2,5})(?P<after>[.)])\s+
    | \((?P<enclosed>[A-Za-z]|[ivx]{2,5}|\d{1,2})\)\s+
    """,
    re.VERBOSE,
)
_DASH = re.compile(r"([-*+\u2013])\s+(?=\S)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")

Reading = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Ordinal:
    """What may be an item's marker.

    Attributes:
        written: The marker as it stands in the text.
        length: The characters to drop from the text, blanks after the marker included.
        readings: Each way to read it, as a style and a number; "i." is a letter and a numeral.
        certain: True if it is a marker even when no neighbour continues it.
    """

    written: str
    length: int
    readings: tuple[Reading, ...]
    certain: bool

    @property
    def bullet(self) -> bool:
        """True for a marker without a number."""
        return self.readings[0][1] == ()


def ordinal(text: str) -> Ordinal | None:
    """Read the marker that a text begins with, if it begins with one and goes on after it."""
    match = _PATTERN.match(text)
    if match is None or match.end() == len(text):
        return None
    written, certain = match.group().rstrip(), True
    if match["bullet"]:
        readings: tuple[Reading, ...] = ((written, ()),)
    elif match["step"]:
        readings = (("step", (int(match["count"]),)),)
    elif number := match["number"]:
        parts = tuple(int(part) for part in number.rstrip(".)").split("."))
        readings = (("number)" if number.endswith(")") else "number", parts),)
        certain = parts == (1,)
    elif letter := match["letter"]:
        readings = _letter_readings(letter, match["after"])
        certain = False
    elif match["enclosed"].isdecimal():
        readings = (("(1)", (int(match["enclosed"]),)),)
    else:
        readings = _letter_readings(match["enclosed"], "()")
    return Ordinal(written, match.end(), readings, certain)


def dash(text: str) -> Ordinal | None:
    """Read the "-", "*", "+" or en dash that a line of plain text begins with."""
    match = _DASH.match(text)
    return Ordinal(match[1], match.end(), ((match[1], ()),), certain=True) if match else None


def depth(reading: Reading) -> Reading:
    """Reduce a reading to what the items of one list share: "1.0" is as deep as "1."."""
    style, number = reading
    while number and number[-1] == 0:
        number = number[:-1]
    return style, (len(number),)


def _letter_readings(letter: str, around: str) -> tuple[Reading, ...]:
    case = "A" if letter.isupper() else "a"
    readings = list[Reading]()
    if len(letter) == 1:
        readings.append((f"{case}{around}", (ord(letter.lower()) - ord("a") + 1,)))
    if letter.lower() in _ROMAN:
        readings.append((f"roman {case}{around}", (_ROMAN.index(letter.lower()) + 1,)))
    return tuple(readings)


def _follows(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Tell whether numbering goes on from one number to the other: 2 to 3, 1.2 to 2, 1 to 1.1."""
    if after[: len(before)] == before:
        return after[len(before) :] in {(0,), (1,)}
    for place, (a, b) in enumerate(zip(before, after, strict=False)):
        if a != b:
            return b == a + 1 and all(part <= 1 for part in after[place + 1 :])
    return False


def confirmed(ordinals: Sequence[tuple[Ordinal, bool]]) -> list[Reading | None]:
    """Decide for each marker candidate which reading of it holds, if any.

    "A. Smith approves" begins with an initial, "A. Allocate ..., B. Respond ..." with markers: one
    that is not certain by itself needs a neighbour of its style that it goes on to or from.

    Args:
        ordinals: The candidates in reading order, each with whether it begins a text; if a
            wrapped line may have put it where it stands, only a bullet is certain by itself.
    """
    chosen = list[Reading | None]([None] * len(ordinals))
    last = dict[str, tuple[int, tuple[int, ...]]]()
    for index, (candidate, _) in enumerate(ordinals):
        for style, number in candidate.readings:
            earlier = last.get(style)
            if earlier is not None and _follows(earlier[1], number):
                chosen[index] = chosen[index] or (style, number)
                chosen[earlier[0]] = chosen[earlier[0]] or (style, earlier[1])
            last[style] = (index, number)
    return [
        reading or (mark.readings[0] if mark.certain and (begins or mark.bullet) else None)
        for reading, (mark, begins) in zip(chosen, ordinals, strict=True)
    ]


def begins_text(before: str) -> bool:
    """Tell whether the line after `before` begins something: a sentence or clause ended there."""
    return not before or before.endswith((".", ":", ";", ",", "!", "?", " and", " or"))
