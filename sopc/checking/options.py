"""What a check was asked to do."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sopc.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What flags say; where they are silent, `sopc.toml` holds.

    Attributes:
        select: Rules to check, in place of those of the settings: codes, names, beginnings.
        ignore: Rules to leave out, besides those of the settings.
        fail_on: The least severity that fails, in place of that of the settings.
        organization: The organization file for all; None to look for the nearest one.
        baseline: The baseline for all; None for that of the settings.
        baseline_may_be_missing: Whether a baseline that is not there yet is an empty one.
        today: The day that people, systems and suppressions are judged on; None for today.
        settings: Whether `sopc.toml` is looked for at all.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = None
    organization: Path | None = None
    baseline: Path | None = None
    baseline_may_be_missing: bool = False
    today: date | None = None
    settings: bool = True
