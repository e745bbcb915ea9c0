"""What changes no meaning raises nothing: order of keys, comments, line ends, names of ids."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mutation.breaks import records
from mutation.precise import FILES, PEOPLES_WORK, TODAY, Data, Precise, load
from sopc.checking import CheckOptions, check_files
from sopc.diagnostics import full
from sopc.graph.scalar import written

GRAPHS = {path.parent.name: load(path) for path in FILES}


def _found(precise: Precise, text: str, folder: Path) -> str:
    for path in precise.path.parent.glob("*"):
        if path.is_file() and path.suffix in {".md", ".yaml"}:
            (folder / path.name).write_bytes(path.read_bytes())
    file = folder / precise.path.name
    file.write_bytes(text.encode())
    return full(check_files([file], CheckOptions(today=TODAY, ignore=PEOPLES_WORK)))


def _flow(value: Any) -> str:
    """Write a value as YAML on one line, in the order that it has."""
    if isinstance(value, dict):
        inside = (f"{written(key, flow=True)}: {_flow(each)}" for key, each in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return written(value, flow=True)


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        return [_shuffled(each, chance) for each in value]
    return value


def _with_comments(text: str) -> str:
    lines = text.split("\n")
    plain = "|-" not in text
    return "\n".join(
        f"# note {number}\n{line}  # why" if line and plain and number % 3 == 0 else line
        for number, line in enumerate(lines)
    )


def _renamed(data: Data, kind: str) -> Data:
    """Give each step or procedure another id, and say so wherever it is named."""
    if kind == "procedure":
        names = {each["id"]: f"{each['id']}-b" for each in data["procedures"]}
        keys = ("procedure",)
        owners: Iterator[Data] = iter(data["procedures"])
    else:
        owners = (step for each in data["procedures"] for step in each.get("steps", ()))
        names = {step["id"]: f"{step['id']}-b" for step in owners}
        keys = ("next", "then", "otherwise", "on_reject", "back_to", "handles")
        owners = (step for each in data["procedures"] for step in each.get("steps", ()))
    for owner in owners:
        owner["id"] = names[owner["id"]]
    for _, record in records(data["procedures"]):
        for key in keys:
            target = record.get(key)
            if isinstance(target, str):
                record[key] = names.get(target, target)
            elif isinstance(target, list):
                record[key] = [names.get(each, each) for each in target]
    return data


EDITS: dict[str, Callable[[Precise], str]] = {
    "keys in another order": lambda one: _flow(_shuffled(one.data, random.Random(7))),  # noqa: S311
    "all on one line": lambda one: _flow(one.data),
    "comments": lambda one: _with_comments(one.text),
    "line ends of another system": lambda one: "\ufeff" + one.text.replace("\n", "\r\n"),
    "empty lines": lambda one: re.sub(r"\n(?=\S)", "\n\n", one.text),
    "other ids of steps": lambda one: _flow(_renamed(one.data, "step")),
    "other ids of procedures": lambda one: _flow(_renamed(one.data, "procedure")),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("edit", EDITS)
def test_nothing_is_raised(edit: str, name: str, tmp_path: Path) -> None:
    """The text is another one, the procedure is the same."""
    precise = GRAPHS[name]
    text = EDITS[edit](precise)
    assert text != precise.text
    assert _found(precise, text, tmp_path) == ""
