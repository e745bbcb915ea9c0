"""Accepting a finding: an entry of the graph's `suppressions`, whose reason is left to a person."""

from collections.abc import Iterable

from sopc.diagnostics import Finding, TextEdit
from sopc.graph.file import LoadedGraph, loads_graph
from sopc.graph.problem import GraphFileError
from sopc.graph.scalar import written
from sopc.graph.span import Node
from sopc.rules import GraphRule, rule_named
from sopc.rules.part import procedure_of

_BEHIND = ("signoffs", "passages")
_INDENT = 2


def acceptance(
    loaded: LoadedGraph, finding: Finding, findings: Iterable[Finding]
) -> TextEdit | None:
    """Give the edit that accepts one of a graph's findings; None where it cannot be accepted.

    The entry has a `reason:` with nothing behind it, which is a finding itself (SOP007) until
    somebody writes one.
    """
    if finding.unread or not isinstance(rule_named(finding.code), GraphRule):
        return None
    edit = _edit(loaded, _entry(loaded, finding, findings))
    if edit is None:
        return None
    text = loaded.text[: edit.start] + edit.text + loaded.text[edit.end :]
    try:
        after = loads_graph(text).graph.suppressions
    except GraphFileError:
        return None
    return edit if len(after) == len(loaded.graph.suppressions) + 1 else None


def _entry(loaded: LoadedGraph, finding: Finding, findings: Iterable[Finding]) -> list[str]:
    """Give the lines of an entry, as narrow as can be said in words that people read."""
    lines = [f"rule: {written(finding.rule)}"]
    graph = loaded.graph
    alike = [each for each in findings if each.code == finding.code and each.step == finding.step]
    if finding.step is not None:
        owners = [
            each.id
            for each in graph.procedures
            if any(step.id == finding.step for step in each.steps)
        ]
        own = procedure_of(graph, finding.primary.at)
        if own is not None and len(owners) > 1:
            lines.append(f"procedure: {written(own.id)}")
        lines.append(f"step: {written(finding.step)}")
    if finding.step is None or len(alike) > 1:
        lines.append(f"fingerprint: {written(finding.fingerprint)}")
    return [*lines, "reason:"]


def _edit(loaded: LoadedGraph, entry: list[str]) -> TextEdit | None:
    root, text = loaded.spans.root, loaded.text
    items = root.items or {}
    if root.style == "flow" or not items:
        return None
    held = items.get("suppressions")
    if held is None:
        block = "suppressions:\n" + _block(entry, _INDENT)
        behind = [items[key].start for key in _BEHIND if key in items]
        if behind:
            place = min(behind)
            return TextEdit(place, place, block)
        return _behind_all(text, block)
    elements = held.node.elements
    if elements and held.node.style != "flow":
        indent = _indent(text, elements[0])
        place = min(_line_start(text, elements[0].start), elements[0].start)
        return TextEdit(place, place, _block(entry, indent)) if indent is not None else None
    if elements:
        return None
    # An empty list, as `suppressions: []`.
    after = text.find("\n", held.node.end)
    end = len(text) if after < 0 else after
    return TextEdit(held.start, end, "suppressions:\n" + _block(entry, _INDENT).rstrip("\n"))


def _behind_all(text: str, block: str) -> TextEdit:
    start = "" if text.endswith("\n") else "\n"
    return TextEdit(len(text), len(text), start + block)


def _block(entry: list[str], indent: int) -> str:
    first, *others = entry
    dash, room = " " * indent + "- ", " " * (indent + 2)
    return "".join([f"{dash}{first}\n", *(f"{room}{line}\n" for line in others)])


def _indent(text: str, element: Node) -> int | None:
    """Give how far the dash of a list's first element is indented; None if it is elsewhere."""
    start = _line_start(text, element.start)
    before = text[start : element.start]
    dash = before.find("-")
    return dash if dash >= 0 and not before.replace("-", "").strip(" ") else None


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1
