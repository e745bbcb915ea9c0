"""The `[modes]` table of `sopc.toml`: what it takes to be promoted, and what leads to demotion."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sopc.settings import nearest_settings
from sopc_runtime.core.mode import Mode

_Share = Annotated[float, Field(ge=0, le=1)]
_Count = Annotated[int, Field(ge=0)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bar(_Table):
    """What a promotion takes.

    Attributes:
        agreement: What the lower bound of the agreement has to reach.
        comparisons: How many there have to be in all.
        each: How many there have to be of every step that acts.
    """

    agreement: _Share
    comparisons: _Count
    each: _Count


class DemotionLimits(_Table):
    """What leads to a demotion.

    Attributes:
        agreement: Demoted when even the upper bound of the agreement is below it.
        failures: Demoted when even the lower bound of the failing acts' share is above it.
        window: How many of the latest comparisons, and acts, are looked at.
        least: Fewer of them lead to nothing.
    """

    agreement: _Share = 0.95
    failures: _Share = 0.1
    window: Annotated[int, Field(ge=1)] = 200
    least: Annotated[int, Field(ge=1)] = 5


class ModeSettings(_Table):
    """The whole table, with what holds where it is silent.

    In assist mode a person still sees every act, so the bar is lower there: 16 comparisons that all
    agree pass it. An autonomous procedure needs 381 of them, or 563 of which one differs.
    """

    assist: Bar = Bar(agreement=0.8, comparisons=16, each=3)
    autonomous: Bar = Bar(agreement=0.99, comparisons=100, each=10)
    demotion: DemotionLimits = DemotionLimits()

    def bar(self, mode: Mode) -> Bar:
        """Give what a promotion to a mode takes."""
        return self.autonomous if mode is Mode.AUTONOMOUS else self.assist


def load_mode_settings(start: Path) -> ModeSettings:
    """Load the table of the nearest `sopc.toml`; defaults without one.

    Args:
        start: The file, or the folder from which it is looked for upwards.

    Raises:
        UsageError: The file cannot be read, or its table is not as it should be.
    """
    read = nearest_settings(start)
    if read is None:
        return ModeSettings()
    return read.checked("modes", _completed(read.data.get("modes", {})), ModeSettings)


def _completed(table: Any) -> Any:
    """Fill in what a table of a bar leaves out."""
    if not isinstance(table, dict):
        return table
    known = ModeSettings()
    bars = {"assist": known.assist, "autonomous": known.autonomous}
    return {
        key: {**bars[key].model_dump(), **value}
        if key in bars and isinstance(value, dict)
        else value
        for key, value in table.items()
    }
