"""The settings file, `sopc.toml`: finding it, reading it, and telling its mistakes at their places.

Whoever reads a table of it has the model of that table; what all tables share is here.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopc.errors import UsageError
from sopc.graph.problem import GraphFileError, Problem

FILE_NAME = "sopc.toml"
TABLES = ("check", "model", "modes", "notify", "triggers")

_LARGEST = 1_000_000
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")

ModelT = TypeVar("ModelT", bound=BaseModel)
Said = Callable[[ErrorDetails], tuple[str, str | None]]
"""Puts a mistake into words: what is wrong, and the change."""


@dataclass(frozen=True)
class SettingsText:
    """A settings file as it was read.

    Attributes:
        path: Where it stands.
        text: What it says.
        data: Its tables.
    """

    path: Path
    text: str
    data: dict[str, Any]

    def table(self, name: str, model: type[ModelT], said: Said | None = None) -> ModelT:
        """Give one table; what holds by default where there is none.

        Raises:
            GraphFileError: It is not as it should be; all its mistakes with their places.
        """
        return self.checked(name, self.data.get(name, {}), model, said)

    def checked(
        self, name: str, table: Any, model: type[ModelT], said: Said | None = None
    ) -> ModelT:
        """Give a table that was filled in before it is checked; raises as the above does."""
        try:
            return model.model_validate(table)
        except ValidationError as error:
            # What a setting holds may be a secret in the wrong place, so values are not shown.
            details = error.errors(include_url=False, include_input=False)
            problems = [self._problem(name, model, each, said) for each in details]
            raise GraphFileError(str(self.path), problems) from None

    def _problem(
        self, name: str, model: type[BaseModel], details: ErrorDetails, said: Said | None
    ) -> Problem:
        place = (name, *details["loc"])
        key = str([part for part in place if isinstance(part, str)][-1])
        line, column = place_in(self.text, place)
        if said is not None:
            message, hint = said(details)
        elif details["type"] == "extra_forbidden":
            message = f"`[{'.'.join(str(part) for part in place[:-1])}]` has no key `{key}`"
            near = get_close_matches(key, model.model_fields, n=1)
            hint = f"did you mean `{near[0]}`" if near else None
        else:
            words = str(details["msg"]).removeprefix("Value error, ")
            dotted = ".".join(str(part) for part in place)
            message, hint = f"`{dotted}`: {words[:1].lower()}{words[1:]}", None
        return Problem(line, column, message, hint, len(key))


def find_settings(start: Path) -> Path | None:
    """Look for the nearest `sopc.toml`, in a folder and then upwards."""
    folder = start.resolve()
    places = (each / FILE_NAME for each in (folder, *folder.parents))
    return next((each for each in places if each.is_file()), None)


def read_settings(path: Path) -> SettingsText:
    """Read a settings file.

    Raises:
        GraphFileError: The file is no TOML, or has a table that nobody reads.
        UsageError: It cannot be read.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GraphFileError(str(path), [Problem(1, 1, "it is not UTF-8")]) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read `{path}`: {reason}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"`{path}` is larger than {_LARGEST:,} bytes")
    return parse_settings(text, path)


def nearest_settings(start: Path) -> SettingsText | None:
    """Read the nearest settings file, if there is one; raises as `read_settings` does.

    Args:
        start: The folder to begin with, or the file itself.
    """
    if start.is_file():
        return read_settings(start)
    path = find_settings(start)
    return None if path is None else read_settings(path)


def parse_settings(text: str, path: Path) -> SettingsText:
    """Read the settings of a text; `path` is the file that it stands for.

    Raises:
        GraphFileError: It is no TOML, or has a table that nobody reads.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise GraphFileError(str(path), [_no_toml(text, str(error))]) from None
    except ValueError:
        # The only one left: Python reads numbers of so many digits and no more.
        raise GraphFileError(str(path), [_no_toml(text, "a number of too many digits")]) from None
    strange = [key for key in data if key not in TABLES]
    if strange:
        raise GraphFileError(str(path), [_strange(text, key) for key in strange])
    return SettingsText(path, text, data)


def place_in(text: str, place: Sequence[int | str]) -> tuple[int, int]:
    """Find line and column of a key, by its way from the top: TOML readers give no places."""
    lines = text.splitlines()
    start, end = _table(lines, place)
    for part in reversed(place):
        if isinstance(part, str):
            key = re.compile(rf"(?<![\w-]){re.escape(part)}(?![\w-])")
            for line in range(start, end):
                match = key.search(lines[line].partition("#")[0])
                if match:
                    return line + 1, match.start() + 1
    return start + 1, 1


def _table(lines: Sequence[str], place: Sequence[int | str]) -> tuple[int, int]:
    """Give the lines of the innermost table with a header of its own that a key stands in."""
    names = [str(part) for part in place if isinstance(part, str)]
    for depth in range(len(names), 0, -1):
        dotted = r"\s*\.\s*".join(re.escape(name) for name in names[:depth])
        header = re.compile(rf"^\s*\[+\s*{dotted}\s*\]")
        heads = [number for number, line in enumerate(lines) if header.match(line)]
        after = place[depth] if depth < len(place) else 0
        number = after if isinstance(after, int) else 0
        if number < len(heads):
            start = heads[number]
            rest = (each for each in range(start + 1, len(lines)) if _is_header(lines[each]))
            # A table without a header of its own may be in one of this one's.
            inner = names[:depth] != names[:-1] and depth < len(names)
            return start, len(lines) if inner else next(rest, len(lines))
    return 0, len(lines)


def _is_header(line: str) -> bool:
    return line.lstrip().startswith("[")


def _no_toml(text: str, message: str) -> Problem:
    match = _TOML_PLACE.search(message)
    said = f"not valid TOML: {_TOML_PLACE.sub('', message)}"
    if match is None or match["line"] is None:
        return Problem(max(1, len(text.splitlines())), 1, said)
    return Problem(int(match["line"]), int(match["column"]), said)


def _strange(text: str, key: str) -> Problem:
    """Say that there is no such table: what it holds would silently do nothing."""
    near = get_close_matches(key, TABLES, n=1)
    found = re.search(rf"^[\s\[]*({re.escape(key)})(?![\w-])", text, re.MULTILINE)
    line = text.count("\n", 0, found.start(1)) + 1 if found else 1
    column = found.start(1) - text.rfind("\n", 0, found.start(1)) if found else 1
    tables = ", ".join(f"`[{each}]`" for each in TABLES)
    hint = f"did you mean `[{near[0]}]`" if near else f"its tables are {tables}"
    return Problem(line, column, f"there is nothing called `{key}` in `sopc.toml`", hint, len(key))
