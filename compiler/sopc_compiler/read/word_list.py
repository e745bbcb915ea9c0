"""The numbering of a Word document, which stands apart from its paragraphs."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

_ROMAN = [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    pattern: str
    start: int


class WordLists:
    """Counts the numbered paragraphs of a document, in order."""

    def __init__(self, document: Any) -> None:
        self._levels = dict[str, dict[int, _Level]]()
        self._counts = dict[str, Counter[int]]()
        try:
            root = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
        except KeyError:  # a document without lists
            return
        abstract = {
            each.get(qn("w:abstractNumId")): _levels(each)
            for each in root.iterfind(qn("w:abstractNum"))
        }
        for number in root.iterfind(qn("w:num")):
            below = number.find(qn("w:abstractNumId"))
            known = abstract.get(_value(below), {})
            self._levels[number.get(qn("w:numId"), "")] = known

    def marker(self, list_id: str, depth: int) -> str:
        """Count a paragraph of a list, `depth` from 0, and give what Word shows before it."""
        levels = self._levels.get(list_id, {})
        counts = self._counts.setdefault(list_id, Counter())
        for deeper in [place for place in counts if place > depth]:
            del counts[deeper]
        level = levels.get(depth, _Level("bullet", "", 1))
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        if level.format in {"bullet", "none"}:
            return "-"
        marker = level.pattern
        for place in range(min(depth + 1, len(levels))):
            shown = levels.get(place, level)
            number = _figure(counts.get(place, shown.start), shown.format)
            marker = marker.replace(f"%{place + 1}", number)
        return marker.strip() or "-"


def _levels(abstract: Any) -> dict[int, _Level]:
    found = dict[int, _Level]()
    for level in abstract.iterfind(qn("w:lvl")):
        parts = [level.find(qn(f"w:{name}")) for name in ("numFmt", "lvlText", "start")]
        kind, pattern, start = map(_value, parts)
        place = level.get(qn("w:ilvl"), "")
        if place.isdecimal():
            first = int(start) if start.isdecimal() else 1
            found[int(place)] = _Level(kind, pattern, first)
    return found


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(qn("w:val"), ""))


def _figure(number: int, kind: str) -> str:
    """Write a number as a letter, a roman numeral or in figures."""
    if kind in {"lowerLetter", "upperLetter"}:
        shown = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif kind in {"lowerRoman", "upperRoman"}:
        shown = ""
        for value, letters in _ROMAN:
            shown += letters * (number // value)
            number %= value
    else:
        return str(number)
    return shown.upper() if kind.startswith("upper") else shown
