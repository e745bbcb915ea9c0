"""Reading YAML safely: one document of plain values, every value with its place.

What a graph file never needs and an attacker would use is refused: tags, anchors and aliases,
several documents, keys twice, deep nesting, control characters.
"""

import re
from collections.abc import Iterator
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
    """Give the text of a file's bytes: UTF-8, a BOM dropped, line ends made `\\n`.

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
    """Give the text without a BOM and with `\\n` at the end of every line."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def compose(text: str, name: str) -> Node:
    """Read a text whose line ends are `\\n` into a tree of values with their places.

    Raises:
        GraphFileError: It is no YAML, or holds what a graph file may not hold.
    """
    return _Composer(text, name).root()


def plain(node: Node) -> Any:
    """Give a tree's values alone: dicts, lists and scalars."""
    if node.items is not None:
        return {key: plain(entry.node) for key, entry in node.items.items()}
    if node.elements is not None:
        return [plain(element) for element in node.elements]
    return node.value


class _Composer:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
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
            hint = "a graph file starts with `format: 1`"
            raise self._fail(start, end, f"expected a mapping, found {found}", hint)
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
        stack: list[Node] = []
        keys: list[tuple[str, int, int] | None] = []
        for event in self._events():
            kind = type(event)
            start, end = event.start_mark.index, event.end_mark.index
            if kind is yaml.ScalarEvent:
                self._refuse_extras(event, start, end)
                if stack and stack[-1].items is not None and keys[-1] is None:
                    keys[-1] = (event.value, start, end)
                    continue
                node = Node(start, end, self._value(event, start, end), style=event.style)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._refuse_extras(event, start, end)
                style = "flow" if event.flow_style else None
                node = Node(start, end, style=style)
                if kind is yaml.MappingStartEvent:
                    node.items = {}
                else:
                    node.elements = []
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop().end = end
                keys.pop()
                continue
            elif kind is yaml.AliasEvent:
                raise self._fail(
                    start, end, f"alias `*{event.anchor}` is not allowed", "write the value out"
                )
            elif kind is yaml.DocumentStartEvent and root is not None:
                raise self._fail(start, end, "a second document starts here", "keep one a file")
            else:
                continue
            if stack:
                self._attach(stack[-1], keys, node)
            else:
                root = node
            if node.items is not None or node.elements is not None:
                stack.append(node)
                keys.append(None)
                if len(stack) > MAX_DEPTH:
                    raise self._fail(start, end, f"nested deeper than {MAX_DEPTH} levels")
        return root

    def _attach(self, parent: Node, keys: list[tuple[str, int, int] | None], node: Node) -> None:
        if parent.elements is not None:
            parent.elements.append(node)
            return
        key = keys[-1]
        if key is None or parent.items is None:
            raise self._fail(node.start, node.end, "expected a key, found a collection")
        name, start, end = key
        keys[-1] = None
        if name in parent.items:
            first = Lines(self._text).span(parent.items[name].start, parent.items[name].end)
            message = f"key `{name}` stands twice; first on line {first.line}"
            self._duplicates.append(self._problem(start, end, message, "keep one of them"))
        else:
            parent.items[name] = Entry(start, end, node)

    def _refuse_extras(self, event: Any, start: int, end: int) -> None:
        if event.anchor is not None:
            message = f"anchor `&{event.anchor}` is not allowed"
            raise self._fail(start, end, message, "write the value out where it is needed")
        if event.tag is not None:
            hint = "remove the tag; the format knows each value's type"
            raise self._fail(start, end, f"tag `{event.tag}` is not allowed", hint)

    def _value(self, event: Any, start: int, end: int) -> Any:
        if not event.implicit[0]:
            return event.value
        try:
            return resolve(event.value)
        except ValueError as error:
            hint = "put it in quotes if it is meant as words"
            raise self._fail(start, end, f"found {error}", hint) from None


def _found(root: Node | None) -> str:
    if root is None or (root.elements is None and root.value is None):
        return "nothing"
    return "a list" if root.elements is not None else "a single value"


def _offset(text: str, mark: Any) -> int:
    """Give the offset of a mark; libyaml leaves the index of some marks at 0."""
    if mark is None:
        return 0
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: mark.line]) + mark.column
