"""Hypothesis strategy for files that were right until somebody edited them."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

_ODD: tuple[Any, ...] = (
    None, [], {}, [None], [[]], "", "words", "y" * 200, 5, -1, 1.5, True,
    {"kind": ["a"]}, {"kind": {}}, {"kind": "document"}, [{"kind": "event"}], {"str": 1},
    {"answer": 1}, {"id": "x"},
)  # fmt: skip
_KEYS = ("x", "kind", "document", "[key]", "str", "id", "from", "first", "answer", "Bad Key")


@st.composite
def mistaken(draw: st.DrawFn, right: dict[str, Any]) -> str:
    """Give the text of a file with one to three edits: other values, keys added, misspelt, lost."""
    data = copy.deepcopy(right)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(data))
        if not places:
            break
        holder, step = draw(st.sampled_from(places))
        odd = copy.deepcopy(draw(st.sampled_from(_ODD)))
        edit = draw(st.sampled_from(["replace", "add", "misspell", "lose"]))
        if edit == "replace" or (isinstance(holder, list) and edit != "add"):
            holder[step] = odd
        elif isinstance(holder, list):
            holder.append(odd)
        elif edit == "add":
            holder[draw(st.sampled_from(_KEYS))] = odd
        else:
            value = holder.pop(step)
            if edit == "misspell":
                holder[f"{step}x"] = value
    return json.dumps({"format": 1} | data, indent=1)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    inside: Any = ()
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for step, part in inside:
        yield value, step
        yield from _places(part)
