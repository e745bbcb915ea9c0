"""Reading YAML safely: one document of plain values, every value with its place.

What our files never need and an attacker would use is refused: tags, anchors and aliases,
several documents, keys twice, deep nesting, control characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sopc.graph.problem import GraphFileError, Problem
from sopc.graph.scalar import resolve
from sopc.graph.span import Entry, Lines, Node

MAX_DEPTH = 100
"""How deep collections may be nested; the format itself needs about a dozen levels."""

_FORBIDDEN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def decoded(content: bytes, name: str) -> str:
    """Give the text of a file's bytes: UTF-8, a BOM dropped, with LF line ends.

    Raises:
        GraphFileError: The bytes are not UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig").replace("\r\n", "\n")
        place = Lines(before).span(len(before), len(before))
        problem = Problem(
            place.line,
            place.column,
            f"byte 0x{content[error.start]:02x} is not UTF-8",
            "save the file as UTF-8",
        )
        raise GraphFileError(name, [problem]) from None
    return with_plain_line_ends(text)


def with_plain_line_ends(text: str) -> str:
    """Give the text without a BOM and with LF line ends."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class FileKind:
    """What messages call a kind of file, with its article, and how to begin one."""

    name: str
    start: str


GRAPH_FILE = FileKind("a graph file", "a graph file starts with `format: 1`")


def compose(text: str, name: str, kind: FileKind = GRAPH_FILE) -> Node:
    """Read a text with LF line ends into a tree of values with their places.

    Raises:
        GraphFileError: It is no YAML, or holds what none of our files may hold.
    """
    return _Composer(text, name, kind).root()


def plain(node: Node) -> Any:
    """Give a tree's values alone: dicts, lists and scalars."""
    if node.items is not None:
        return {key: plain(entry.node) for key, entry in node.items.items()}
    if node.elements is not None:
        return [plain(element) for element in node.elements]
    return node.value


@dataclass(slots=True)
class _Open:
    """A collection that is being read; `key` is the key, with its text, that awaits its value."""

    node: Node
    key: tuple[Entry, str] | None = None


class _Composer:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, text: str, name: str, kind: FileKind) -> None:
        self._text = text
        self._name = name
        self._kind = kind
        self._duplicates: list[Problem] = []

    def _problem(self, start: int, end: int, message: str, hint: str | None = None) -> Problem:
        place = Lines(self._text).span(start, end)
        return Problem(place.line, place.column, message, hint, place.length)

    def _fail(self, start: int, end: int, message: str, hint: str | None = None) -> GraphFileError:
        return GraphFileError(self._name, [self._problem(start, end, message, hint)])

    def root(self) -> Node:
        forbidden = _FORBIDDEN.search(self._text)
        if forbidden:
            code = f"U+{ord(forbidden[0]):04X}"
            hint = "remove it, or write it as an escape in double quotes"
            message = f"character {code} may not stand in the file"
            raise self._fail(forbidden.start(), forbidden.end(), message, hint)
        root = self._tree()
        if root is None or root.items is None:
            found = _found(root)
            start, end = (root.start, root.end) if root else (0, 0)
            message = f"expected a mapping, found {found}"
            raise self._fail(start, end, message, self._kind.start)
        if self._duplicates:
            raise GraphFileError(self._name, self._duplicates)
        return root

    def _events(self) -> Iterator[Any]:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            yield from yaml.parse(self._text, Loader=loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = mark.index if mark and mark.index else _offset(self._text, mark)
            context = f" {error.context}" if error.context else ""
            message = f"not valid YAML: {error.problem}{context}"
            raise self._fail(place, place, message) from None
        except yaml.YAMLError as error:
            raise self._fail(0, 0, f"not valid YAML: {error}") from None

    def _tree(self) -> Node | None:
        import yaml

        root: Node | None = None
        stack: list[_Open] = []
        for event in self._events():
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop().node.end = _end(event)
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event)
                if stack:
                    self._add(stack[-1], node, event)
                else:
                    root = node
                if isinstance(event, yaml.CollectionStartEvent):
                    stack.append(_Open(node))
                    self._refuse_depth(stack)
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self._refused(event, "a second document", "keep one document a file")
        return root

    def _node(self, event: Any) -> Node:
        import yaml

        if isinstance(event, yaml.AliasEvent):
            raise self._refused(event, f"alias `*{event.anchor}`", "write the value out")
        if event.anchor is not None:
            raise self._refused(event, f"anchor `&{event.anchor}`", "write the value out")
        if event.tag is not None:
            hint = "remove the tag; the format knows each value's type"
            raise self._refused(event, f"tag `{event.tag}`", hint)
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent):
            return Node(start, end, self._value(event, start, end), style=event.style)
        style = "flow" if event.flow_style else None
        if isinstance(event, yaml.MappingStartEvent):
            return Node(start, end, items={}, style=style)
        return Node(start, end, elements=[], style=style)

    def _add(self, parent: "_Open", node: Node, event: Any) -> None:
        if parent.node.elements is not None:
            parent.node.elements.append(node)
        elif parent.key is None:
            if node.items is not None or node.elements is not None:
                raise self._fail(node.start, node.end, "expected a key, found a collection")
            parent.key = Entry(node.start, node.end, node), event.value
        else:
            entry, name = parent.key
            entry.node = node
            parent.key = None
            first = (parent.node.items or {}).get(name)
            if first is not None:
                line = Lines(self._text).span(first.start, first.end).line
                message = f"key `{name}` stands twice; first on line {line}"
                problem = self._problem(entry.start, entry.end, message, "keep one of them")
                self._duplicates.append(problem)
            elif parent.node.items is not None:
                parent.node.items[name] = entry

    def _refuse_depth(self, stack: "list[_Open]") -> None:
        if len(stack) > MAX_DEPTH:
            node = stack[-1].node
            raise self._fail(node.start, node.end, f"nested deeper than {MAX_DEPTH} levels")

    def _refused(self, event: Any, what: str, hint: str) -> GraphFileError:
        start, end = event.start_mark.index, event.end_mark.index
        return self._fail(start, end, f"{what} is not allowed in {self._kind.name}", hint)

    def _value(self, event: Any, start: int, end: int) -> Any:
        if not event.implicit[0]:
            return event.value
        try:
            return resolve(event.value)
        except ValueError as error:
            hint = "put it in quotes if it is meant as words"
            raise self._fail(start, end, f"found {error}", hint) from None


def _end(event: Any) -> int:
    end: int = event.end_mark.index
    return end


def _found(root: Node | None) -> str:
    if root is None or (root.elements is None and root.value is None):
        return "nothing"
    return "a list" if root.elements is not None else "a single value"


def _offset(text: str, mark: Any) -> int:
    """Give the offset of a mark; libyaml leaves the index of some marks at 0."""
    if mark is None:
        return 0
    lines = text.split("\n")
    column: int = mark.column
    return sum(len(line) + 1 for line in lines[: mark.line]) + column
