"""The inbox as text: a line for each task, and one task with everything needed to decide it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from sopc.graph import DataField
    from sopc_runtime.people.entry import Entry

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


def lines_of(entries: "Sequence[Entry]", at: datetime) -> Iterator[str]:
    """Give the list: number, when it is due, procedure or run, title, and who may decide."""
    from sopc.diagnostics.printable import printable

    alike = Counter((each.name, _titled(each)) for each in entries)
    elements = Counter((each.run, _titled(each)) for each in entries if "/" in each.step)
    table = [
        (
            str(each.number),
            due_in_words(each, at),
            # What is to be done in several runs is told apart by the run, elements by the step.
            (each.run if alike[each.name, _titled(each)] > 1 else each.name)
            + (f" {each.step}" if elements[each.run, _titled(each)] > 1 else ""),
            _titled(each),
            _who(each),
        )
        for each in entries
    ]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield printable("  ".join([*cells, row[4]]))


def due_in_words(entry: "Entry", at: datetime) -> str:
    """Say how long there is, or how late it is."""
    if entry.due is None:
        return "no deadline"
    left = entry.due - at
    return f"{_length(-left)} late" if left < timedelta() else f"in {_length(left)}"


def whole(entry: "Entry", at: datetime) -> Iterator[str]:
    """Give everything about one task."""
    from sopc.diagnostics.printable import printable

    return (printable(line) for line in _whole(entry, at))


def _whole(entry: "Entry", at: datetime) -> Iterator[str]:
    yield f"task {entry.number}, {entry.kind}: {entry.title}"
    yield f"  {entry.asks}"
    yield f"  procedure {entry.name}, run {entry.run}, step {entry.step}"
    if entry.sentence is not None:
        place = f" ({entry.source or 'prose'}:{entry.line})" if entry.line else ""
        yield f"  the prose says{place}: “{entry.sentence}”"
    for condition in entry.conditions:
        yield f"  mind: {condition}"
    yield from _data(entry)
    yield f"  opened {_moment(entry.opened, entry)}"
    if entry.status == "open":
        yield from _waiting(entry, at)
    else:
        by = f" by {entry.decided_by}" if entry.decided_by else ""
        when = f" {_moment(entry.decided, entry)}" if entry.decided else ""
        choice = f" `{entry.choice}`" if entry.choice else ""
        yield f"  {entry.status}{choice}{by}{when}" + (f": {entry.reason}" if entry.reason else "")


def _data(entry: "Entry") -> Iterator[str]:
    typed = {
        "inputs": {each.name: each for each in entry.inputs},
        "values": {each.name: each for each in entry.values},
    }
    for name, value in entry.shown.items():
        if isinstance(value, dict) and value:
            yield f"  {name}:"
            yield from _nested(value, "    ", typed.get(name, {}))
        elif value not in ({}, [], None):
            yield f"  {name}: {_value(value)}"


def _nested(values: dict[str, Any], indent: str, typed: "dict[str, DataField]") -> Iterator[str]:
    from sopc_runtime.people.value_text import written

    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{name}:"
            yield from _nested(value, f"{indent}  ", {})
            continue
        first, *rest = written(typed.get(name), value).split("\n")
        yield f"{indent}{name}: {first}"
        # The lines of a text are told from the names beside it.
        yield from (f"{indent}| {line}" for line in rest)


def _waiting(entry: "Entry", at: datetime) -> Iterator[str]:
    if entry.due is not None:
        late = "  OVERDUE" if entry.overdue else ""
        yield f"  due {_moment(entry.due, entry)}, {due_in_words(entry, at)}{late}"
    if entry.then is not None:
        yield f"  until it is decided: {entry.then}"
    for rung in entry.escalated:
        to = f" to {rung.to}" if rung.to else ""
        yield f"  escalated{to} {_moment(rung.at, entry)}: {rung.says} ({rung.why})"
    if entry.assignee is not None:
        yield f"  delegated to {entry.assignee}"
    if entry.requester is not None:
        yield f"  started by {entry.requester}"
    yield f"  {entry.who}"
    for choice in entry.choices:
        yield f"  {command_for(entry, choice.id)}: {choice.says}"
    for field in entry.editable:
        yield f"  may be changed with --set {field.name}=VALUE"


def command_for(entry: "Entry", choice: str) -> str:
    """Give the command that takes one of a task's choices."""
    from sopc_runtime.people.command import command

    return command(entry.number, choice, entry.kind, entry.fields, entry.choices)


def with_article(noun: str) -> str:
    """Write `an approval`, `a question`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _titled(entry: "Entry") -> str:
    mark = " (escalated)" if entry.escalated else ""
    return f"{entry.kind}: {entry.title}{mark}"


def _who(entry: "Entry") -> str:
    if entry.assignee is not None:
        return entry.assignee
    names = list(dict.fromkeys(each.name for each in entry.deciders))
    if names:
        return ", ".join(names)
    return f"anybody ({', '.join(entry.roles)})" if entry.roles else "anybody"


def _value(value: Any) -> str:
    from sopc_runtime.people.value_text import written

    return written(None, value)


def _moment(at: datetime, entry: "Entry") -> str:
    zone = ZoneInfo(entry.zone) if entry.zone else UTC
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _length(length: timedelta) -> str:
    units = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (_SECOND, "s"))
    for (unit, name), (part, lesser) in pairwise(units):
        if length >= unit:
            # An hour and a minute before the end of two hours is not told as one hour.
            rest = length % unit // part
            more = f" {rest} {lesser}" if rest and unit > _MINUTE else ""
            return f"{length // unit} {name}{more}"
    return f"{length // _SECOND} s"
