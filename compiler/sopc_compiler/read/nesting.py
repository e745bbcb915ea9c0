"""Opens and closes lists for formats that only tell how far each item is indented."""

from sopc_compiler.read.outline import Outline


class Nesting:
    """The open items: how far each is indented, and what its list looks like."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._items = list[tuple[int, object]]()

    def item(self, indent: int, style: object, marker: str, *, apart: bool) -> None:
        """Open an item beside an open one of its indentation and style, else a list for it.

        Args:
            indent: How far it is indented, in any unit.
            style: What is equal for the items of one list.
            marker: The item's marker.
            apart: True if another style at the same indentation is another list; False if it is
                a list below the item ("1." and, not indented, "-").
        """
        beside = (place for place, item in enumerate(self._items) if item == (indent, style))
        if (sibling := next(beside, None)) is not None:
            self._close_to(sibling + 1)
            self._outline.close()
            self._items.pop()
        else:
            self.close_from(indent if apart else indent + 1)
            self._outline.open_list()
        self._outline.open_item(marker)
        self._items.append((indent, style))

    def holds(self, indent: int, style: object) -> bool:
        """Tell whether such an item is open."""
        return (indent, style) in self._items

    def close_from(self, indent: int) -> None:
        """Close the items that are indented as far or further; 0 closes all."""
        self._close_to(sum(inside < indent for inside, _ in self._items))

    def _close_to(self, count: int) -> None:
        while len(self._items) > count:
            self._items.pop()
            self._outline.close()
            self._outline.close()
