"""People's comments in a graph file: finding them, and putting them into the file's new text.

A comment belongs to a part of the graph, told by ids and keys rather than by positions, so that
it follows its step wherever the step goes.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sopc.graph.document import compose
from sopc.graph.span import Lines, Node

REMOVED = "# from removed parts:"
"""The line above the comments whose parts are gone, at the end of the file."""

_COMMENT = re.compile(r"#[^\n]*")
_IDENTITY = ("id", "name", "says", "title", "hash", "by")

_Identity = tuple[object, ...]


@dataclass(frozen=True)
class _Part:
    """A key with its value, or an element of a list: its first and last line and its column."""

    path: _Identity
    start: int
    line: int
    last: int
    column: int
    is_block: bool


@dataclass(frozen=True)
class _Comment:
    """A comment with the part that it belongs to: `above` it, `beside` it, or at its `end`."""

    text: str
    where: str
    path: _Identity


def keep_comments(old: str, new: str, name: str) -> str:
    """Give the new canonical text with the comments of the old text at the parts they belong to.

    Comments whose part is gone are collected at the end.

    Raises:
        GraphFileError: The old text is no YAML.
    """
    if "#" not in old:
        return new
    comments = list(_comments(old, compose(old, name)))
    return _woven(comments, new) if comments else new


def _parts(text: str, root: Node) -> list[_Part]:
    lines = Lines(text)

    def walk(node: Node, path: _Identity) -> Iterator[_Part]:
        for entry in (node.items or {}).items():
            key, value = entry
            yield part((*path, key), value.start, value.node)
            yield from walk(value.node, (*path, key))
        if not node.elements:
            return
        seen: Counter[object] = Counter()
        for number, element in enumerate(node.elements):
            identity = _identity(element, number)
            seen[identity] += 1
            element_path = (*path, (identity, seen[identity]))
            dash = text.rfind("-", text.rfind("\n", 0, element.start) + 1, element.start)
            flow = node.style == "flow" or dash < 0
            yield part(element_path, element.start if flow else dash, element)
            yield from walk(element, element_path)

    def part(path: _Identity, start: int, node: Node) -> _Part:
        place = lines.span(start, start)
        last = lines.span(max(start, _content_end(node) - 1), node.end).line
        is_block = node.style != "flow" and bool(node.items or node.elements)
        return _Part(path, start, place.line, last, place.column, is_block)

    return list(walk(root, ()))


def _content_end(node: Node) -> int:
    """Give where the last value in a node ends; block collections end at the next one's start."""
    if node.style != "flow" and node.items:
        entry = list(node.items.values())[-1]
        return max(entry.end, _content_end(entry.node))
    if node.style != "flow" and node.elements:
        return _content_end(node.elements[-1])
    return node.end


def _identity(element: Node, number: int) -> object:
    for key in _IDENTITY:
        if element.items and key in element.items:
            return (key, element.items[key].node.value)
    return number if element.items or element.elements else element.value


def _taken(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """Give the stretches of keys and values, where `#` is no comment."""
    for entry in (node.items or {}).values():
        yield entry.start, entry.end
        yield from _taken(entry.node, text)
    for element in node.elements or ():
        yield from _taken(element, text)
    if node.items is None and node.elements is None:
        block = node.style in {"|", ">"}
        yield (text.find("\n", node.start) if block else node.start), node.end


def _comments(text: str, root: Node) -> Iterator[_Comment]:
    parts = _parts(text, root)
    starts = [part.start for part in parts]
    position = 0
    for start, end in (*_taken(root, text), (len(text), len(text))):
        for match in _COMMENT.finditer(text, position, max(start, position)):
            line_start = text.rfind("\n", 0, match.start()) + 1
            comment = match[0].rstrip()
            if text[line_start : match.start()].strip():
                before = bisect_right(starts, match.start()) - 1
                first = bisect_left(starts, line_start)
                yield _Comment(comment, "beside", parts[max(min(first, before), 0)].path)
            else:
                where, path = _owner(parts, starts, match.start(), match.start() - line_start + 1)
                yield _Comment(comment, where, path)
        position = end


def _owner(
    parts: list[_Part], starts: list[int], offset: int, column: int
) -> tuple[str, _Identity]:
    following = bisect_right(starts, offset)
    after = parts[following] if following < len(parts) else None
    if after and column <= after.column:
        return "above", after.path
    if following == 0 or column == 1:
        return "end", ()
    previous = parts[following - 1].path
    chain = [part for part in parts[:following] if previous[: len(part.path)] == part.path]
    level = next((part for part in reversed(chain) if part.column <= column), chain[0])
    parent = level.path[:-1]
    if after and after.path[: len(parent)] == parent:
        return "above", after.path
    return "end", parent


@dataclass
class _Placement:
    """Where comments go in the new text, by line number; `ends` hold a column each."""

    above: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    beside: dict[int, str] = field(default_factory=dict)
    ends: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    last: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def _placed(comments: list[_Comment], parts: list[_Part]) -> _Placement:
    by_path = {part.path: part for part in parts}
    first_child = {part.path[:-1]: part for part in reversed(parts)}
    placement = _Placement()
    for comment in comments:
        path = comment.path
        if comment.where == "end":
            while path and not (path in by_path and by_path[path].is_block):
                path = path[:-1]
            if path:
                column = first_child[path].column
                placement.ends[by_path[path].last].append((column, comment.text))
            else:
                placement.last.append(comment.text)
        elif path not in by_path:
            placement.removed.append(comment.text)
        elif comment.where == "beside" and by_path[path].line not in placement.beside:
            placement.beside[by_path[path].line] = comment.text
        else:
            placement.above[by_path[path].line].append(comment.text)
    if placement.removed and REMOVED not in placement.last:
        placement.last.append(REMOVED)
    return placement


def _woven(comments: list[_Comment], new: str) -> str:
    parts = _parts(new, compose(new, "canonical text"))
    columns = {part.line: part.column for part in reversed(parts)}
    place = _placed(comments, parts)
    result: list[str] = []
    for number, line in enumerate(new.removesuffix("\n").split("\n"), start=1):
        result += [" " * (columns[number] - 1) + text for text in place.above.get(number, ())]
        result.append(f"{line}  {place.beside[number]}" if number in place.beside else line)
        deepest_first = sorted(place.ends.get(number, ()), key=lambda end: -end[0])
        result += [" " * (column - 1) + text for column, text in deepest_first]
    return "\n".join([*result, *place.last, *place.removed]) + "\n"
