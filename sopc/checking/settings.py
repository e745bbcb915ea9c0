"""The `[check]` table of `sopc.toml`."""

import re
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pathspec import GitIgnoreSpec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sopc.diagnostics import Severity
from sopc.errors import UsageError
from sopc.graph.problem import GraphFileError, Problem
from sopc.rules import chosen

FILE_NAME = "sopc.toml"

_TABLES = ("check", "model", "modes", "notify", "triggers")
_LARGEST = 1_000_000
_IN_CHECK = 2
_EXPECTED = {
    "string_type": "a text in quotes",
    "tuple_type": "a list, in brackets",
    "dict_type": "a table",
    "model_type": "a table",
}
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def _selector(text: str) -> str:
    try:
        chosen([text])
    except UsageError as error:
        raise ValueError(str(error)) from None
    return text


Selector = Annotated[str, AfterValidator(_selector)]
"""A rule's code or name, or the beginning of a code."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PathSettings(_Table):
    """What holds for the files that a pattern fits, besides what holds for all."""

    select: tuple[Selector, ...] | None = None
    ignore: tuple[Selector, ...] = ()
    fail_on: Severity | None = Field(default=None, alias="fail-on")


class CheckTable(_Table):
    """The table as it stands in the file; `baseline` is relative to the file."""

    select: tuple[Selector, ...] = ()
    ignore: tuple[Selector, ...] = ()
    fail_on: Severity = Field(default=Severity.ERROR, alias="fail-on")
    baseline: str | None = Field(default=None, min_length=1)
    per_path: dict[str, PathSettings] = Field(default_factory=dict, alias="per-path")


@dataclass(frozen=True, slots=True)
class EffectiveSettings:
    """What holds for one graph file, patterns taken into account."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR


@dataclass(frozen=True)
class CheckSettings:
    """The settings of a folder; without a file, those that hold by default.

    Attributes:
        folder: Where the file stands, which patterns and the baseline are relative to.
        table: What it says.
    """

    folder: Path | None = None
    table: CheckTable = field(default_factory=CheckTable)

    @property
    def baseline(self) -> Path | None:
        """The baseline file; None if none is named."""
        if self.folder is None or self.table.baseline is None:
            return None
        return self.folder / self.table.baseline

    def of(self, path: Path) -> EffectiveSettings:
        """Give what holds for one graph file; a later pattern wins over an earlier one."""
        select, ignore, fail_on = self.table.select, self.table.ignore, self.table.fail_on
        for pattern, settings in self.table.per_path.items():
            if not self._fits(pattern, path):
                continue
            select = settings.select if settings.select is not None else select
            fail_on = settings.fail_on or fail_on
            ignore += settings.ignore
        return EffectiveSettings(select, ignore, fail_on)

    def _fits(self, pattern: str, path: Path) -> bool:
        place = path.resolve()
        if self.folder is None or not place.is_relative_to(self.folder.resolve()):
            return False
        relative = place.relative_to(self.folder.resolve()).as_posix()
        return GitIgnoreSpec.from_lines([pattern]).match_file(relative)


def find_settings(start: Path) -> Path | None:
    """Look for the nearest `sopc.toml`, in a folder and then upwards."""
    folder = start.resolve()
    return next(
        (each / FILE_NAME for each in (folder, *folder.parents) if (each / FILE_NAME).is_file()),
        None,
    )


def load_settings(path: Path) -> CheckSettings:
    """Load the settings of a file.

    Raises:
        GraphFileError: The file is no TOML, or its `[check]` table is not as it should be.
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
    return loads_settings(text, path)


def loads_settings(text: str, path: Path) -> CheckSettings:
    """Load the settings of a text; `path` is the file that it stands for.

    Raises:
        GraphFileError: It is no TOML, or its `[check]` table is not as it should be.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise GraphFileError(str(path), [_toml_problem(text, str(error))]) from None
    strange = [key for key in data if key not in _TABLES]
    if strange:
        raise GraphFileError(str(path), [_strange(text, key) for key in strange])
    table = data.get("check", {})
    try:
        return CheckSettings(path.parent, CheckTable.model_validate(table))
    except ValidationError as error:
        problems = [_problem(text, details) for details in error.errors(include_url=False)]
        raise GraphFileError(str(path), problems) from None


def _strange(text: str, key: str) -> Problem:
    """Say that there is no such table: what it holds would silently do nothing."""
    near = get_close_matches(key, _TABLES, n=1)
    found = re.search(rf"^[\s\[]*({re.escape(key)})(?![\w-])", text, re.MULTILINE)
    line = text.count("\n", 0, found.start(1)) + 1 if found else 1
    column = found.start(1) - text.rfind("\n", 0, found.start(1)) if found else 1
    tables = ", ".join(f"`[{each}]`" for each in _TABLES)
    hint = f"did you mean `[{near[0]}]`" if near else f"its tables are {tables}"
    return Problem(line, column, f"there is nothing called `{key}` in `sopc.toml`", hint, len(key))


def _toml_problem(text: str, message: str) -> Problem:
    match = _TOML_PLACE.search(message)
    said = f"not valid TOML: {_TOML_PLACE.sub('', message)}"
    if match is None or match["line"] is None:
        return Problem(max(1, len(text.splitlines())), 1, said)
    return Problem(int(match["line"]), int(match["column"]), said)


def _problem(text: str, details: Any) -> Problem:
    """Say what is wrong with a value, at the line where its key is written."""
    keys = [str(part) for part in details["loc"] if isinstance(part, str)]
    key = keys[-1] if keys else "check"
    line, column = _place(text, keys)
    said, hint = details["msg"], None
    if details["type"] == "extra_forbidden":
        table = f"pattern `{keys[1]}`" if len(keys) > _IN_CHECK else "`[check]`"
        said, hint = f"{table} has no key `{key}`", _keys(len(keys) > 1)
    elif details["type"] == "value_error":
        said = str(details["ctx"]["error"])
        hint = "`sopc rules` lists the rules"
    elif details["type"] == "enum":
        said = f"expected `{key}` to be {details['ctx']['expected']}".replace("'", "`")
    elif details["type"] in _EXPECTED:
        said = f"expected `{key}` to be {_EXPECTED[details['type']]}"
    else:
        said = f"`{key}`: {said[:1].lower()}{said[1:]}"
    return Problem(line, column, said, hint, len(key))


def _keys(inside_path: bool) -> str:  # noqa: FBT001 # one flag says which table
    table = PathSettings if inside_path else CheckTable
    names = [field.alias or name for name, field in table.model_fields.items()]
    return "its keys are " + ", ".join(f"`{name}`" for name in names)


def _place(text: str, keys: list[str]) -> tuple[int, int]:
    """Find the line of a key behind `[check]`: TOML readers give no places of values."""
    lines = text.splitlines()
    start = next(
        (number for number, line in enumerate(lines) if line.strip().startswith("[check")), 0
    )
    for key in reversed(keys):
        found = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
        for number in range(start, len(lines)):
            match = found.search(lines[number].partition("#")[0])
            if match:
                return number + 1, match.start() + 1
    return start + 1, 1
