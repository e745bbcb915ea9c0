"""Changes of a graph file's text: one value put or dropped, everything else left as it stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sopc.graph.scalar import Scalar, written
from sopc.graph.span import Entry, Node, Path, SpanIndex

_TO_DASH = re.compile(r"(?:[ \t\n]|(?<=[ \t\n])#[^\n]*)*")
"""Blanks, line ends and comments: what may stand between two elements of a list."""

Value = Scalar | dict[str, Scalar] | list[Scalar]
"""What can be put into a file: a single value, or a collection of them on one line."""


@dataclass(frozen=True)
class Put:
    """Give the place `path` a value, in place of the one that it has or as a new last key."""

    path: Path
    value: Value


@dataclass(frozen=True)
class Drop:
    """Take the key or the element at `path` out of the file, and its comment on the same line."""

    path: Path


Change = Put | Drop

Edit = tuple[int, int, str]
"""Offsets of the first code point and behind the last one, and what takes their place."""


def edits(text: str, spans: SpanIndex, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """Give changes as edits of a text, sorted.

    Raises:
        KeyError: A change is about a place that is not in the file.
    """
    return tuple(sorted(_edit(text, spans.root, change) for change in changes))


def _edit(text: str, root: Node, change: Change) -> Edit:
    if isinstance(change, Drop):
        return _dropped(text, root, change.path)
    parent, last = _node(root, change.path[:-1]), change.path[-1]
    if parent.items is None or last in parent.items:
        node = _node(root, change.path)
        value = _value(change.value, flow=_in_flow(root, change.path))
        return _replaced(text, node, (parent.items or {}).get(str(last)), value)
    return _added(text, parent, str(last), change.value)


def _node(root: Node, path: Path) -> Node:
    node = root
    for step in path:
        if isinstance(step, str) and node.items is not None and step in node.items:
            node = node.items[step].node
        elif isinstance(step, int) and node.elements is not None and step < len(node.elements):
            node = node.elements[step]
        else:
            raise KeyError(path)
    return node


def _in_flow(root: Node, path: Path) -> bool:
    return any(_node(root, path[:depth]).style == "flow" for depth in range(len(path)))


def _replaced(text: str, node: Node, entry: Entry | None, value: str) -> Edit:
    if entry is not None and not _single(node):
        # A block begins behind its key's line, where a value on one line may not stand.
        begin, end = text.index(":", entry.end) + 1, _end(text, node)
        return begin, end, f" {value}{text[begin : _line_end(text, begin)].rstrip()}"
    if node.start < node.end:
        return node.start, _end(text, node), value
    # Nothing stands there: `key:`, or `key` alone in flow style.
    colon = ":" if entry is not None and ":" not in text[entry.end : node.start] else ""
    return node.start, node.start, f"{colon} {value}"


def _added(text: str, parent: Node, key: str, value: Value) -> Edit:
    if parent.items is None:
        raise KeyError(key)
    if parent.style == "flow":
        entry = f"{written(key, flow=True)}: {_value(value, flow=True)}"
        last = [each.node for each in parent.items.values()][-1:]
        if not last:
            return parent.start + 1, parent.start + 1, entry
        place = _end(text, last[0])
        return place, place, f", {entry}"
    first = next(iter(parent.items.values()))
    indent = first.start - _line_start(text, first.start)
    entry = f"{written(key)}: {_value(value, flow=False)}"
    if not _single(first.node):
        # The first key holds a block, so the new one goes before it.
        return first.start, first.start, f"{entry}\n{' ' * indent}"
    end = _line_end(text, _scalar_end(text, first.node))
    return end, end, f"\n{' ' * indent}{entry}"


def _single(node: Node) -> bool:
    return (node.items is None and node.elements is None) or node.style == "flow"


def _dropped(text: str, root: Node, path: Path) -> Edit:
    parent, last = _node(root, path[:-1]), path[-1]
    node = _node(root, path)
    siblings: list[tuple[int, Node]] = (
        [(entry.start, entry.node) for entry in parent.items.values()]
        if parent.items is not None
        else [(each.start, each) for each in parent.elements or ()]
    )
    place = next(index for index, (_, each) in enumerate(siblings) if each is node)
    if len(siblings) == 1 and len(path) > 1:
        return _dropped(text, root, path[:-1])
    if parent.style == "flow":
        if place + 1 < len(siblings):
            return siblings[place][0], siblings[place + 1][0], ""
        return _end(text, siblings[place - 1][1]), _end(text, node), ""
    start = siblings[place][0]
    if isinstance(last, int):
        start = _dash(text, parent, siblings[place - 1][1] if place else None)
    begin = _line_start(text, start)
    stop = min(_line_end(text, _end(text, node)) + 1, len(text))
    if text[begin:start].strip(" "):
        # The first key of a list's element: the dash stays for the next key, or the next dash.
        after = _dash(text, parent, node) if isinstance(last, int) else siblings[place + 1][0]
        return start, after, ""
    return begin, _behind_comments(text, stop, start - begin), ""


def _behind_comments(text: str, place: int, indent: int) -> int:
    """Give the place behind comments that are indented deeper than what stood before them.

    They belong to it, and behind a block of text they would become part of that.
    """
    inside = re.compile(rf"(?:(?: *\n)* {{{indent + 1},}}#[^\n]*(?:\n|$))*").match(text, place)
    return inside.end() if inside else place


def _dash(text: str, parent: Node, before: Node | None) -> int:
    """Give where the dash of an element stands, behind the element before it."""
    if before is None:
        return parent.start
    gap = _TO_DASH.match(text, _end(text, before))
    return gap.end() if gap else parent.start


def _end(text: str, node: Node) -> int:
    """Give where a value ends; a block collection ends in the file where the next key begins."""
    if _single(node):
        return _scalar_end(text, node)
    return max((_end(text, each) for each in _children(node)), default=node.end)


def _scalar_end(text: str, node: Node) -> int:
    stop = node.end
    while stop > node.start and text[stop - 1] in " \n":
        stop -= 1
    return stop


def _children(node: Node) -> list[Node]:
    if node.items is not None:
        return [entry.node for entry in node.items.values()]
    return node.elements or []


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _value(value: Value, *, flow: bool) -> str:
    if isinstance(value, dict):
        inside = (f"{written(k, flow=True)}: {written(v, flow=True)}" for k, v in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(each, flow=True) for each in value) + "]"
    return written(value, flow=flow)
