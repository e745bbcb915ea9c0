"""The `[check]` table of `sopc.toml`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pathspec import GitIgnoreSpec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from sopc.diagnostics import Severity
from sopc.errors import UsageError
from sopc.rules import chosen
from sopc.settings import SettingsText, parse_settings, read_settings

_IN_CHECK = 2
_EXPECTED = {
    "string_type": "a text in quotes",
    "tuple_type": "a list, in brackets",
    "dict_type": "a table",
    "model_type": "a table",
}


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


def load_settings(path: Path) -> CheckSettings:
    """Load the settings of a file.

    Raises:
        GraphFileError: The file is no TOML, or its `[check]` table is not as it should be.
        UsageError: It cannot be read.
    """
    return _settings(read_settings(path))


def loads_settings(text: str, path: Path) -> CheckSettings:
    """Load the settings of a text; `path` is the file that it stands for.

    Raises:
        GraphFileError: It is no TOML, or its `[check]` table is not as it should be.
    """
    return _settings(parse_settings(text, path))


def _settings(read: SettingsText) -> CheckSettings:
    return CheckSettings(read.path.parent, read.table("check", CheckTable, _said))


def _said(details: ErrorDetails) -> tuple[str, str | None]:
    """Say what is wrong with a value."""
    keys = [str(part) for part in details["loc"] if isinstance(part, str)]
    key = keys[-1] if keys else "check"
    match details["type"]:
        case "extra_forbidden":
            table = f"pattern `{keys[1]}`" if len(keys) > _IN_CHECK else "`[check]`"
            return f"{table} has no key `{key}`", _keys(len(keys) > 1)
        case "value_error":
            return str(details["ctx"]["error"]), "`sopc rules` lists the rules"
        case "enum":
            expected = str(details["ctx"]["expected"])
            return f"expected `{key}` to be {expected}".replace("'", "`"), None
        case kind if kind in _EXPECTED:
            return f"expected `{key}` to be {_EXPECTED[kind]}", None
        case _:
            said = details["msg"]
            return f"`{key}`: {said[:1].lower()}{said[1:]}", None


def _keys(inside_path: bool) -> str:  # noqa: FBT001 # one flag says which table
    table = PathSettings if inside_path else CheckTable
    names = [field.alias or name for name, field in table.model_fields.items()]
    return "its keys are " + ", ".join(f"`{name}`" for name in names)
